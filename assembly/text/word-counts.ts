/** How often a text has each of its words, or each of the pieces that byte-level BPE splits it into. */
import { pieceEnd, spaceEnd, wordEnd } from './pieces';
import { addToWord, WordTable } from './word-table';

/** What is left of a text that is being counted. */
@unmanaged
class CountRun {
  at: usize;
  end: usize;
}

/** Bytes of the longest word that is counted. What is longer is no word, and would need as much memory as the text. */
const longest: usize = 0xffff;

@inline
function count(table: WordTable, at: usize, bytes: usize): bool {
  return bytes > longest || addToWord(table, at, <u32>bytes, 1);
}

/** Counts until the text is done (1) or the table is full (0); then it goes on when there is more room. */
export function countPieces(at: usize, table: usize): i32 {
  const run = changetype<CountRun>(at);
  while (run.at < run.end) {
    const next = pieceEnd(run.at, run.end);
    if (!count(changetype<WordTable>(table), run.at, next - run.at)) return 0;
    run.at = next;
  }
  return 1;
}

/** As countPieces. */
export function countWords(at: usize, table: usize): i32 {
  const run = changetype<CountRun>(at);
  while (true) {
    run.at = spaceEnd(run.at, run.end);
    if (run.at == run.end) return 1;
    const next = wordEnd(run.at, run.end);
    if (!count(changetype<WordTable>(table), run.at, next - run.at)) return 0;
    run.at = next;
  }
}

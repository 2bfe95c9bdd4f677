/**
 * Words as tokens: what white space divides. Id 0 is every word that is not known, id 1 the end of a line; a text has one
 * for each of its line feeds.
 */
import { spaceEnd, wordEnd } from './pieces';
import { addToWord, findWord, WordTable } from './word-table';

const endOfLine: u16 = 1;
const firstWord: u32 = 2;

/** Fills an empty table from words with one space between them: the value of each is its id. */
export function mapWords(words: usize, length: i32, table: usize): void {
  const end = words + <usize>length;
  let id = firstWord;
  for (let at = words; at < end; at++) {
    const next = wordEnd(at, end);
    const room = addToWord(changetype<WordTable>(table), at, <u32>(next - at), id++);
    assert(room, 'there are more words than the table has room for');
    at = next;
  }
}

/** ids [at most capacity] u16 of a text. Returns how many there are. */
export function encodeWords(text: usize, length: i32, table: usize, ids: usize, capacity: i32): i32 {
  const end = text + <usize>length;
  let n = 0;
  for (let at = text; at < end; ) {
    const next = spaceEnd(at, end);
    for (; at < next; at++) {
      if (load<u8>(at) != 0x0a) continue;
      assert(n < capacity, 'more words than there is room for');
      store<u16>(ids + (<usize>(n++) << 1), endOfLine);
    }
    if (at == end) break;
    at = wordEnd(next, end);
    assert(n < capacity, 'more words than there is room for');
    store<u16>(ids + (<usize>(n++) << 1), <u16>findWord(changetype<WordTable>(table), next, <u32>(at - next)).value);
  }
  return n;
}

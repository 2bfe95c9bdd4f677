/**
 * Learning byte-level BPE: again and again the most frequent pair of neighbours becomes a token. Of equally frequent
 * pairs the one whose left token came first, then whose right token did. Pieces that are the same are counted once and
 * weighted, and after a merge only the neighbours of what was joined are counted anew.
 *
 * What is joined and what is counted are neighbours in a piece; in "aaa" the pair (a, a) counts twice.
 */
import { addPair, enterPairs, findPair, nowhere, occurrenceAt, Pair, PairCounts, takeMostFrequent } from './pair-counts';
import { slotOf, WordTable } from './word-table';

/** The bytes of all different pieces, one after the other, as a list of tokens each. */
@unmanaged
class Learning {
  /** u32 [symbols] each: the token that begins at a place, or `gone`; the places of the next and the previous token of
   *  its piece, or `nowhere`; how often its piece occurs. */
  tokens: usize;
  next: usize;
  previous: usize;
  weights: usize;
  /** u32 [256]: number of the token that a byte is. */
  byteTokens: usize;
  /** u16 [wanted, 2]: what each merge joins. */
  merges: usize;
  /** u32 [256 + wanted] of the tokens there are. */
  lengths: usize;
  mergeCount: u32;
  wanted: u32;
}

const gone: u32 = 0xffffffff;
/** Bytes of the longest token. Longer ones would be of no use, and could be as long as the text. */
const longest: u32 = 512;

@inline
function word(list: usize, at: u32): u32 {
  return load<u32>(list + (<usize>at << 2));
}

@inline
function setWord(list: usize, at: u32, value: u32): void {
  store<u32>(list + (<usize>at << 2), value);
}

/** Lays out the pieces of a table and counts their pairs. */
export function beginLearning(at: usize, table: usize, pairs: usize): void {
  const learning = changetype<Learning>(at);
  const words = changetype<WordTable>(table);
  const counts = changetype<PairCounts>(pairs);
  let place: u32 = 0;
  for (let index: u32 = 0; index <= words.mask; index++) {
    const slot = slotOf(words, index);
    for (let i: u32 = 0; i < slot.bytes; i++, place++) {
      const token = word(learning.byteTokens, load<u8>(words.texts + slot.offset + i));
      setWord(learning.tokens, place, token);
      setWord(learning.next, place, i + 1 < slot.bytes ? place + 1 : nowhere);
      setWord(learning.previous, place, i > 0 ? place - 1 : nowhere);
      setWord(learning.weights, place, slot.value);
      if (i > 0) addPair(counts, (word(learning.tokens, place - 1) << 16) | token, slot.value, place - 1);
    }
  }
  for (let token: u32 = 0; token < 256; token++) setWord(learning.lengths, token, 1);
  enterPairs(counts, 0);
}

/** Merges until there are as many as wanted or nothing occurs twice (1), or there may be no room for the next one's pairs (0). */
export function learnMerges(at: usize, pairs: usize): i32 {
  const learning = changetype<Learning>(at);
  const counts = changetype<PairCounts>(pairs);
  while (learning.mergeCount < learning.wanted) {
    const token = 256 + learning.mergeCount;
    // It can be new beside every token, on either side.
    if (counts.pairCount + 2 * token + 2 > counts.capacity) return 0;
    const pair = takeMostFrequent(counts);
    if (pair === null) break;
    const length = word(learning.lengths, pair.key >> 16) + word(learning.lengths, pair.key & 0xffff);
    if (length > longest) continue;
    setWord(learning.lengths, token, length);
    setWord(learning.merges, learning.mergeCount++, (pair.key << 16) | (pair.key >> 16));
    const before = counts.pairCount;
    joinAll(learning, counts, pair, token);
    enterPairs(counts, before);
  }
  return 1;
}

function joinAll(learning: Learning, counts: PairCounts, pair: Pair, token: u32): void {
  const key = pair.key;
  const left = key >> 16;
  const right = key & 0xffff;
  for (let index = pair.first; index != nowhere; index = occurrenceAt(counts, index).next) {
    const at = occurrenceAt(counts, index).position;
    const joined = word(learning.next, at);
    // What a merge has taken since is an occurrence no more.
    if (word(learning.tokens, at) != left || joined == nowhere || word(learning.tokens, joined) != right) continue;
    const weight = word(learning.weights, at);
    const before = word(learning.previous, at);
    const after = word(learning.next, joined);
    setWord(learning.tokens, at, token);
    setWord(learning.tokens, joined, gone);
    setWord(learning.next, at, after);
    if (before != nowhere) {
      const neighbour = word(learning.tokens, before);
      drop(counts, (neighbour << 16) | left, key, weight);
      addPair(counts, (neighbour << 16) | token, weight, before);
    }
    if (after != nowhere) {
      const neighbour = word(learning.tokens, after);
      setWord(learning.previous, after, at);
      drop(counts, (right << 16) | neighbour, key, weight);
      addPair(counts, (token << 16) | neighbour, weight, at);
    }
  }
  pair.count = 0;
}

/** Counts a pair less often, unless it is the one that is being joined, whose count is of no more use. */
@inline
function drop(counts: PairCounts, key: u32, joining: u32, weight: u32): void {
  if (key != joining) findPair(counts, key).count -= weight;
}

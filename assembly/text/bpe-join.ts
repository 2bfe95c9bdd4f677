/**
 * Joining: of all neighbours the pair of lowest rank becomes one token, the leftmost of equals first, until no pair is
 * known. A short piece is searched through each time; a long one has its pairs in a heap, n bytes in O(n log n).
 *
 * Scratch of a long piece of n bytes:
 *
 *     ids       u32 [n]     id of the token that begins at a byte; `gone` where none does any more
 *     next      u32 [n+1]   where the token after it begins
 *     previous  u32 [n+1]   where the one before it begins; `gone` for the first
 *     heap      u64 [2n]    rank << 32 | where the left token begins; some are out of date
 */
import { joinedId, noPair, pairValue, BpeTables } from './bpe-tables';

const gone: u32 = 0xffffffff;

/** Longest piece that is searched through. */
export const shortPiece: usize = 64;

const shortIds = memory.data(<i32>shortPiece * 4);
const shortValues = memory.data(<i32>shortPiece * 4);

@inline
function word(list: usize, at: u32): u32 {
  return load<u32>(list + (<usize>at << 2));
}

@inline
function setWord(list: usize, at: u32, value: u32): void {
  store<u32>(list + (<usize>at << 2), value);
}

/** ids [at most length] u16 of a piece of at most `shortPiece` bytes. Returns how many there are. */
export function joinShort(tables: BpeTables, piece: usize, length: u32, ids: usize): u32 {
  let n = length;
  for (let i: u32 = 0; i < n; i++) setWord(shortIds, i, load<u16>(tables.byteIds + (<usize>load<u8>(piece + i) << 1)));
  for (let i: u32 = 0; i + 1 < n; i++) setWord(shortValues, i, pairValue(tables, word(shortIds, i), word(shortIds, i + 1)));
  while (n > 1) {
    let best = noPair;
    let at: u32 = 0;
    for (let i: u32 = 0; i + 1 < n; i++) {
      const value = word(shortValues, i);
      if (value < best) {
        best = value;
        at = i;
      }
    }
    if (best == noPair) break;
    setWord(shortIds, at, joinedId(best));
    n--;
    for (let i = at + 1; i < n; i++) {
      setWord(shortIds, i, word(shortIds, i + 1));
      setWord(shortValues, i, word(shortValues, i + 1));
    }
    if (at > 0) setWord(shortValues, at - 1, pairValue(tables, word(shortIds, at - 1), word(shortIds, at)));
    if (at + 1 < n) setWord(shortValues, at, pairValue(tables, word(shortIds, at), word(shortIds, at + 1)));
  }
  for (let i: u32 = 0; i < n; i++) store<u16>(ids + (<usize>i << 1), <u16>word(shortIds, i));
  return n;
}

/** Bytes of scratch that `joinLong` needs. */
export function longScratch(length: usize): usize {
  return length * 28 + 64;
}

@inline
function entry(heap: usize, i: u32): u64 {
  return load<u64>(heap + (<usize>i << 3));
}

@inline
function setEntry(heap: usize, i: u32, value: u64): void {
  store<u64>(heap + (<usize>i << 3), value);
}

/** Lets `value` sink from place `i` of a heap of `size` with the least on top. */
function sink(heap: usize, size: u32, i: u32, value: u64): void {
  for (let child: u32 = 2 * i + 1; child < size; child = 2 * i + 1) {
    if (child + 1 < size && entry(heap, child + 1) < entry(heap, child)) child++;
    if (value <= entry(heap, child)) break;
    setEntry(heap, i, entry(heap, child));
    i = child;
  }
  setEntry(heap, i, value);
}

function rise(heap: usize, i: u32, value: u64): void {
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (entry(heap, parent) <= value) break;
    setEntry(heap, i, entry(heap, parent));
    i = parent;
  }
  setEntry(heap, i, value);
}

@inline
function candidate(value: u32, at: u32): u64 {
  return ((<u64>(value >> 16)) << 32) | at;
}

/** ids [at most length] u16 of a piece of any length. Returns how many there are. */
export function joinLong(tables: BpeTables, piece: usize, length: u32, scratch: usize, ids: usize): u32 {
  const heap = (scratch + 7) & ~7;
  const tokens = heap + (<usize>length << 4);
  const next = tokens + (<usize>length << 2);
  const previous = next + ((<usize>length + 1) << 2);
  for (let i: u32 = 0; i < length; i++) {
    setWord(tokens, i, load<u16>(tables.byteIds + (<usize>load<u8>(piece + i) << 1)));
    setWord(next, i, i + 1);
    setWord(previous, i, i - 1); // `gone` for the first
  }
  let size: u32 = 0;
  for (let i: u32 = 0; i + 1 < length; i++) {
    const value = pairValue(tables, word(tokens, i), word(tokens, i + 1));
    if (value != noPair) setEntry(heap, size++, candidate(value, i));
  }
  for (let i = size >> 1; i > 0; i--) sink(heap, size, i - 1, entry(heap, i - 1));

  while (size > 0) {
    const top = entry(heap, 0);
    const at = <u32>top;
    size--;
    if (size > 0) sink(heap, size, 0, entry(heap, size));
    const right = word(next, at);
    if (word(tokens, at) == gone || right == length) continue;
    const value = pairValue(tables, word(tokens, at), word(tokens, right));
    if (value == noPair || value >> 16 != <u32>(top >> 32)) continue;
    setWord(tokens, at, joinedId(value));
    setWord(tokens, right, gone);
    const after = word(next, right);
    setWord(next, at, after);
    if (after < length) {
      setWord(previous, after, at);
      const follows = pairValue(tables, word(tokens, at), word(tokens, after));
      if (follows != noPair) rise(heap, size++, candidate(follows, at));
    }
    const before = word(previous, at);
    if (before != gone) {
      const precedes = pairValue(tables, word(tokens, before), word(tokens, at));
      if (precedes != noPair) rise(heap, size++, candidate(precedes, before));
    }
  }

  let n: u32 = 0;
  for (let at: u32 = 0; at < length; at = word(next, at)) store<u16>(ids + (<usize>(n++) << 1), <u16>word(tokens, at));
  return n;
}

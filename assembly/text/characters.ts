/**
 * Characters as tokens: the alphabet is the code points of a corpus in ascending order, ids count from 1, and id 0 is
 * every character that is not in it. U+FFFD is never in it, so broken UTF-8 is unknown, visibly.
 *
 * counts [0x110000] u32: occurrences by code point. table [0x110000] u16: ids by code point.
 */
import { bytesOf, codeOf, codePoints, decode, replacement } from './utf8';

/** Adds the characters of a text to `counts`. */
export function countCharacters(text: usize, length: i32, counts: usize): void {
  const end = text + <usize>length;
  for (let at = text; at < end; ) {
    const character = decode(at, end);
    const cell = counts + (<usize>codeOf(character) << 2);
    store<u32>(cell, load<u32>(cell) + 1);
    at += bytesOf(character);
  }
  store<u32>(counts + (<usize>replacement << 2), 0);
}

/** Code points that occur at least `least` times. */
function countAtLeast(counts: usize, least: u32): i32 {
  let n = 0;
  for (let code: usize = 0; code < codePoints; code++) n += i32(load<u32>(counts + (code << 2)) >= least);
  return n;
}

/**
 * Writes the `most` most frequent code points to alphabet [most] u32 in ascending order and returns how many there are.
 * Of equally frequent ones the lower come first.
 */
export function chooseAlphabet(counts: usize, most: i32, alphabet: usize): i32 {
  // The smallest number of occurrences that so few code points reach that all of them find room.
  let low: u32 = 1;
  let high: u32 = 0x80000000;
  while (low < high) {
    const middle = low + ((high - low) >> 1);
    if (countAtLeast(counts, middle) <= most) high = middle;
    else low = middle + 1;
  }
  let room = most - countAtLeast(counts, low);
  let size = 0;
  for (let code: usize = 0; code < codePoints; code++) {
    const n = load<u32>(counts + (code << 2));
    const tied = n > 0 && n == low - 1 && room > 0;
    if (n < low && !tied) continue;
    if (tied) room--;
    store<u32>(alphabet + (<usize>size << 2), <u32>code);
    size++;
  }
  return size;
}

/** Fills `table`, which is zero, from alphabet [size]. */
export function mapAlphabet(alphabet: usize, size: i32, table: usize): void {
  for (let i = 0; i < size; i++) {
    const code = load<u32>(alphabet + (<usize>i << 2));
    assert(code < codePoints, 'a code point is out of range');
    store<u16>(table + (<usize>code << 1), <u16>(i + 1));
  }
}

/** ids [at most capacity] u16 of a text. Returns how many there are. */
export function encodeCharacters(text: usize, length: i32, table: usize, ids: usize, capacity: i32): i32 {
  const end = text + <usize>length;
  let n = 0;
  for (let at = text; at < end; n++) {
    assert(n < capacity, 'more characters than there is room for');
    const character = decode(at, end);
    store<u16>(ids + (<usize>n << 1), load<u16>(table + (<usize>codeOf(character) << 1)));
    at += bytesOf(character);
  }
  return n;
}

/** Tokens of ids [n] u16 that are unknown. */
export function countUnknown(ids: usize, n: i32): i32 {
  let unknown = 0;
  for (let i: usize = 0; i < <usize>n; i++) unknown += i32(load<u16>(ids + (i << 1)) == 0);
  return unknown;
}

/**
 * Paragraphs that were there before, found by their hash and dropped. A paragraph is what stands between blank lines.
 *
 * table [capacity] u64: open addressing; capacity is a power of two and 0 is a free place, so that the hash 0 counts as 1.
 */
import { hashOf } from './hash';

/** Puts `hash` into the table. False when it was there. With `full`, nothing is put in. */
@inline
function isNew(table: usize, capacity: u32, hash: u64, full: bool): bool {
  const mask = <usize>(capacity - 1);
  for (let slot = <usize>hash & mask; ; slot = (slot + 1) & mask) {
    const found = load<u64>(table + (slot << 3));
    if (found == hash) return false;
    if (found != 0) continue;
    if (!full) store<u64>(table + (slot << 3), hash);
    return true;
  }
}

/** Moves all hashes to a larger table. */
export function growTable(from: usize, capacity: u32, to: usize, larger: u32): void {
  for (let slot: usize = 0; slot < <usize>capacity; slot++) {
    const hash = load<u64>(from + (slot << 3));
    if (hash != 0) isNew(to, larger, hash, false);
  }
}

/**
 * Keeps in text [length] the paragraphs that are new, with the blank lines that follow them. All of its paragraphs must be
 * whole. Writes to counts [2] u32 how many were new and how many were dropped, and returns the length that is left.
 * With `full` no more are remembered. state [72] is scratch.
 */
export function dropRepeats(
  text: usize, length: i32, table: usize, capacity: u32, full: bool, state: usize, counts: usize,
): i32 {
  const end = text + <usize>length;
  let to = text;
  let kept: u32 = 0;
  let dropped: u32 = 0;
  for (let at = text; at < end; ) {
    const begin = at;
    const empty = load<u8>(at) == 0x0a;
    while (at < end && !empty && !(load<u8>(at) == 0x0a && (at + 1 == end || load<u8>(at + 1) == 0x0a))) at++;
    const hash = hashOf(state, begin, at - begin);
    while (at < end && load<u8>(at) == 0x0a) at++;
    if (!empty && !isNew(table, capacity, hash == 0 ? 1 : hash, full)) {
      dropped++;
      continue;
    }
    if (!empty) kept++;
    memory.copy(to, begin, at - begin);
    to += at - begin;
  }
  store<u32>(counts, kept);
  store<u32>(counts + 4, dropped);
  return <i32>(to - text);
}

/** The length of text [length] up to the end of its last blank line; 0 when there is none. */
export function wholeParagraphs(text: usize, length: i32): i32 {
  for (let at = text + <usize>length; at >= text + 2; at--) {
    if (load<u8>(at - 1) == 0x0a && load<u8>(at - 2) == 0x0a) return <i32>(at - text);
  }
  return 0;
}

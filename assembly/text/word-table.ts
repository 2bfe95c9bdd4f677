/**
 * A value for each of many short texts: open addressing, and their bytes one after the other. Who uses it gives out the
 * memory, and more of it (`copyWords`) when it is full.
 */

@unmanaged
export class WordTable {
  /** WordSlot [mask + 1], zeroed. */
  slots: usize;
  mask: u32;
  /** Slots in use; at most half of them. */
  count: u32;
  texts: usize;
  textBytes: u32;
  textUsed: u32;
}

/** Empty while `bytes` is 0. */
@unmanaged
export class WordSlot {
  hash: u32;
  /** Its bytes are at texts + offset. */
  offset: u32;
  bytes: u32;
  value: u32;
}

const slotBits: usize = 4;

function hashOf(at: usize, bytes: u32): u32 {
  let hash: u64 = 0x9e3779b97f4a7c15 ^ bytes;
  for (; bytes >= 8; bytes -= 8, at += 8) {
    hash = (hash ^ load<u64>(at)) * 0xbf58476d1ce4e5b9;
    hash ^= hash >> 29;
  }
  let rest: u64 = 0;
  for (let i: u32 = 0; i < bytes; i++) rest |= (<u64>load<u8>(at + i)) << (8 * i);
  hash = (hash ^ rest) * 0xbf58476d1ce4e5b9;
  return <u32>(hash ^ (hash >> 32));
}

@inline
export function slotOf(table: WordTable, index: u32): WordSlot {
  return changetype<WordSlot>(table.slots + (<usize>index << slotBits));
}

function findHashed(table: WordTable, at: usize, bytes: u32, hash: u32): WordSlot {
  let index = hash & table.mask;
  while (true) {
    const slot = slotOf(table, index);
    if (slot.bytes == 0) return slot;
    if (slot.hash == hash && slot.bytes == bytes && memory.compare(table.texts + slot.offset, at, bytes) == 0) return slot;
    index = (index + 1) & table.mask;
  }
}

/** The slot of a text of at least one byte, or the empty one that it would have. */
export function findWord(table: WordTable, at: usize, bytes: u32): WordSlot {
  return findHashed(table, at, bytes, hashOf(at, bytes));
}

/** Adds to the value of a text, which begins at 0. False if there is no room for a text that is new. */
export function addToWord(table: WordTable, at: usize, bytes: u32, value: u32): bool {
  const hash = hashOf(at, bytes);
  const slot = findHashed(table, at, bytes, hash);
  if (slot.bytes == 0) {
    if ((table.count + 1) << 1 > table.mask + 1 || table.textUsed + bytes > table.textBytes) return false;
    memory.copy(table.texts + table.textUsed, at, bytes);
    slot.hash = hash;
    slot.offset = table.textUsed;
    slot.bytes = bytes;
    table.textUsed += bytes;
    table.count++;
  }
  slot.value += value;
  return true;
}

/** Copies what has a value of at least `least` into an empty table that has room for it. */
export function copyWords(from: usize, to: usize, least: u32): void {
  const source = changetype<WordTable>(from);
  const target = changetype<WordTable>(to);
  for (let index: u32 = 0; index <= source.mask; index++) {
    const slot = slotOf(source, index);
    if (slot.bytes == 0 || slot.value < least) continue;
    const room = addToWord(target, source.texts + slot.offset, slot.bytes, slot.value);
    assert(room, 'the copy has less room');
  }
}

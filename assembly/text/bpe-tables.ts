/**
 * What byte-level BPE encodes with. Who makes the tokenizer gives out the memory:
 *
 *     byteIds   u16 [256]             ids of single bytes
 *     pairs     PairSlot [pairMask+1] open addressing by (left, right); half of it at least is empty
 *     cache     CacheEntry [cacheMask+1], zeroed; see bpe-encode.ts
 *     specials  Special [n]           texts with an id of their own, longer ones first; 0 when there are none
 *     firsts    u8 [256]              whether a special begins with the byte
 */

/** The value is 0 for an empty slot. */
@unmanaged
export class PairSlot {
  /** left << 16 | right */
  key: u32;
  /** (rank + 1) << 16 | id of the joined pair */
  value: u32;
}

@unmanaged
export class Special {
  text: usize;
  bytes: u32;
  id: u32;
}

@unmanaged
export class BpeTables {
  byteIds: usize;
  pairs: usize;
  pairMask: u32;
  cache: usize;
  cacheMask: u32;
  specials: usize;
  specialCount: u32;
  firsts: usize;
}

/** Greater than the value of any pair. */
export const noPair: u32 = 0xffffffff;

const slotBits: usize = 3;

@inline
function slotAt(tables: BpeTables, index: u32): PairSlot {
  return changetype<PairSlot>(tables.pairs + (<usize>index << slotBits));
}

@inline
function firstSlot(tables: BpeTables, key: u32): u32 {
  const mixed = key * 0x9e3779b1;
  return (mixed ^ (mixed >> 15)) & tables.pairMask;
}

/** Value of a pair, of which a lower one is joined earlier; `noPair` if it is not joined. */
@inline
export function pairValue(tables: BpeTables, left: u32, right: u32): u32 {
  const key = (left << 16) | right;
  let index = firstSlot(tables, key);
  while (slotAt(tables, index).value != 0) {
    if (slotAt(tables, index).key == key) return slotAt(tables, index).value;
    index = (index + 1) & tables.pairMask;
  }
  return noPair;
}

/** The id that a pair becomes. */
@inline
export function joinedId(value: u32): u32 {
  return value & 0xffff;
}

/** Fills `pairs`, which is zero, from triples [count, 3] u16 (left, right, joined) in the order of their ranks. */
export function mapPairs(at: usize, triples: usize, count: i32): void {
  const tables = changetype<BpeTables>(at);
  assert(<u32>count <= (tables.pairMask + 1) >> 1, 'there are more pairs than the table has room for');
  for (let rank = 0; rank < count; rank++) {
    const triple = triples + <usize>rank * 6;
    const key = ((<u32>load<u16>(triple)) << 16) | load<u16>(triple, 2);
    let index = firstSlot(tables, key);
    while (slotAt(tables, index).value != 0 && slotAt(tables, index).key != key) index = (index + 1) & tables.pairMask;
    const slot = slotAt(tables, index);
    if (slot.value != 0) continue; // of a pair that is there twice, the first counts
    slot.key = key;
    slot.value = ((<u32>rank + 1) << 16) | load<u16>(triple, 4);
  }
}

/** Where the first special text at or after `at` begins; `end` if there is none. It is left in `specialFound`. */
export function nextSpecial(tables: BpeTables, at: usize, end: usize): usize {
  for (; at < end; at++) {
    if (load<u8>(tables.firsts + load<u8>(at)) == 0) continue;
    for (let i: u32 = 0; i < tables.specialCount; i++) {
      const special = changetype<Special>(tables.specials + <usize>i * offsetof<Special>());
      if (at + special.bytes > end || memory.compare(at, special.text, special.bytes) != 0) continue;
      specialFound = special;
      return at;
    }
  }
  return end;
}

export let specialFound: Special = changetype<Special>(0);

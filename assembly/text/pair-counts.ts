/**
 * How often each pair of neighbours occurs, and where. Pairs are in a heap by their counts. A count that is there only
 * falls, so an entry of the heap says too much at worst, and is put right when it comes to the top.
 */

/** Pairs of tokens, of which none is forgotten. Who learns gives out the memory, and more of it when it is full. */
@unmanaged
export class PairCounts {
  /** Pair [capacity] */
  pairs: usize;
  /** u32 [2 · capacity], a power of two: number of the pair + 1, by open addressing. */
  slots: usize;
  /** u64 [capacity]: count << 32 | ~key, so that of equally frequent pairs the lower one is greater. */
  heap: usize;
  capacity: u32;
  pairCount: u32;
  heapSize: u32;
  /** Occurrence [occurrenceCapacity] */
  occurrences: usize;
  occurrenceCapacity: u32;
  occurrenceCount: u32;
}

@unmanaged
export class Pair {
  /** left << 16 | right */
  key: u32;
  count: u32;
  /** First and last of its occurrences, which are in the order of the text. `nowhere` for none. */
  first: u32;
  last: u32;
}

@unmanaged
export class Occurrence {
  position: u32;
  next: u32;
}

export const nowhere: u32 = 0xffffffff;

@inline
export function pairAt(counts: PairCounts, index: u32): Pair {
  return changetype<Pair>(counts.pairs + (<usize>index << 4));
}

@inline
export function occurrenceAt(counts: PairCounts, index: u32): Occurrence {
  return changetype<Occurrence>(counts.occurrences + (<usize>index << 3));
}

/** Address of the slot of a key, or of the empty one that it would have. */
function slotFor(counts: PairCounts, key: u32): usize {
  const mask = 2 * counts.capacity - 1;
  let mixed = key * 0x9e3779b1;
  mixed ^= mixed >> 15;
  while (true) {
    const slot = counts.slots + (<usize>(mixed & mask) << 2);
    const number = load<u32>(slot);
    if (number == 0 || pairAt(counts, number - 1).key == key) return slot;
    mixed++;
  }
}

export function findPair(counts: PairCounts, key: u32): Pair {
  return pairAt(counts, load<u32>(slotFor(counts, key)) - 1);
}

/** Counts a pair `weight` times more, at a position that lies after those it has. */
export function addPair(counts: PairCounts, key: u32, weight: u32, position: u32): void {
  const slot = slotFor(counts, key);
  if (load<u32>(slot) == 0) {
    assert(counts.pairCount < counts.capacity, 'there are more pairs than room');
    const made = pairAt(counts, counts.pairCount++);
    made.key = key;
    made.count = 0;
    made.first = nowhere;
    store<u32>(slot, counts.pairCount);
  }
  const pair = pairAt(counts, load<u32>(slot) - 1);
  assert(counts.occurrenceCount < counts.occurrenceCapacity, 'there are more occurrences than room');
  const index = counts.occurrenceCount++;
  const occurrence = occurrenceAt(counts, index);
  occurrence.position = position;
  occurrence.next = nowhere;
  if (pair.first == nowhere) pair.first = index;
  else occurrenceAt(counts, pair.last).next = index;
  pair.last = index;
  pair.count += weight;
}

@inline
function entry(counts: PairCounts, i: u32): u64 {
  return load<u64>(counts.heap + (<usize>i << 3));
}

@inline
function setEntry(counts: PairCounts, i: u32, value: u64): void {
  store<u64>(counts.heap + (<usize>i << 3), value);
}

@inline
function entryOf(pair: Pair): u64 {
  return ((<u64>pair.count) << 32) | ~pair.key;
}

/** Puts pairs from number `from` on into the heap; those that occur only once are never joined. */
export function enterPairs(counts: PairCounts, from: u32): void {
  for (let number = from; number < counts.pairCount; number++) {
    const pair = pairAt(counts, number);
    if (pair.count < 2) continue;
    const value = entryOf(pair);
    let i = counts.heapSize++;
    while (i > 0 && entry(counts, (i - 1) >> 1) < value) {
      setEntry(counts, i, entry(counts, (i - 1) >> 1));
      i = (i - 1) >> 1;
    }
    setEntry(counts, i, value);
  }
}

/** Lets `value` sink from the top. */
function sink(counts: PairCounts, value: u64): void {
  let i: u32 = 0;
  for (let child: u32 = 1; child < counts.heapSize; child = 2 * i + 1) {
    if (child + 1 < counts.heapSize && entry(counts, child + 1) > entry(counts, child)) child++;
    if (value >= entry(counts, child)) break;
    setEntry(counts, i, entry(counts, child));
    i = child;
  }
  setEntry(counts, i, value);
}

/** Takes the most frequent pair out of the heap; `null` when none occurs twice. */
export function takeMostFrequent(counts: PairCounts): Pair | null {
  while (counts.heapSize > 0) {
    const top = entry(counts, 0);
    const pair = findPair(counts, ~(<u32>top));
    const right = pair.count == <u32>(top >> 32);
    if (!right && pair.count >= 2) {
      sink(counts, entryOf(pair));
      continue;
    }
    counts.heapSize--;
    if (counts.heapSize > 0) sink(counts, entry(counts, counts.heapSize));
    if (right) return pair;
  }
  return null;
}

/** Moves everything into one with more room, whose slots are zero and which has the same occurrences. */
export function growPairs(from: usize, to: usize): void {
  const source = changetype<PairCounts>(from);
  const target = changetype<PairCounts>(to);
  memory.copy(target.pairs, source.pairs, <usize>source.pairCount << 4);
  memory.copy(target.heap, source.heap, <usize>source.heapSize << 3);
  target.heapSize = source.heapSize;
  for (; target.pairCount < source.pairCount; ) {
    const slot = slotFor(target, pairAt(target, target.pairCount).key);
    store<u32>(slot, ++target.pairCount);
  }
}

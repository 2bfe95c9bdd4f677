/** Learning the merges of byte-level BPE from counted pieces. Drawn in assembly/text/bpe-learn.ts and pair-counts.ts. */
import { bytesInOrder } from '../../core/bpe.js';
import type { Block, TextMemory } from './text-memory.js';
import type { WordCounter } from './word-counter.js';

const firstPairs = 2 ** 17; // as many as two bytes can make, and room for merges
const recordBytes = { pair: 16, slot: 4, heap: 8, occurrence: 8 };

/** Merges [M, 2] of token numbers, at most `wanted`: fewer when no pair occurs twice any more. */
export function learnBpe(memory: TextMemory, pieces: WordCounter, wanted: number): Uint16Array {
  const { call } = memory;
  const blocks: Block[] = [];
  const take = (bytes: number): Block => {
    const block = memory.take(bytes);
    blocks.push(block);
    return block;
  };
  const symbols = pieces.size.bytes;
  const lists = [take(symbols * 4), take(symbols * 4), take(symbols * 4), take(symbols * 4)];
  const byteTokens = take(256 * 4);
  bytesInOrder.forEach((byte, token) => (memory.words(byteTokens)[byte] = token));
  const merges = take(Math.max(1, wanted) * 4);
  const lengths = take((256 + wanted) * 4);
  const learning = take(9 * 4);
  memory
    .words(learning)
    .set([...lists.map(({ address }) => address), byteTokens.address, merges.address, lengths.address, 0, wanted]);
  // Every merge makes two occurrences at most and takes a token away.
  const occurrences = take(3 * symbols * recordBytes.occurrence);
  let pairs = takePairs(memory, firstPairs, occurrences);
  call.beginLearning(learning.address, pieces.table.address, pairs.counts.address);
  while (call.learnMerges(learning.address, pairs.counts.address) === 0) {
    const grown = takePairs(memory, 2 * pairs.capacity, occurrences);
    memory.words(grown.counts)[8] = memory.words(pairs.counts)[8] ?? 0;
    call.growPairs(pairs.counts.address, grown.counts.address);
    pairs.free();
    pairs = grown;
  }
  const count = memory.words(learning)[7] ?? 0;
  const learned = memory.halfWords(merges).slice(0, 2 * count);
  pairs.free();
  blocks.forEach((block) => memory.giveBack(block));
  return learned;
}

function takePairs(memory: TextMemory, capacity: number, occurrences: Block) {
  const pairs = memory.take(capacity * recordBytes.pair);
  const slots = memory.take(2 * capacity * recordBytes.slot);
  const heap = memory.take(capacity * recordBytes.heap);
  const counts = memory.take(9 * 4);
  memory
    .words(counts)
    .set([
      pairs.address,
      slots.address,
      heap.address,
      capacity,
      0,
      0,
      occurrences.address,
      occurrences.bytes / recordBytes.occurrence,
      0,
    ]);
  return {
    capacity,
    counts,
    free: () => [pairs, slots, heap, counts].forEach((block) => memory.giveBack(block)),
  };
}

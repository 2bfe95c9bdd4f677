/** Byte-level BPE as ids. The tables that the text module reads are drawn in assembly/text/bpe-tables.ts. */
import { bytesInOrder, readBpe, type BpeSpec } from '../../core/bpe.js';
import type { Encoder } from './encoding.js';
import type { Block, TextMemory } from './text-memory.js';

/** Pieces that were joined before: 1 MiB, of which texts keep what they repeat in the nearer caches. */
const cacheEntries = 2 ** 14;
const cacheEntryBytes = 64;
/** Scratch that is kept; a longer piece gets its own for as long as it takes. */
const keptScratch = 2 ** 15;

/** @throws AdaptiveError 'model-file' if the vocabulary is broken, 'memory' */
export function bpeEncoder(memory: TextMemory, spec: BpeSpec): Encoder {
  const { call } = memory;
  const { merges, specials, ids, size } = readBpe(spec);
  const blocks: Block[] = [];
  const take = (bytes: number): Block => {
    const block = memory.take(bytes);
    blocks.push(block);
    return block;
  };

  const byteIds = take(256 * 2);
  bytesInOrder.forEach((byte, number) => (memory.halfWords(byteIds)[byte] = ids[number] ?? 0));
  const joined = merges.length / 2;
  const slots = 2 ** Math.ceil(Math.log2(Math.max(8, 2 * joined)));
  const pairs = take(slots * 8);
  const cache = take(cacheEntries * cacheEntryBytes);
  const special = takeSpecials(memory, take, specials, ids.subarray(256 + joined));
  const tables = take(8 * 4);
  memory
    .words(tables)
    .set([
      byteIds.address,
      pairs.address,
      slots - 1,
      cache.address,
      cacheEntries - 1,
      special.list.address,
      specials.length,
      special.firsts.address,
    ]);

  const triples = memory.take(joined * 6);
  const view = memory.halfWords(triples);
  const idOf = (number: number) => ids[number] ?? 0;
  for (let i = 0; i < joined; i++) {
    view.set([idOf(merges[2 * i] ?? 0), idOf(merges[2 * i + 1] ?? 0), idOf(256 + i)], 3 * i);
  }
  call.mapPairs(tables.address, triples.address, joined);
  memory.giveBack(triples);

  const run = take(6 * 4);
  const scratch = take(keptScratch);
  return {
    size,
    knowsAll: true,
    encode(text, ids) {
      memory
        .words(run)
        .set([
          text.address,
          text.address + text.bytes,
          ids.address,
          ids.address + ids.bytes,
          scratch.address,
          scratch.bytes,
        ]);
      let needed = call.encodePieces(run.address, tables.address);
      while (needed > 0) {
        const more = memory.take(needed);
        memory.words(run).set([more.address, more.bytes], 4);
        needed = call.encodePieces(run.address, tables.address);
        memory.giveBack(more);
      }
      const [, , end = 0] = memory.words(run);
      return (end - ids.address) / 2;
    },
    safeCut: (text) => call.safeCut(text.address, text.bytes),
    free: () => blocks.forEach((block) => memory.giveBack(block)),
  };
}

/** Special texts, longer ones first, since of two that begin at one place the longer one counts. */
function takeSpecials(
  memory: TextMemory,
  take: (bytes: number) => Block,
  specials: readonly string[],
  ids: Uint16Array,
): { readonly list: Block; readonly firsts: Block } {
  const utf8 = new TextEncoder();
  const firsts = take(256);
  const list = take(specials.length * 12);
  const sorted = specials
    .map((text, i) => ({ bytes: utf8.encode(text), id: ids[i] ?? 0 }))
    .sort((a, b) => b.bytes.length - a.bytes.length);
  sorted.forEach(({ bytes, id }, i) => {
    const block = take(bytes.length);
    memory.bytes(block).set(bytes);
    memory.bytes(firsts)[bytes[0] ?? 0] = 1;
    memory.words(list).set([block.address, bytes.length, id], 3 * i);
  });
  return { list, firsts };
}

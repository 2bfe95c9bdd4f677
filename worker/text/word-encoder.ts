/** Words as ids: a table of those known. Drawn in assembly/text/word-table.ts. */
import type { Encoder } from './encoding.js';
import type { TextMemory } from './text-memory.js';
import { giveBackWordTable, takeWordTable } from './word-counter.js';

/** @param words one space between them, in the order of their ids, which count from 2. */
export function wordEncoder(memory: TextMemory, words: string): Encoder {
  const { call } = memory;
  const known = words.split(' ').length;
  const text = memory.takeText(words);
  const table = takeWordTable(memory, 2 ** Math.ceil(Math.log2(2 * known + 2)), text.bytes);
  call.mapWords(text.address, text.bytes, table.table.address);
  memory.giveBack(text);
  return {
    size: known + 2,
    knowsAll: false,
    encode: (from, ids) => call.encodeWords(from.address, from.bytes, table.table.address, ids.address, ids.bytes / 2),
    safeCut: (from) => call.safeCut(from.address, from.bytes),
    free: () => giveBackWordTable(memory, table),
  };
}

/** Characters and bytes as ids. */
import type { Encoder } from './encoding.js';
import type { Block, TextMemory } from './text-memory.js';

export const codePoints = 0x110000;

/** The id of a byte is its value. */
export function byteEncoder({ call }: TextMemory): Encoder {
  return {
    size: 256,
    knowsAll: true,
    encode: (text, ids) => call.encodeBytes(text.address, text.bytes, ids.address, ids.bytes / 2),
    safeCut: (text) => text.bytes,
    free: () => {},
  };
}

/** A table of all code points, with the ids of those in the alphabet. */
export function characterEncoder(memory: TextMemory, alphabet: string): Encoder {
  const { call } = memory;
  const codes = Uint32Array.from(alphabet, (character) => character.codePointAt(0) ?? 0);
  const table = memory.take(codePoints * 2);
  const block: Block = memory.take(codes.byteLength);
  memory.words(block).set(codes);
  call.mapAlphabet(block.address, codes.length, table.address);
  memory.giveBack(block);
  return {
    size: codes.length + 1,
    knowsAll: false,
    encode: (text, ids) => call.encodeCharacters(text.address, text.bytes, table.address, ids.address, ids.bytes / 2),
    safeCut: (text) => call.wholeCharacters(text.address, text.bytes),
    free: () => memory.giveBack(table),
  };
}

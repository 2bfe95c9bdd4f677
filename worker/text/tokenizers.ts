/** Tokenizers behind the one interface. Encoding runs in the text module; ids come out as 32-bit numbers. */
import type { Tokenizer, TokenizerSpec } from '../../core/tokenizer.js';
import { decodeAll, makeDecoding } from './decoders.js';
import { Encoding } from './encoding.js';
import { TextMemory } from './text-memory.js';

export function createTokenizer(module: WebAssembly.Module, spec: TokenizerSpec): Tokenizer {
  const memory = new TextMemory(module);
  const encoding = new Encoding(memory, spec);
  const decoding = makeDecoding(spec);
  const encoded = <T>(text: string | Uint8Array, use: (ids: Uint16Array) => T): T => {
    const block = memory.takeText(text);
    const ids = memory.take(block.bytes * 2);
    try {
      const count = encoding.encode(block, ids);
      return use(memory.halfWords(ids).subarray(0, count));
    } finally {
      memory.giveBack(ids);
      memory.giveBack(block);
    }
  };
  return {
    spec,
    size: encoding.size,
    get bytes() {
      return memory.held;
    },
    encode: (text) => encoded(text, (ids) => Int32Array.from(ids)),
    countUnknown: (text) =>
      encoding.knowsAll ? 0 : encoded(text, (ids) => ids.reduce((count, id) => count + (id === 0 ? 1 : 0), 0)),
    decode: (ids) => decodeAll(decoding.decoder(''), ids),
    decodeBytes: (ids) => decoding.bytes(ids),
    decoder: (before = '') => decoding.decoder(before),
  };
}

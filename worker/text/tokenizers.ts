/** Tokenizers behind the one interface. Encoding runs in the text module; ids come out as 32-bit numbers. */
import type { TokenDecoder, Tokenizer, TokenizerSpec } from '../../core/tokenizer.js';
import { Encoding } from './encoding.js';
import { TextMemory } from './text-memory.js';

const unknownCharacter = '\ufffd';

export function createTokenizer(module: WebAssembly.Module, spec: TokenizerSpec): Tokenizer {
  const memory = new TextMemory(module);
  const encoding = new Encoding(memory, spec);
  const encoded = <T>(text: string | Uint8Array, use: (ids: Uint16Array) => T): T => {
    const block = memory.takeText(text);
    const ids = memory.take(block.bytes * 2);
    try {
      return use(memory.halfWords(ids).subarray(0, encoding.encode(block, ids)));
    } finally {
      memory.giveBack(ids);
      memory.giveBack(block);
    }
  };
  const decoder = spec.kind === 'bytes' ? byteDecoder : characterDecoder(spec.alphabet);
  return {
    spec,
    size: encoding.size,
    get bytes() {
      return memory.held;
    },
    encode: (text) => encoded(text, (ids) => Int32Array.from(ids)),
    countUnknown: (text) =>
      encoding.knowsAll ? 0 : encoded(text, (ids) => ids.reduce((count, id) => count + (id === 0 ? 1 : 0), 0)),
    decode(ids) {
      const pieces = decoder();
      let text = '';
      for (const id of ids) text += pieces.push(id);
      return text + pieces.end();
    },
    decoder,
  };
}

/** A character is complete as soon as its token comes. */
function characterDecoder(alphabet: string): () => TokenDecoder {
  const characters = [unknownCharacter, ...alphabet];
  const decoder: TokenDecoder = { push: (id) => characters[id] ?? unknownCharacter, end: () => '' };
  return () => decoder;
}

/** A character of several bytes is held back until its last one. */
function byteDecoder(): TokenDecoder {
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  const byte = new Uint8Array(1);
  return {
    push(id) {
      byte[0] = id;
      return utf8.decode(byte, { stream: true });
    },
    end: () => utf8.decode(),
  };
}

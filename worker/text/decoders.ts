/** From ids back to text. */
import { readBpe, tokenBytes } from '../../core/bpe.js';
import type { TokenDecoder, TokenizerSpec } from '../../core/tokenizer.js';
import { lineEnd, unknownWord } from './word-vocabulary.js';

const replacement = '\ufffd';

export interface Decoding {
  bytes(ids: Int32Array): Uint8Array;
  decoder(before: string): TokenDecoder;
}

export function makeDecoding(spec: TokenizerSpec): Decoding {
  switch (spec.kind) {
    case 'characters':
      return ofTexts(characterDecoder([replacement, ...spec.alphabet]));
    case 'bytes': {
      const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      return ofBytes((id) => bytes.subarray(id, id + 1));
    }
    case 'bpe': {
      const { bytes, starts } = tokenBytes(readBpe(spec));
      return ofBytes((id) => bytes.subarray(starts[id] ?? 0, starts[id + 1] ?? 0));
    }
    case 'words':
      return ofTexts(wordDecoder([unknownWord, lineEnd, ...spec.words.split(' ')]));
  }
}

/** The text of ids in one go. */
export function decodeAll(decoder: TokenDecoder, ids: Int32Array): string {
  const pieces = Array.from(ids, (id) => decoder.push(id));
  pieces.push(decoder.end());
  return pieces.join('');
}

function ofTexts(decoder: Decoding['decoder']): Decoding {
  const utf8 = new TextEncoder();
  return { decoder, bytes: (ids) => utf8.encode(decodeAll(decoder(''), ids)) };
}

/** `known` gives no bytes for what is no id. A character is held back until its last byte. */
function ofBytes(known: (id: number) => Uint8Array): Decoding {
  const unknown = new TextEncoder().encode(replacement);
  const bytesOf = (id: number) => {
    const bytes = known(id);
    return bytes.length > 0 ? bytes : unknown;
  };
  return {
    bytes(ids) {
      const all = new Uint8Array(ids.reduce((sum, id) => sum + bytesOf(id).length, 0));
      let at = 0;
      for (const id of ids) {
        all.set(bytesOf(id), at);
        at += bytesOf(id).length;
      }
      return all;
    },
    decoder() {
      const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
      return { push: (id) => utf8.decode(bytesOf(id), { stream: true }), end: () => utf8.decode() };
    },
  };
}

/** A character is complete as soon as its token comes. */
function characterDecoder(characters: readonly string[]): Decoding['decoder'] {
  const decoder: TokenDecoder = { push: (id) => characters[id] ?? replacement, end: () => '' };
  return () => decoder;
}

/** A space stands before a word that follows another one. */
function wordDecoder(words: readonly string[]): Decoding['decoder'] {
  return (before) => {
    let follows = /\P{White_Space}$/u.test(before);
    return {
      push(id) {
        const space = follows ? ' ' : '';
        follows = id !== 1;
        return follows ? `${space}${words[id] ?? replacement}` : '\n';
      },
      end: () => '',
    };
  };
}

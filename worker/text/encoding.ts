/** How the text module turns UTF-8 into 16-bit ids: the one place where the kinds of tokenizers differ. */
import type { TokenizerSpec } from '../../core/tokenizer.js';
import { bpeEncoder } from './bpe-encoder.js';
import { byteEncoder, characterEncoder } from './character-encoder.js';
import type { Block, TextMemory } from './text-memory.js';
import { wordEncoder } from './word-encoder.js';

/** What a kind makes of its spec. */
export interface Encoder {
  /** V. */
  readonly size: number;
  /** Whether every text has ids; otherwise id 0 is what has none. */
  readonly knowsAll: boolean;
  /** Fills `ids` with the ids of a text and returns how many there are: at most one for each byte. */
  encode(text: Block, ids: Block): number;
  /** See Encoding.safeCut. */
  safeCut(text: Block): number;
  /** Gives back the memory of its tables. */
  free(): void;
}

export class Encoding implements Encoder {
  readonly size: number;
  readonly knowsAll: boolean;
  readonly #encoder: Encoder;

  constructor(memory: TextMemory, spec: TokenizerSpec) {
    this.#encoder = makeEncoder(memory, spec);
    this.size = this.#encoder.size;
    this.knowsAll = this.#encoder.knowsAll;
  }

  encode(text: Block, ids: Block): number {
    return this.#encoder.encode(text, ids);
  }

  /**
   * For a text that comes in chunks: the bytes of `text` that can be encoded now, so that the ids are those of the whole
   * text in one go. What is behind them belongs before the next chunk. 0 if there is no such place: then more must come
   * first, or, at the end of the text, all of it is encoded. Characters and bytes have one within the last character; BPE
   * and words need white space that follows something else, and a text without any has none.
   */
  safeCut(text: Block): number {
    return this.#encoder.safeCut(text);
  }

  free(): void {
    this.#encoder.free();
  }
}

function makeEncoder(memory: TextMemory, spec: TokenizerSpec): Encoder {
  switch (spec.kind) {
    case 'characters':
      return characterEncoder(memory, spec.alphabet);
    case 'bytes':
      return byteEncoder(memory);
    case 'bpe':
      return bpeEncoder(memory, spec);
    case 'words':
      return wordEncoder(memory, spec.words);
  }
}

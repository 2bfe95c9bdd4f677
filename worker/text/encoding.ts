/** How the text module turns UTF-8 into 16-bit ids: what a tokenizer and a corpus have in common. */
import type { TokenizerSpec } from '../../core/tokenizer.js';
import type { Block, TextMemory } from './text-memory.js';

const codePoints = 0x110000;

export class Encoding {
  /** V. */
  readonly size: number;
  /** Whether every text has ids: of bytes it has. */
  readonly knowsAll: boolean;
  readonly #memory: TextMemory;
  /** ids [0x110000] by code point; null for bytes. */
  readonly #table: Block | null;

  constructor(memory: TextMemory, spec: TokenizerSpec) {
    this.#memory = memory;
    this.knowsAll = spec.kind === 'bytes';
    if (spec.kind === 'bytes') {
      this.size = 256;
      this.#table = null;
      return;
    }
    const alphabet = Uint32Array.from(spec.alphabet, (character) => character.codePointAt(0) ?? 0);
    this.size = alphabet.length + 1;
    this.#table = memory.take(codePoints * 2);
    const block = memory.take(alphabet.byteLength);
    memory.words(block).set(alphabet);
    memory.call.mapAlphabet(block.address, alphabet.length, this.#table.address);
    memory.giveBack(block);
  }

  /** Fills `ids` with the 16-bit ids of a text and returns how many there are: at most one for each byte. */
  encode(text: Block, ids: Block): number {
    const { call } = this.#memory;
    const capacity = ids.bytes / 2;
    return this.#table
      ? call.encodeCharacters(text.address, text.bytes, this.#table.address, ids.address, capacity)
      : call.encodeBytes(text.address, text.bytes, ids.address, capacity);
  }

  /**
   * For a text that comes in chunks: the bytes of `text` that can be encoded now, so that the ids are those of the whole
   * text in one go. What is behind them belongs before the next chunk. 0 if there is no such place: then more must come
   * first, or, at the end of the text, all of it is encoded.
   */
  safeCut(text: Block): number {
    return this.knowsAll ? text.bytes : this.#memory.call.wholeCharacters(text.address, text.bytes);
  }

  /** Gives back the memory of the table. */
  free(): void {
    if (this.#table) this.#memory.giveBack(this.#table);
  }
}

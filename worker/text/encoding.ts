/** How the text module turns UTF-8 into 16-bit ids: what a tokenizer and a corpus have in common. */
import type { TokenizerSpec } from '../../core/tokenizer.js';
import type { Block, TextMemory } from './text-memory.js';

const codePoints = 0x110000;
/** A character model has at most so many characters; the rarest beyond it are unknown. */
const largestAlphabet = 8192;

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

  /** Gives back the memory of the table. */
  free(): void {
    if (this.#table) this.#memory.giveBack(this.#table);
  }
}

/** A tokenizer of this kind that knows the characters of a text: all of them, or the 8192 most frequent. */
export function learnTokenizer(memory: TextMemory, kind: TokenizerSpec['kind'], text: Block): TokenizerSpec {
  if (kind === 'bytes') return { kind };
  const counts = memory.take(codePoints * 4);
  const alphabet = memory.take(largestAlphabet * 4);
  memory.call.countCharacters(text.address, text.bytes, counts.address);
  const size = memory.call.chooseAlphabet(counts.address, largestAlphabet, alphabet.address);
  const characters = Array.from(memory.words(alphabet).subarray(0, size), (code) => String.fromCodePoint(code));
  memory.giveBack(alphabet);
  memory.giveBack(counts);
  return { kind, alphabet: characters.join('') };
}

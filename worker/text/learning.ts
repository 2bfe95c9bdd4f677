/** Learning a tokenizer from a text, whole or in chunks. */
import type { TokenizerSpec } from '../../core/tokenizer.js';
import type { Block, TextMemory } from './text-memory.js';

const codePoints = 0x110000;
/** A character model has at most so many characters; the rarest beyond it are unknown. */
const largestAlphabet = 8192;

export interface Learner {
  add(text: Block): void;
  finish(): TokenizerSpec;
}

export function learner(memory: TextMemory, kind: TokenizerSpec['kind']): Learner {
  if (kind === 'bytes') return { add: () => {}, finish: () => ({ kind }) };
  const counts = memory.take(codePoints * 4);
  return {
    add: (text) => void memory.call.countCharacters(text.address, text.bytes, counts.address),
    finish() {
      const alphabet = memory.take(largestAlphabet * 4);
      const size = memory.call.chooseAlphabet(counts.address, largestAlphabet, alphabet.address);
      const characters = Array.from(memory.words(alphabet).subarray(0, size), (code) => String.fromCodePoint(code));
      memory.giveBack(alphabet);
      memory.giveBack(counts);
      return { kind: 'characters', alphabet: characters.join('') };
    },
  };
}

/** A tokenizer of this kind that knows the characters of a text: all of them, or the 8192 most frequent. */
export function learnTokenizer(memory: TextMemory, kind: TokenizerSpec['kind'], text: Block): TokenizerSpec {
  const learning = learner(memory, kind);
  learning.add(text);
  return learning.finish();
}

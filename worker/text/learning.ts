/** Learning a tokenizer from a text, whole or in chunks: the one place where the kinds differ in what they learn. */
import { writeBpe } from '../../core/bpe.js';
import type { TokenizerSpec } from '../../core/tokenizer.js';
import { completeRequest, type TokenizerRequest } from '../../core/tokenizer-request.js';
import { learnBpe } from './bpe-learner.js';
import { codePoints } from './character-encoder.js';
import type { Block, TextMemory } from './text-memory.js';
import { WordCounter } from './word-counter.js';
import { chooseWords } from './word-vocabulary.js';

/** A character model has at most so many characters; the rarest beyond it are unknown. */
const largestAlphabet = 8192;

export interface Learner {
  /** Reads a part of the text. What is cut elsewhere than at a safe cut counts as two words. */
  add(text: Block): void;
  /** For a text that comes in chunks: as Encoding.safeCut. */
  safeCut(text: Block): number;
  /** The tokenizer. Afterwards all memory is given back, and nothing can be added. */
  finish(): TokenizerSpec;
}

/** @throws AdaptiveError 'invalid-option' */
export function learner(memory: TextMemory, request: TokenizerRequest): Learner {
  const complete = completeRequest(request);
  const { call } = memory;
  const safeCut = ({ address, bytes }: Block) => call.safeCut(address, bytes);
  switch (complete.kind) {
    case 'bytes':
      return { add: () => {}, safeCut: ({ bytes }) => bytes, finish: () => ({ kind: 'bytes' }) };
    case 'characters':
      return characterLearner(memory);
    case 'bpe': {
      const counter = new WordCounter(memory, 'countPieces');
      const specials = complete.specials;
      return {
        add: (text) => counter.add(text),
        safeCut,
        finish() {
          const merges = learnBpe(memory, counter, complete.vocabularySize - 256 - specials.length);
          counter.free();
          const ids = Uint16Array.from({ length: 256 + merges.length / 2 + specials.length }, (_, i) => i);
          return writeBpe({ merges, specials, ids });
        },
      };
    }
    case 'words': {
      const counter = new WordCounter(memory, 'countWords');
      return {
        add: (text) => counter.add(text),
        safeCut,
        finish() {
          const words = chooseWords(counter, complete.vocabularySize - 2, complete.leastCount);
          counter.free();
          return { kind: 'words', words };
        },
      };
    }
  }
}

/** A tokenizer learned from a whole text. @throws AdaptiveError 'invalid-option', 'corpus-too-short' */
export function learnTokenizer(memory: TextMemory, request: TokenizerRequest, text: Block): TokenizerSpec {
  const learning = learner(memory, request);
  learning.add(text);
  return learning.finish();
}

/** All characters of the text, or the 8192 most frequent. */
function characterLearner(memory: TextMemory): Learner {
  const { call } = memory;
  const counts = memory.take(codePoints * 4);
  return {
    add: ({ address, bytes }) => void call.countCharacters(address, bytes, counts.address),
    safeCut: ({ address, bytes }) => call.wholeCharacters(address, bytes),
    finish() {
      const alphabet = memory.take(largestAlphabet * 4);
      const size = call.chooseAlphabet(counts.address, largestAlphabet, alphabet.address);
      const characters = Array.from(memory.words(alphabet).subarray(0, size), (code) => String.fromCodePoint(code));
      memory.giveBack(alphabet);
      memory.giveBack(counts);
      return { kind: 'characters', alphabet: characters.join('') };
    },
  };
}

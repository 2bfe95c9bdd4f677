/** What a training run will cost, before it runs: learned numbers, passes over the text, time. */
import type { SizePreset } from '../core/presets.js';
import type { TokenizerKind } from '../core/tokenizer.js';
import { suitableSize, usualValidationFraction } from '../core/training-size.js';
import { secondsFor } from './measured-speed.js';
import type { TokenizerChoice } from './tokenizer-choice.js';

/**
 * Of ordinary texts, while nobody has counted: the usual vocabulary, characters of a token, and of a text for each token
 * that it teaches (0: all at once).
 */
const typical: Record<TokenizerKind, readonly [vocabulary: number, perToken: number, perType: number]> = {
  characters: [70, 1, 0],
  bytes: [256, 1, 0],
  bpe: [4096, 3.5, 80],
  words: [10_000, 5.5, 40],
};

/** The vocabulary that a text of `length` characters, 0 for none yet, can be expected to give. */
export function expectedVocabulary({ kind, vocabularySize }: TokenizerChoice, length: number): number {
  const [vocabulary, , perType] = typical[kind];
  const asked = vocabularySize ?? vocabulary;
  return perType * length > 0 ? Math.min(asked, Math.ceil(256 + length / perType)) : asked;
}

export function expectedTokens(kind: TokenizerKind, length: number): number {
  return length / typical[kind][1];
}

/**
 * Learned numbers of each preset: whatever the vocabulary, and for each token of it. The layout that they are counted by
 * would make the element larger by a twentieth; a test holds them to it.
 */
const weights: Record<SizePreset, readonly [fixed: number, perToken: number]> = {
  small: [86_720, 145],
  medium: [520_320, 353],
  large: [2_126_720, 385],
};

/** Learned numbers of a preset. */
export function countParameters(size: SizePreset, vocabularySize: number): number {
  const [fixed, perToken] = weights[size];
  return fixed + perToken * vocabularySize;
}

/** Tokens that are trained on; the rest is held out. */
function trainedPart(length: number): number {
  return length * (1 - usualValidationFraction);
}

/** The epochs that the worker will choose for a text of `length` tokens if nobody else does. */
export function expectedEpochs(length: number): number {
  return suitableSize(trainedPart(length)).epochs;
}

/** Rough seconds to train `parameters` on a text of `length` tokens. */
export function estimateSeconds(parameters: number, length: number, epochs = expectedEpochs(length)): number {
  return secondsFor(parameters, trainedPart(length) * epochs);
}

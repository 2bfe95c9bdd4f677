/** What a training run will cost, before it runs: learned numbers, passes over the text, time. */
import { languageModelLayout } from '../core/parameters.js';
import { presetConfig, type SizePreset } from '../core/presets.js';
import type { TokenizerKind } from '../core/tokenizer.js';
import { suitableSize, usualValidationFraction } from '../core/training-size.js';
import type { TokenizerChoice } from './tokenizer-choice.js';

/** Of ordinary texts, while nobody has counted: characters of a token, and of a text for each token that it teaches. */
const typical: Record<TokenizerKind, { vocabulary: number; perToken: number; perType: number }> = {
  characters: { vocabulary: 70, perToken: 1, perType: 1 },
  bytes: { vocabulary: 256, perToken: 1, perType: 0 },
  bpe: { vocabulary: 4096, perToken: 3.5, perType: 80 },
  words: { vocabulary: 10_000, perToken: 5.5, perType: 40 },
};

/** The vocabulary that a text of `length` characters, 0 for none yet, can be expected to give. */
export function expectedVocabulary({ kind, vocabularySize }: TokenizerChoice, length: number): number {
  const { vocabulary, perType } = typical[kind];
  const asked = vocabularySize ?? vocabulary;
  return perType > 1 && length > 0 ? Math.min(asked, Math.ceil((kind === 'bpe' ? 256 : 2) + length / perType)) : asked;
}

export function expectedTokens(kind: TokenizerKind, length: number): number {
  return length / typical[kind].perToken;
}

/** Learned numbers of a preset. */
export function countParameters(size: SizePreset, vocabularySize = typical.characters.vocabulary): number {
  return languageModelLayout(presetConfig(size, vocabularySize)).count;
}

/** Tokens that are trained on; the rest is held out. */
function trainedPart(length: number): number {
  return length * (1 - usualValidationFraction);
}

/** The epochs that the worker will choose for a text of `length` tokens if nobody else does. */
export function expectedEpochs(length: number): number {
  return suitableSize(trainedPart(length)).epochs;
}

/** Floating-point operations a second while training, guessed until a run has been measured. */
let speed = 4e9;

/** Forward and backward take about six operations for each learned number and token. */
const operationsPerWeight = 6;

/** Learns this device's speed from a run, for the next estimate. */
export function noteSpeed(parameters: number, tokensPerSecond: number): void {
  const measured = parameters * tokensPerSecond * operationsPerWeight;
  if (Number.isFinite(measured) && measured > 0) speed = measured;
}

/** Rough seconds to train `parameters` on a text of `length` tokens. */
export function estimateSeconds(parameters: number, length: number, epochs = expectedEpochs(length)): number {
  const tokens = trainedPart(length) * epochs;
  return (tokens * parameters * operationsPerWeight) / speed;
}

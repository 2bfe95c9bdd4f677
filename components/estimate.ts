/** What a training run will cost, before it runs: learned numbers, passes over the text, time. */
import { languageModelLayout } from '../core/parameters.js';
import { presetConfig, type SizePreset } from '../core/presets.js';
import { suitableSize, usualValidationFraction } from '../core/training-size.js';

/** Different characters in an ordinary text, while nobody has counted. */
const typicalVocabulary = 70;

/** Learned numbers of a preset. */
export function countParameters(size: SizePreset, vocabularySize = typicalVocabulary): number {
  return languageModelLayout(presetConfig(size, vocabularySize)).count;
}

/** Characters that are trained on; the rest is held out. */
function trainedPart(length: number): number {
  return length * (1 - usualValidationFraction);
}

/** The epochs that the worker will choose for a text of `length` characters if nobody else does. */
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

/** Rough seconds to train `parameters` on a text of `length` characters. */
export function estimateSeconds(parameters: number, length: number, epochs = expectedEpochs(length)): number {
  const tokens = trainedPart(length) * epochs;
  return (tokens * parameters * operationsPerWeight) / speed;
}

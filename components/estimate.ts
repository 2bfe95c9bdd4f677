/** What a training run will cost, before it runs: learned numbers, settings that suit a text, and time. */
import type { TrainingOptions } from '../core/config.js';
import { presetConfig, type SizePreset } from '../core/presets.js';

/** Different characters in an ordinary text, while nobody has counted. */
const typicalVocabulary = 70;

/**
 * Learned numbers of a preset: the LSTM with input-output adaptation and a recurrent latent
 * (arXiv 1805.08574, section 3). Dims: V vocabulary, E embedding, I layer input, H hidden, A latent.
 */
export function countParameters(size: SizePreset, vocabularySize = typicalVocabulary): number {
  const { embeddingSize, hiddenSizes, latentSize: A } = presetConfig(size, vocabularySize);
  let count = vocabularySize * embeddingSize; // embedding [V, E]
  let I = embeddingSize;
  for (const H of hiddenSizes) {
    const v = I + H + (hiddenSizes.length > 1 ? A : 0);
    count += 4 * A * (v + A + 1); // latent cell [4A, v], [4A, A], [4A]
    count += (I + H + 3 * 4 * H) * A; // policy [P, A]
    count += 4 * H * (I + H + 1); // cell [4H, I], [4H, H], [4H]
    I = H;
  }
  return count + vocabularySize * (I + 1); // decoder [V, H], [V]
}

/** Optimizer steps that make a small model good at a small text. */
const wantedSteps = 600;
const segmentLength = 64;

/**
 * Batch, epochs and validation that suit a text of `length` characters: short texts get small batches and many passes,
 * so that there are enough steps to learn from; long ones get full batches and few passes.
 */
export function suggestTraining(length: number, epochs?: number) {
  const trained = length * 0.9;
  const batchSize = [32, 16, 8].find((size) => trained >= size * segmentLength * 6) ?? 4;
  const stepsPerEpoch = Math.max(1, Math.floor(trained / (batchSize * segmentLength)));
  const passes = epochs ?? Math.min(200, Math.max(4, Math.round(wantedSteps / stepsPerEpoch)));
  const totalSteps = Math.ceil(passes * stepsPerEpoch);
  return {
    batchSize,
    segmentLength,
    epochs: passes,
    validateEvery: Math.max(stepsPerEpoch, Math.ceil(totalSteps / 40)),
  } satisfies TrainingOptions;
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
export function estimateSeconds(parameters: number, length: number, epochs?: number): number {
  const tokens = length * 0.9 * suggestTraining(length, epochs).epochs;
  return (tokens * parameters * operationsPerWeight) / speed;
}

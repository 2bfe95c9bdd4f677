/** What a training run will cost, before it runs: learned numbers, passes over the text, time. */
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

/** Optimizer steps that a short text is passed over for, within the most epochs; the usual epochs of a long one. */
const fewestSteps = 600;
const mostEpochs = 100;
const usualEpochs = 4;
const segmentLength = 64;
const largestBatch = 32;

/** Characters that are trained on; the rest is held out. */
function trainedPart(length: number): number {
  return length * 0.9;
}

/** The epochs that the worker will choose for a text of `length` characters if nobody else does. */
export function expectedEpochs(length: number): number {
  const tokens = trainedPart(length);
  const batchSize = Math.min(largestBatch, Math.max(1, Math.floor(tokens / (2 * segmentLength))));
  const stepsPerEpoch = Math.max(1, tokens / (batchSize * segmentLength));
  return Math.min(mostEpochs, Math.max(usualEpochs, Math.ceil(fewestSteps / stepsPerEpoch)));
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

/** A text, a model that learns it in a fraction of a second, and runs that nothing ends before a test does. */
import type { TrainRunOptions } from '../../api/index.js';

/** 2,550 characters. */
export const corpus = 'The lamp must be fed, and the clock must be wound. '.repeat(50);

export const tinyRun: TrainRunOptions = {
  batchSize: 4,
  segmentLength: 32,
  epochs: 3,
  learningRate: 0.02,
  sampleEvery: 1_000_000,
  threads: 1,
};

export const tiny: TrainRunOptions = {
  ...tinyRun,
  size: {
    cell: 'lstm',
    adaptation: 'io',
    latent: 'recurrent',
    embeddingSize: 12,
    hiddenSizes: [24],
    latentSize: 4,
    tiedDecoder: false,
  },
};

export const endless: TrainRunOptions = { ...tiny, epochs: 100_000 };
export const long = { maxTokens: 1_000_000 };

/** A text, and a model that learns it in a fraction of a second. */
import type { ModelShape } from '../core/protocol.js';
import type { TrainOptions } from '../core/training-request.js';

/** 2,550 characters. */
export const corpus = 'The lamp must be fed, and the clock must be wound. '.repeat(50);

export const tinyShape: ModelShape = {
  cell: 'lstm',
  adaptation: 'io',
  latent: 'recurrent',
  embeddingSize: 12,
  hiddenSizes: [24],
  latentSize: 4,
  tiedDecoder: false,
};

export const tinyRun: TrainOptions = {
  batchSize: 4,
  segmentLength: 32,
  epochs: 3,
  learningRate: 0.02,
  sampleEvery: 1_000_000,
  threads: 1, // starting others takes longer than such a run
};

export const tiny: TrainOptions = { ...tinyRun, size: tinyShape };

/** So long that nothing ends it before a test does. */
export const endless: TrainOptions = { ...tiny, epochs: 100_000 };

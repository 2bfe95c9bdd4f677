/** Models and runs that whole Programs are compared on: chosen ones, and any. */
import fc from 'fast-check';
import { parseModelConfig, type Dropout, type ModelConfig } from '../../core/config.js';
import type { Scenario } from './model-trace.js';

const noDropout: Dropout = { embedding: 0, input: 0, hidden: 0, latent: 0, output: 0 };
const allDropout: Dropout = { embedding: 0.2, input: 0.3, hidden: 0.25, latent: 0.1, output: 0.4 };

type Shape = Pick<ModelConfig, 'adaptation' | 'vocabularySize' | 'embeddingSize' | 'hiddenSizes'> &
  Partial<Pick<ModelConfig, 'cell' | 'latent' | 'latentSize' | 'policyOffset'>>;

/** The decoder is tied where the sizes allow it. */
function configOf({ latentSize = 1, ...shape }: Shape): ModelConfig {
  const tiedDecoder = shape.hiddenSizes.at(-1) === shape.embeddingSize;
  return parseModelConfig({ cell: 'lstm', latent: 'recurrent', latentSize, tiedDecoder, ...shape });
}

const common = { optimizer: 'adam', epsilon: 1e-8, batch: 3, segments: [5, 1, 7, 3], seed: 5 } as const;

/**
 * The first update is g / (|g| + ε). A g of a few terms may cancel down to its rounding; then with a small ε nothing but the
 * sign of the rounding is left.
 */
const safeEpsilon = 1e-3;

export const scenarios: Readonly<Record<string, Scenario>> = {
  'static, one layer, tied': {
    ...common,
    config: configOf({ adaptation: 'static', vocabularySize: 13, embeddingSize: 9, hiddenSizes: [9] }),
    dropout: noDropout,
  },
  'static, two layers, untied, all dropouts': {
    ...common,
    config: configOf({ adaptation: 'static', vocabularySize: 29, embeddingSize: 7, hiddenSizes: [17, 11] }),
    dropout: allDropout,
    optimizer: 'adamw',
  },
  'static, three layers, tied, all dropouts': {
    ...common,
    config: configOf({ adaptation: 'static', vocabularySize: 29, embeddingSize: 7, hiddenSizes: [5, 13, 7] }),
    dropout: allDropout,
    batch: 1,
  },
  'io, one layer, untied': {
    ...common,
    config: configOf({ adaptation: 'io', vocabularySize: 13, embeddingSize: 6, hiddenSizes: [11], latentSize: 5 }),
    dropout: noDropout,
  },
  'io, one layer, tied, all dropouts': {
    ...common,
    config: configOf({ adaptation: 'io', vocabularySize: 31, embeddingSize: 10, hiddenSizes: [10], latentSize: 3 }),
    dropout: allDropout,
    batch: 1,
  },
  'io, two layers, tied, all dropouts': {
    ...common,
    config: configOf({ adaptation: 'io', vocabularySize: 67, embeddingSize: 13, hiddenSizes: [19, 13], latentSize: 7 }),
    dropout: allDropout,
    optimizer: 'adamw',
  },
  'io, three layers, untied, all dropouts': {
    ...common,
    config: configOf({ adaptation: 'io', vocabularySize: 17, embeddingSize: 5, hiddenSizes: [9, 6, 7], latentSize: 4 }),
    dropout: allDropout,
    batch: 5,
  },
  'io, two layers, beyond a block of the products': {
    ...common,
    config: configOf({
      adaptation: 'io',
      vocabularySize: 131,
      embeddingSize: 33,
      hiddenSizes: [37, 33],
      latentSize: 13,
    }),
    dropout: allDropout,
    batch: 13,
    segments: [6, 2, 5],
  },
  // What reads four numbers at once does so only where all sizes allow it; the batch is more than one tile of rows.
  'static, two layers, all in fours': {
    ...common,
    config: configOf({ adaptation: 'static', vocabularySize: 36, embeddingSize: 20, hiddenSizes: [36, 20] }),
    dropout: allDropout,
    batch: 20,
    segments: [3, 5],
  },
  'io, two layers, all in fours': {
    ...common,
    config: configOf({
      adaptation: 'io',
      vocabularySize: 36,
      embeddingSize: 20,
      hiddenSizes: [36, 20],
      latentSize: 12,
    }),
    dropout: allDropout,
    optimizer: 'adamw',
    batch: 20,
    segments: [3, 5],
  },
  'GRU, io, linear latents, two layers, all dropouts': {
    ...common,
    epsilon: safeEpsilon,
    config: configOf({
      cell: 'gru',
      latent: 'linear',
      adaptation: 'io',
      vocabularySize: 23,
      embeddingSize: 7,
      hiddenSizes: [11, 6],
      latentSize: 5,
    }),
    dropout: allDropout,
  },
  'RNN, output, feed-forward latents, three layers, all dropouts': {
    ...common,
    epsilon: safeEpsilon,
    config: configOf({
      cell: 'rnn',
      latent: 'feed-forward',
      adaptation: 'output',
      vocabularySize: 19,
      embeddingSize: 6,
      hiddenSizes: [9, 7, 6],
      latentSize: 3,
    }),
    dropout: allDropout,
    optimizer: 'adamw',
  },
  'LSTM, input, recurrent latents from 1, in fours': {
    ...common,
    config: configOf({
      adaptation: 'input',
      policyOffset: 1,
      vocabularySize: 24,
      embeddingSize: 12,
      hiddenSizes: [16, 12],
      latentSize: 8,
    }),
    dropout: allDropout,
    batch: 4,
  },
  'GRU, static, two layers': {
    ...common,
    epsilon: safeEpsilon,
    config: configOf({ cell: 'gru', adaptation: 'static', vocabularySize: 17, embeddingSize: 8, hiddenSizes: [10, 8] }),
    dropout: allDropout,
  },
};

const size = fc.integer({ min: 1, max: 9 });
const rate = fc.constantFrom(0, 0.3);

export const anyScenario: fc.Arbitrary<Scenario> = fc.record({
  config: fc
    .record({
      cell: fc.constantFrom('lstm', 'gru', 'rnn'),
      adaptation: fc.constantFrom('static', 'output', 'input', 'io'),
      latent: fc.constantFrom('linear', 'feed-forward', 'recurrent'),
      policyOffset: fc.constantFrom(0, 1),
      vocabularySize: fc.integer({ min: 2, max: 19 }),
      embeddingSize: size,
      hiddenSizes: fc.array(size, { minLength: 1, maxLength: 3 }),
      latentSize: size,
    })
    .map(configOf),
  dropout: fc.record({ embedding: rate, input: rate, hidden: rate, latent: rate, output: rate }),
  optimizer: fc.constantFrom('adam', 'adamw'),
  epsilon: fc.constant(safeEpsilon),
  batch: fc.integer({ min: 1, max: 6 }),
  segments: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 4 }),
  seed: fc.nat(),
});

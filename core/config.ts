/**
 * What can be configured, with ranges. Everything here may come from a file, an attribute or a message, so it is
 * parsed, not trusted: `parseModelConfig` and its siblings return a complete configuration or throw an
 * AdaptiveError that names the field, what was expected and what came.
 */
import * as v from 'valibot';
import { backendChoices, type BackendChoice } from './backend.js';
import { alternatives, choice, flag, parse, real, settings, whole } from './parse.js';
import { usualBatchSize, usualSegmentLength, usualValidationFraction } from './training-size.js';

/** A probability of dropping, below 1 since 1/(1 − p) is the scale. */
const rate = real(0, 0.95);

const modelSchema = v.pipe(
  settings({
    /** What recurs in each layer. */
    cell: choice(['lstm', 'gru', 'rnn']),
    /** What of each linear map the policies scale (paper section 3). */
    adaptation: choice(['static', 'output', 'input', 'io']),
    /** What the policy's latent state is. Without meaning when the adaptation is static. */
    latent: choice(['linear', 'feed-forward', 'recurrent']),
    /** What policies are where the latent is 0: d = offset + tanh(U z). 0, the paper's, unless given. */
    policyOffset: v.optional(whole(0, 1)),
    /** V. */
    vocabularySize: whole(2, 1_000_000),
    /** E. */
    embeddingSize: whole(1, 8192),
    /** H of each layer, bottom to top. */
    hiddenSizes: v.pipe(
      v.array(whole(1, 8192), 'expected a list of hidden sizes, one for each layer'),
      v.minLength(1, 'expected at least 1 layer'),
      v.maxLength(16, 'expected at most 16 layers'),
    ),
    /** A, the same in every layer. */
    latentSize: whole(1, 4096),
    /** The decoder shares the embedding's weight; the last hidden size is then the embedding size. */
    tiedDecoder: flag(),
  }),
  v.forward(
    v.check(
      ({ tiedDecoder, embeddingSize, hiddenSizes }) => !tiedDecoder || hiddenSizes.at(-1) === embeddingSize,
      ({ input: { embeddingSize, hiddenSizes } }) =>
        `a tied decoder needs the last hidden size to equal the embedding size, and they are ` +
        `${hiddenSizes.at(-1)} and ${embeddingSize}; change one, or set tiedDecoder to false`,
    ),
    ['hiddenSizes'],
  ),
);

/** The shape of a language model. Dims: V vocabulary, E embedding, H hidden, A latent. */
export type ModelConfig = v.InferOutput<typeof modelSchema>;

export const dropoutSchema = settings({
  /** Whole rows of the embedding: word types. */
  embedding: v.optional(rate, 0),
  /** The embedded input, one mask per segment. */
  input: v.optional(rate, 0),
  /** h, as it recurs and as the next layer sees it. */
  hidden: v.optional(rate, 0),
  /** z, as it recurs. */
  latent: v.optional(rate, 0),
  /** What the decoder sees. */
  output: v.optional(rate, 0),
});

export type Dropout = v.InferOutput<typeof dropoutSchema>;

const schedules = [
  settings({ kind: v.literal('constant') }),
  settings({
    kind: v.literal('cosine'),
    /** Steps of linear warm-up. */
    warmup: v.optional(whole(0, 1e9), 0),
    /** Fraction of the learning rate that is left at the end. */
    floor: v.optional(real(0, 1), 0.01),
  }),
  settings({
    kind: v.literal('cuts'),
    /** Fractions of the run after which the rate is multiplied by `factor`. */
    at: v.array(real(0, 1), 'expected a list of fractions of the run'),
    /** What the rate is multiplied by there. */
    factor: v.optional(real(0, 1), 0.1),
  }),
] as const;

const scheduleSchema = v.variant(
  'kind',
  schedules,
  `expected a schedule: { kind: ${alternatives(schedules.map(({ entries }) => entries.kind.literal))}, … }`,
);

export type Schedule = v.InferOutput<typeof scheduleSchema>;

const trainingSchema = settings({
  /** B: rows of text that a step learns from. */
  batchSize: v.optional(whole(1, 4096), usualBatchSize),
  /** Steps of back-propagation through time. */
  segmentLength: v.optional(whole(1, 4096), usualSegmentLength),
  /** Draw each segment's length: N(·, 5) around segmentLength, or around its half with probability 0.05. */
  variableSegments: v.optional(flag(), false),
  /** Passes over the training part; fractions are allowed. */
  epochs: v.optional(real(0.000_001, 100_000), 4),
  /** With AdamW the weight decay is apart from the gradient. */
  optimizer: v.optional(choice(['adam', 'adamw']), 'adam'),
  /** The largest step of a weight, about; the schedule takes it down. */
  learningRate: v.optional(real(0, 10), 0.003),
  /** How much of the mean of gradients is kept from step to step. */
  beta1: v.optional(real(0, 0.999_999), 0.9),
  /** How much of the mean of their squares is kept. */
  beta2: v.optional(real(0, 0.999_999), 0.999),
  /** Added to the root of that mean. */
  epsilon: v.optional(real(1e-12, 1), 1e-8),
  /** How strongly weights are drawn to 0. */
  weightDecay: v.optional(real(0, 1), 0),
  /** Largest gradient norm; 0 for no clipping. */
  clip: v.optional(real(0, 1e6), 1),
  /** How the learning rate changes over the run. */
  schedule: v.optional(scheduleSchema, { kind: 'cosine', warmup: 0, floor: 0.01 }),
  /** What is left out at random while it learns, against learning by heart. Nothing unless given. */
  dropout: v.optional(dropoutSchema, {}),
  /** The last part of the corpus, held out. */
  validationFraction: v.optional(real(0, 0.5), usualValidationFraction),
  /** Steps between validations; 0 for one an epoch. */
  validateEvery: v.optional(whole(0, 1e9), 0),
  /** Steps between samples; 0 for one a validation. */
  sampleEvery: v.optional(whole(0, 1e9), 0),
  /** The same seed, text, backend and threads give the same losses, to the bit. */
  seed: v.optional(whole(0, 0xffff_ffff), 1),
  /** Threads to train on; 0 for as many as suit the machine, in a page all but one. The same seed and number give the same bits. */
  threads: v.optional(whole(0, 64), 0),
});

export type TrainingConfig = v.InferOutput<typeof trainingSchema>;
/** What a caller may leave out is left out. */
export type TrainingOptions = v.InferInput<typeof trainingSchema>;

const generationSchema = settings({
  /** What it reads first. */
  prompt: v.optional(
    v.pipe(v.string('expected text'), v.maxLength(1_000_000, 'expected at most 1,000,000 characters')),
    '',
  ),
  /** The most tokens to write. */
  maxTokens: v.optional(whole(0, 1_000_000), 400),
  /** 0 is greedy. */
  temperature: v.optional(real(0, 100), 0.8),
  /** The k most likely tokens; 0 for all. */
  topK: v.optional(whole(0, 1_000_000), 0),
  /** The likeliest tokens that make up this mass. */
  topP: v.optional(real(0.000_001, 1), 1),
  /** The same seed, model and text before give the same text. */
  seed: v.optional(whole(0, 0xffff_ffff), 1),
  /** Writing ends before the first of these. */
  stop: v.optional(
    v.pipe(
      v.array(
        v.pipe(v.string('expected text'), v.nonEmpty('expected text that is not empty')),
        'expected a list of texts',
      ),
      v.maxLength(16, 'expected at most 16 of them'),
    ),
    [],
  ),
  /** Go on from where the last text ended instead of from the zero state. */
  keepState: v.optional(flag(), false),
});

export type GenerationConfig = v.InferOutput<typeof generationSchema>;
export type GenerationOptions = v.InferInput<typeof generationSchema>;

export function parseModelConfig(input: unknown): ModelConfig {
  return parse('Model configuration', 'model-config', modelSchema, input);
}

export function parseTrainingConfig(input: unknown): TrainingConfig {
  return parse('Training options', 'invalid-option', trainingSchema, input);
}

export function parseGenerationConfig(input: unknown): GenerationConfig {
  return parse('Writing options', 'invalid-option', generationSchema, input);
}

export function parseBackendChoice(input: unknown): BackendChoice {
  return parse('Backend', 'invalid-option', choice(backendChoices), input);
}

/**
 * Hyper-parameters drawn at random around good ones: dropout rates within ±0.1 of them, for an adaptive LSTM and a static one
 * of the same size, each trained for a few epochs. "The aLSTM is rather robust, with no model performing
 * particularly badly. The LSTM is another story: half the models fail to converge …"
 */
import * as v from 'valibot';
import {
  dropoutSchema,
  parseModelConfig,
  parseTrainingConfig,
  type Dropout,
  type ModelConfig,
  type TrainingConfig,
} from '../core/config.js';
import { choice, parse, real, settings, whole } from '../core/parse.js';
import { Random } from '../core/random.js';
import type { Experiment, RunOptions } from './experiment.js';
import { Pace } from './pace.js';
import { adaptiveAndStatic, parameterCount } from './recurrent/budget.js';
import { corpusNames, loadCorpus } from './recurrent/corpus.js';
import { trainedRun } from './recurrent/language-run.js';
import { judgeRobustness, type RobustnessFrame, type RobustnessRun } from './robustness-report.js';
import { streams } from './streams.js';

/**
 * Half of the paper's on Penn Treebank, for models of a hundredth of its size: with the whole, neither learns more in a few
 * epochs than how often each word occurs.
 */
const halved: Dropout = { embedding: 0.08, input: 0.3, hidden: 0.125, latent: 0.05, output: 0.3 };

const schema = settings({
  corpus: v.optional(choice(corpusNames), 'ptb'),
  /** The first tokens of the text, at most. */
  trainingTokens: v.optional(whole(100, 1e9), 400_000),
  heldTokens: v.optional(whole(100, 1e9), 10_000),
  /** The most frequent types of the text; all others are unknown. */
  vocabularySize: v.optional(whole(2, 1_000_000), 10_000),
  epochs: v.optional(real(0.000_001, 1000), 1),
  /** Settings that are drawn; each is tried with both models. */
  samples: v.optional(whole(1, 1000), 8),
  /** What the rates are drawn around, and how far from it, uniformly. None is below 0. */
  dropout: v.optional(dropoutSchema, halved),
  spread: v.optional(real(0, 0.5), 0.1),
  /** E, and H of the upper layer, whose decoder is tied. */
  embeddingSize: v.optional(whole(1, 2048), 32),
  /** H of the adaptive LSTM's lower layer. The static one's gives as many parameters. */
  hiddenSize: v.optional(whole(1, 4096), 64),
  latentSize: v.optional(whole(1, 1024), 16),
  batchSize: v.optional(whole(1, 1024), 10),
  segmentLength: v.optional(whole(1, 1024), 20),
  learningRate: v.optional(real(0, 10), 0.003),
});

export type RobustnessSettings = v.InferOutput<typeof schema>;

const highestRate = 0.95;

export const robustness: Experiment<RobustnessSettings, RobustnessFrame> = {
  name: 'robustness',
  title: 'Random dropout rates',
  about: 'Do dropout rates drawn within ±0.1 of good ones spoil a static LSTM more often than an adaptive one?',
  parse: (given) => parse('Experiment robustness', 'invalid-option', schema, given),
  run,
  summarise: (reports) =>
    judgeRobustness({
      progress: reports.at(-1)?.last.progress ?? { done: 0, total: 0, note: '' },
      unigramPerplexity: reports[0]?.last.unigramPerplexity ?? NaN,
      runs: reports.flatMap(({ last }) => last.runs),
    }),
};

async function* run({ settings, seed, laboratory, signal }: RunOptions<RobustnessSettings>) {
  const pace = new Pace(signal);
  const corpus = await loadCorpus(laboratory, settings.corpus, settings);
  const models = makeModels(settings, corpus.vocabularySize);
  const drawn = Array.from({ length: settings.samples }, (_, sample) => drawDropout(settings, seed, sample));
  const jobs = drawn.flatMap((dropout) => models.map((model) => ({ ...model, dropout })));
  const finished: RobustnessRun[] = [];
  const frame = (part: number, note: string): RobustnessFrame => ({
    progress: { done: finished.length + part, total: jobs.length, note },
    unigramPerplexity: Math.exp(corpus.unigramLoss),
    runs: [...finished],
  });
  for (const { name, model, dropout } of jobs) {
    const config = trainingConfig(settings, dropout, seed);
    const { heldLoss, failure } = yield* trainedRun({ laboratory, model, config, corpus }, pace, (part, loss) =>
      frame(part, `${name}: ${loss}`),
    );
    const perplexity = Math.exp(heldLoss);
    finished.push({ model: name, parameters: parameterCount(model), seed, dropout, perplexity, failure });
    yield frame(0, `${name}: perplexity ${perplexity.toFixed(1)}`);
  }
  return judgeRobustness(frame(0, 'done'));
}

/** Sample `sample` of a seed; both models get the same rates, of which the static one has no use for the latent's. */
function drawDropout({ dropout, spread }: RobustnessSettings, seed: number, sample: number): Dropout {
  const random = new Random(seed, streams.dropouts, sample);
  const near = (rate: number) => Math.min(highestRate, Math.max(0, rate + spread * (2 * random.next() - 1)));
  return {
    embedding: near(dropout.embedding),
    input: near(dropout.input),
    hidden: near(dropout.hidden),
    latent: near(dropout.latent),
    output: near(dropout.output),
  };
}

function makeModels(settings: RobustnessSettings, vocabularySize: number) {
  const { embeddingSize, hiddenSize, latentSize } = settings;
  const make = (adaptation: ModelConfig['adaptation'], hidden: number) =>
    parseModelConfig({
      cell: 'lstm',
      adaptation,
      latent: 'recurrent',
      vocabularySize,
      embeddingSize,
      hiddenSizes: [hidden, embeddingSize],
      latentSize,
      tiedDecoder: true,
    });
  return adaptiveAndStatic(make, hiddenSize);
}

/** The paper's recipe, but for its sizes and the cuts that come after a hundred epochs. */
function trainingConfig(settings: RobustnessSettings, dropout: Dropout, seed: number): TrainingConfig {
  const { batchSize, segmentLength, epochs, learningRate } = settings;
  return parseTrainingConfig({
    batchSize,
    segmentLength,
    variableSegments: true,
    epochs,
    learningRate,
    beta1: 0,
    epsilon: 1e-9,
    weightDecay: 1e-6,
    clip: 0,
    schedule: { kind: 'constant' },
    dropout,
    seed,
  });
}

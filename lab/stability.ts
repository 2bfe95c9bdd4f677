/**
 * Back-propagation through thousands of steps without clipping: an adaptive LSTM and a static one of the same size, at several
 * learning rates. "You can train it without gradient clipping while backpropagating through thousands of time steps, without
 * having to fiddle with the learning rate", since the policies gate the gradient.
 */
import * as v from 'valibot';
import { parseModelConfig, parseTrainingConfig, type ModelConfig, type TrainingConfig } from '../core/config.js';
import { parse, real, settings, whole } from '../core/parse.js';
import type { Experiment, RunOptions } from './experiment.js';
import { Pace } from './pace.js';
import { adaptiveAndStatic, parameterCount } from './recurrent/budget.js';
import { loadCorpus, type Corpus } from './recurrent/corpus.js';
import { GradientFlow } from './recurrent/gradient-flow.js';
import { LanguageRun } from './recurrent/language-run.js';
import { TokenRows } from './recurrent/token-rows.js';
import { judgeStability } from './stability-report.js';
import type { Flow, StabilityFrame, StabilityRun, StabilityRunName } from './stability-runs.js';

const schema = settings({
  /** T: steps of back-propagation. */
  segmentLength: v.optional(whole(2, 4096), 2000),
  batchSize: v.optional(whole(1, 256), 2),
  /** Optimizer steps of each run. */
  steps: v.optional(whole(2, 100_000), 150),
  learningRates: v.optional(
    v.pipe(v.array(real(0.000_001, 10), 'expected a list of learning rates'), v.minLength(1, 'expected at least one')),
    [0.03, 0.05, 0.07, 0.1],
  ),
  /** β₁ of Adam; 0 is the paper's. */
  beta1: v.optional(real(0, 0.999), 0),
  embeddingSize: v.optional(whole(1, 1024), 32),
  /** H of the adaptive LSTM. The static one has as many parameters. */
  hiddenSize: v.optional(whole(1, 1024), 64),
  latentSize: v.optional(whole(1, 1024), 16),
  policyOffset: v.optional(whole(0, 1), 0),
});

export type StabilitySettings = v.InferOutput<typeof schema>;

/** Segments of text that a run reads before it reads the first again, at most. */
const segmentsOfText = 100;
/** A flow is looked at so often in a run, and before it. */
const looks = 4;
/** Distances at which a flow is kept: so many for each doubling. */
const distancesPerDoubling = 4;

export const stability: Experiment<StabilitySettings, StabilityFrame> = {
  name: 'stability',
  title: 'Thousands of steps without clipping',
  about: 'Does a static LSTM diverge where an adaptive one trains, through 2,000 steps and without gradient clipping?',
  parse: (given) => parse('Experiment stability', 'invalid-option', schema, given),
  run,
  summarise: (reports) =>
    judgeStability({
      progress: reports.at(-1)?.last.progress ?? { done: 0, total: 0, note: '' },
      runs: reports.flatMap(({ last }) => last.runs),
    }),
};

async function* run({ settings, seed, laboratory, signal }: RunOptions<StabilitySettings>) {
  const pace = new Pace(signal);
  const { segmentLength, batchSize, learningRates, steps } = settings;
  const ofSegment = segmentLength * batchSize;
  const limits = { trainingTokens: Math.min(steps, segmentsOfText) * ofSegment + 1, heldTokens: ofSegment };
  const corpus = await loadCorpus(laboratory, 'tinyshakespeare', limits);
  const models = makeModels(settings, corpus.vocabularySize);
  const jobs = learningRates.flatMap((rate) => models.map((model) => ({ ...model, rate })));
  const total = jobs.length * steps;
  const finished: StabilityRun[] = [];
  const frame = (done: number, note: string, under: readonly StabilityRun[] = []): StabilityFrame => ({
    progress: { done: finished.length * steps + done, total, note },
    runs: [...finished, ...under],
  });
  for (const { name, model, rate } of jobs) {
    const config = trainingConfig(settings, rate, seed);
    const run = await LanguageRun.create({ laboratory, model, config, corpus, steps });
    try {
      const watched = await watch(run, { model: name, parameters: parameterCount(model), rate, seed }, corpus);
      while (!run.ended) {
        await watched.step();
        const { losses } = watched.record;
        if (await pace.beat()) {
          yield frame(run.done, `${name} at ${rate}: loss ${losses.at(-1)?.toFixed(3)}`, [watched.record]);
        }
      }
      finished.push(watched.record);
    } finally {
      run.destroy();
    }
    yield frame(0, `${name} at ${rate} done`);
  }
  return judgeStability(frame(0, 'done'));
}

/** A run with what is kept of it: losses, norms, and now and then how a gradient flows through the first segment. */
async function watch(run: LanguageRun, about: StabilityRunName, corpus: Corpus) {
  const { model, plan } = run.trainer.options;
  const { batchSize: batch, segmentLength: maxSteps } = plan.config;
  const flow = await GradientFlow.create(run.executor, model, { batch, maxSteps });
  const ids = new Int32Array(batch * maxSteps);
  new TokenRows(corpus.training, batch).next(ids, new Int32Array(ids.length), maxSteps);
  const flows: Flow[] = [];
  const losses: number[] = [];
  const norms: number[] = [];
  const look = async () => {
    flows.push({ step: run.done, ...sparse(await flow.measure(ids)) });
  };
  await look();
  return {
    get record(): StabilityRun {
      return { ...about, losses, norms, flows, failure: run.failure };
    },
    async step() {
      const { loss, gradientNorm } = await run.step();
      losses.push(loss);
      norms.push(gradientNorm);
      if (run.ended || run.done % Math.ceil(run.totalSteps / looks) === 0) await look();
    },
  };
}

/** Of norms at every distance, those at distances that grow by a constant factor. */
function sparse(norms: Float32Array): Omit<Flow, 'step'> {
  const kept = [...norms].flatMap((norm, index) => {
    const place = (distance: number) => Math.floor(distancesPerDoubling * Math.log2(distance));
    const last = index === norms.length - 1;
    return last || place(index + 1) !== place(index + 2) ? [{ distance: index + 1, norm }] : [];
  });
  return { distances: kept.map(({ distance }) => distance), norms: kept.map(({ norm }) => norm) };
}

function makeModels(settings: StabilitySettings, vocabularySize: number) {
  const { embeddingSize, hiddenSize, latentSize, policyOffset } = settings;
  const make = (adaptation: ModelConfig['adaptation'], hidden: number) =>
    parseModelConfig({
      cell: 'lstm',
      adaptation,
      latent: 'recurrent',
      policyOffset,
      vocabularySize,
      embeddingSize,
      hiddenSizes: [hidden],
      latentSize,
      tiedDecoder: false,
    });
  return adaptiveAndStatic(make, hiddenSize);
}

function trainingConfig(settings: StabilitySettings, learningRate: number, seed: number): TrainingConfig {
  const { batchSize, segmentLength, beta1 } = settings;
  return parseTrainingConfig({
    batchSize,
    segmentLength,
    learningRate,
    beta1,
    epsilon: 1e-9,
    clip: 0,
    schedule: { kind: 'constant' },
    seed,
  });
}

/**
 * Which part of the adaptive LSTM does what: kinds of latent and kinds of adaptation, all on one parameter budget, with
 * policies that start from 0 (the paper's) and from 1.
 */
import * as v from 'valibot';
import { parseModelConfig, parseTrainingConfig, type ModelConfig, type TrainingConfig } from '../core/config.js';
import { choice, parse, real, settings, whole } from '../core/parse.js';
import {
  adaptations,
  judgeAblation,
  latents,
  type AblationFrame,
  type AblationRun,
  type Variant,
} from './ablation-report.js';
import type { Experiment, RunOptions } from './experiment.js';
import { Pace } from './pace.js';
import { fitBudget, parameterCount } from './recurrent/budget.js';
import { corpusNames, loadCorpus } from './recurrent/corpus.js';
import { trainedRun } from './recurrent/language-run.js';

const schema = settings({
  corpus: v.optional(choice(corpusNames), 'tinyshakespeare'),
  trainingTokens: v.optional(whole(100, 1e9), 300_000),
  heldTokens: v.optional(whole(100, 1e9), 30_000),
  epochs: v.optional(real(0.000_001, 1000), 1),
  /** Parameters of every model. */
  budget: v.optional(whole(1000, 100_000_000), 100_000),
  latents: v.optional(v.array(choice(latents), 'expected a list of latents'), [...latents]),
  adaptations: v.optional(v.array(choice(adaptations), 'expected a list of adaptations'), [...adaptations]),
  policyOffsets: v.optional(v.array(whole(0, 1), 'expected a list of 0, 1 or both'), [0, 1]),
  embeddingSize: v.optional(whole(1, 2048), 32),
  latentSize: v.optional(whole(1, 1024), 16),
  batchSize: v.optional(whole(1, 1024), 8),
  segmentLength: v.optional(whole(1, 1024), 64),
  learningRate: v.optional(real(0, 10), 0.005),
});

export type AblationSettings = v.InferOutput<typeof schema>;

export const ablation: Experiment<AblationSettings, AblationFrame> = {
  name: 'ablation',
  title: 'Latent and adaptation',
  about: 'What do the kind of latent, the kind of adaptation and the start of the policies contribute, at equal size?',
  parse: (given) => parse('Experiment ablation', 'invalid-option', schema, given),
  run,
  summarise: (reports) =>
    judgeAblation({
      progress: reports.at(-1)?.last.progress ?? { done: 0, total: 0, note: '' },
      runs: reports.flatMap(({ last }) => last.runs),
    }),
};

async function* run({ settings, seed, laboratory, signal }: RunOptions<AblationSettings>) {
  const pace = new Pace(signal);
  const corpus = await loadCorpus(laboratory, settings.corpus, settings);
  const config = trainingConfig(settings, seed);
  const jobs = variants(settings).map((variant) => ({
    variant,
    model: fitBudget(settings.budget, (hidden) => makeModel(settings, variant, corpus.vocabularySize, hidden)),
  }));
  const finished: AblationRun[] = [];
  const frame = (part: number, note: string): AblationFrame => ({
    progress: { done: finished.length + part, total: jobs.length, note },
    runs: [...finished],
  });
  for (const { variant, model } of jobs) {
    const name = `${variant.adaptation}, ${variant.latent}`;
    const { heldLoss } = yield* trainedRun({ laboratory, model, config, corpus }, pace, (part, loss) =>
      frame(part, `${name}: ${loss}`),
    );
    const [parameters, hiddenSize] = [parameterCount(model), model.hiddenSizes[0] ?? 0];
    finished.push({ ...variant, parameters, hiddenSize, seed, heldLoss });
    yield frame(0, `${name}: held out ${heldLoss.toFixed(3)}`);
  }
  return judgeAblation(frame(0, 'done'));
}

/** A static layer has no latent, so of the kinds of latent only the number of layers is left. */
function variants({ latents, adaptations, policyOffsets }: AblationSettings): Variant[] {
  return adaptations.flatMap((adaptation): Variant[] => {
    if (adaptation === 'static') return [1, 2].map((layers) => ({ adaptation, latent: null, layers, policyOffset: 0 }));
    return latents.flatMap((latent) =>
      policyOffsets.map((policyOffset) => ({ adaptation, latent, layers: latent === 'hybrid' ? 2 : 1, policyOffset })),
    );
  });
}

function makeModel(settings: AblationSettings, variant: Variant, vocabularySize: number, hidden: number): ModelConfig {
  const { embeddingSize, latentSize } = settings;
  const { adaptation, latent, layers, policyOffset } = variant;
  return parseModelConfig({
    cell: 'lstm',
    adaptation,
    latent: latent === 'hybrid' || latent === null ? 'recurrent' : latent,
    policyOffset,
    vocabularySize,
    embeddingSize,
    hiddenSizes: Array.from({ length: layers }, () => hidden),
    latentSize,
    tiedDecoder: false,
  });
}

function trainingConfig(settings: AblationSettings, seed: number): TrainingConfig {
  const { batchSize, segmentLength, epochs, learningRate } = settings;
  return parseTrainingConfig({ batchSize, segmentLength, epochs, learningRate, seed });
}

/** Training steps: forward, backward, norm and Adam. Checked by the loss, which must fall on a text that repeats. */
import type { ModelConfig } from '../../core/config.js';
import type { Executor } from '../../core/executor.js';
import type { ParameterLayout } from '../../core/layout.js';
import { initialise } from '../../model/initialise.js';
import { languageModelLayout } from '../../core/parameters.js';
import { TrainingStep } from '../../worker/training-step.js';
import { configurations, modelConfig, type ConfigurationName, type Model } from '../configurations.js';
import { figure, timeAsync, type Figure } from '../figure.js';
import { repeatingIds } from './ids.js';

export const adam = { optimizer: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, clip: 1 } as const;
export const learningRate = 0.002;
const dropout = { embedding: 0, input: 0, hidden: 0, latent: 0, output: 0 };
/** Steps after which the loss must have fallen. */
const checked = 4;

/** Weights, and the one segment that is trained on again and again. */
export interface TrainingProblem {
  readonly config: ModelConfig;
  readonly layout: ParameterLayout;
  readonly batch: number;
  readonly steps: number;
  /** The flat buffer of the layout. */
  readonly parameters: Float32Array;
  readonly ids: Int32Array; // [T, B]
  readonly targets: Int32Array; // [T, B]
}

export function trainingProblem(name: ConfigurationName, model: Model): TrainingProblem {
  const { batch, steps } = configurations[name];
  const config = modelConfig(name, model);
  const layout = languageModelLayout(config);
  const parameters = new Float32Array(layout.length);
  initialise(layout, 1, parameters);
  return { config, layout, batch, steps, parameters, ...repeatingIds(config.vocabularySize, batch, steps) };
}

/** A training that stands ready, ours or another's. */
export interface Training {
  /** One step; the loss before its update. */
  step(): Promise<number>;
}

/** Ours. It goes with the executor. */
export async function prepareTraining(
  executor: Executor,
  { config, batch, steps, parameters, ids, targets }: TrainingProblem,
  threads: number,
): Promise<Training> {
  const step = await TrainingStep.create(executor, {
    model: config,
    batch,
    maxSteps: steps,
    dropout,
    optimizer: adam,
    threads,
  });
  if (step.threads !== threads) throw new Error(`${threads} threads were wanted, and there are ${step.threads}.`);
  step.writeParameters(parameters);
  let done = 0;
  return { step: async () => (await step.run({ ids, targets, steps, learningRate, seed: 1, done: done++ })).loss };
}

/** Tokens/s. `budget` in seconds. */
export async function measureTraining(
  executor: Executor,
  name: ConfigurationName,
  model: Model,
  threads: number,
  budget: number,
): Promise<Figure> {
  const problem = trainingProblem(name, model);
  const training = await prepareTraining(executor, problem, threads);
  const losses: number[] = [];
  for (let i = 0; i < checked; i++) losses.push(await training.step());
  const [first = NaN] = losses;
  const last = losses.at(-1) ?? NaN;
  if (!(Math.abs(first - Math.log(problem.config.vocabularySize)) < 0.2 && last < first)) {
    throw new Error(`Training ${model} ${name} goes wrong: losses ${losses.join(', ')}.`);
  }
  const samples = await timeAsync(() => training.step(), budget);
  const speeds = samples.map((seconds) => (problem.batch * problem.steps) / seconds);
  return figure(`training ${model} ${name}, ${threads} thread${threads > 1 ? 's' : ''}`, 'tokens/s', speeds);
}

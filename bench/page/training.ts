/** Training steps: forward, backward, norm and Adam. Checked by the loss, which must fall on a text that repeats. */
import type { Executor } from '../../core/executor.js';
import { initialise } from '../../model/initialise.js';
import { languageModelLayout } from '../../model/parameters.js';
import { TrainingStep } from '../../worker/training-step.js';
import { configurations, modelConfig, type ConfigurationName, type Model } from '../configurations.js';
import { figure, timeAsync, type Figure } from '../figure.js';
import { repeatingIds } from './ids.js';

const optimizer = { optimizer: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, clip: 1 } as const;
const dropout = { embedding: 0, input: 0, hidden: 0, latent: 0, output: 0 };
/** Steps after which the loss must have fallen. */
const checked = 4;

/** Tokens/s. `budget` in seconds. */
export async function measureTraining(
  executor: Executor,
  name: ConfigurationName,
  model: Model,
  threads: number,
  budget: number,
): Promise<Figure> {
  const { batch, steps } = configurations[name];
  const config = modelConfig(name, model);
  const step = await TrainingStep.create(executor, {
    model: config,
    batch,
    maxSteps: steps,
    dropout,
    optimizer,
    threads,
  });
  if (step.threads !== threads) throw new Error(`${threads} threads were wanted, and there are ${step.threads}.`);
  const layout = languageModelLayout(config);
  const parameters = new Float32Array(layout.length);
  initialise(layout, 1, parameters);
  step.update.runners[0]?.write('parameters', parameters);
  const ids = repeatingIds(config.vocabularySize, batch, steps);
  let done = 0;
  const once = () => step.run({ ...ids, steps, learningRate: 0.002, seed: 1, done: done++ });
  const losses: number[] = [];
  for (let i = 0; i < checked; i++) losses.push((await once()).loss);
  const [first = NaN] = losses;
  const last = losses.at(-1) ?? NaN;
  if (!(Math.abs(first - Math.log(config.vocabularySize)) < 0.2 && last < first)) {
    throw new Error(`Training ${model} ${name} goes wrong: losses ${losses.join(', ')}.`);
  }
  const samples = await timeAsync(once, budget);
  step.unload();
  const speeds = samples.map((seconds) => (batch * steps) / seconds);
  return figure(`training ${model} ${name}, ${threads} thread${threads > 1 ? 's' : ''}`, 'tokens/s', speeds);
}

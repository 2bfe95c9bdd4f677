/** Training steps: forward, backward, norm and Adam. Checked by the loss, which must fall on a text that repeats. */
import type { Executor } from '../../core/executor.js';
import { initialise } from '../../model/initialise.js';
import { trainingProgram } from '../../model/language-model.js';
import { updateSettings } from '../../model/optimizer.js';
import { languageModelLayout } from '../../model/parameters.js';
import { configurations, modelConfig, type ConfigurationName, type Model } from '../configurations.js';
import { figure, timeIt, type Figure } from '../figure.js';
import { repeatingIds } from './ids.js';

const adam = { optimizer: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, clip: 1 } as const;
/** Steps after which the loss must have fallen. */
const checked = 4;

/** Tokens/s. `budget` in seconds. */
export async function measureTraining(
  executor: Executor,
  name: ConfigurationName,
  model: Model,
  budget: number,
): Promise<Figure> {
  const { batch, steps } = configurations[name];
  const config = modelConfig(name, model);
  const runner = await executor.load(trainingProgram(config, { batch, maxSteps: steps, optimizer: 'adam' }));
  const layout = languageModelLayout(config);
  const parameters = new Float32Array(layout.length);
  initialise(layout, 1, parameters);
  runner.write('parameters', parameters);
  const { ids, targets } = repeatingIds(config.vocabularySize, batch, steps);
  runner.write('ids', ids);
  runner.write('targets', targets);
  const settings = new Float32Array(8);
  let step = 0;
  const once = () => {
    updateSettings(adam, 0.002, ++step, settings);
    runner.write('settings', settings);
    runner.run(steps);
  };
  const losses: number[] = [];
  for (let i = 0; i < checked; i++) {
    once();
    losses.push((await runner.read('loss', new Float32Array(1)))[0] ?? NaN);
  }
  const [first = NaN] = losses;
  const last = losses.at(-1) ?? NaN;
  if (!(Math.abs(first - Math.log(config.vocabularySize)) < 0.2 && last < first)) {
    throw new Error(`Training ${model} ${name} goes wrong: losses ${losses.join(', ')}.`);
  }
  const samples = timeIt(once, budget);
  runner.unload();
  return figure(
    `training ${model} ${name}`,
    'tokens/s',
    samples.map((seconds) => (batch * steps) / seconds),
  );
}

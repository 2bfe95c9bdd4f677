/** What is trained on a GPU: the sizes of configurations.ts, P with the paper's 70 steps. */
import type { Executor } from '../../core/executor.js';
import { languageModelLayout } from '../../core/parameters.js';
import { readModules } from '../../cli/modules.js';
import { createWasmExecutor } from '../../worker/wasm-executor.js';
import { configurations, modelConfig, type ConfigurationName, type Model } from '../configurations.js';
import { plainWeights } from '../page/generation.js';
import { repeatingIds } from '../page/ids.js';
import type { TrainingProblem } from '../page/training.js';

/** T of a training step. */
export const stepsOf = { S: configurations.S.steps, M: configurations.M.steps, P: 70 } as const;

/** Weights as writing is measured with, since orthogonal ones would take most of a minute for P. */
export function gpuTrainingProblem(name: ConfigurationName, model: Model): TrainingProblem {
  const { batch } = configurations[name];
  const steps = stepsOf[name];
  const config = modelConfig(name, model);
  const layout = languageModelLayout(config);
  const parameters = plainWeights(layout);
  return { config, layout, batch, steps, parameters, ...repeatingIds(config.vocabularySize, batch, steps) };
}

/** The executor whose numbers a GPU's are compared with: itself held to the float64 reference by the tests. */
export async function comparisonExecutor(): Promise<Executor> {
  const { kernels, threads } = await readModules();
  return createWasmExecutor({ module: kernels, threads });
}

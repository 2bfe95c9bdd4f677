/**
 * Launches: dispatches a layer and step, forward and backward, and the rest of a training step's. Neither the sizes of the
 * layers nor the GPU make a difference to them: they are counted with small layers on Dawn's null backend, which computes
 * nothing. measureTraining holds what it does to them.
 */
import { dawn } from '../../cli/dawn.js';
import { parseModelConfig, type ModelConfig } from '../../core/config.js';
import type { Program } from '../../core/program.js';
import { createGpuExecutor, type GpuExecutor, type KernelStyle } from '../../gpu/webgpu.js';
import { evaluationProgram, trainingProgram } from '../../model/language-model.js';
import { languageModelLayout } from '../../core/parameters.js';
import { prepareTraining } from '../page/training.js';
import { trafficOf } from './traffic.js';

export interface Launches {
  /** Dispatches a layer and step. */
  readonly forward: number;
  readonly backward: number;
  /** All others of a training step. */
  readonly constant: number;
  /** A training step's. */
  readonly dispatches: number;
}

const [fewer, more] = [2, 3]; // steps
const batch = 1;
const width = 8;

/** Of training a model with segments of T `steps`, in the style of a GPU unless told. */
export async function countLaunches(
  model: ModelConfig,
  steps: number,
  style: KernelStyle = 'tiles',
): Promise<Launches> {
  const executor = await createGpuExecutor({ source: await dawn({ backend: 'null' }), style });
  try {
    const config = narrowed(model);
    const layers = config.hiddenSizes.length;
    const shape = { batch, maxSteps: more };
    const forward = (await dispatchesOfStep(executor, evaluationProgram(config, shape))) / layers;
    const both = (await dispatchesOfStep(executor, trainingProgram(config, shape))) / layers;
    const layout = languageModelLayout(config);
    const parameters = new Float32Array(layout.length);
    const ids = new Int32Array(fewer * batch);
    const problem = { config, layout, batch, steps: fewer, parameters, ids, targets: ids };
    const training = await prepareTraining(executor, problem, 1);
    const { dispatches } = await trafficOf(() => training.step());
    const constant = dispatches - both * layers * fewer;
    return {
      forward,
      backward: both - forward,
      constant,
      dispatches: constant + both * layers * steps,
    };
  } finally {
    executor.destroy();
  }
}

/** The same layers with few units. */
function narrowed(config: ModelConfig): ModelConfig {
  return parseModelConfig({
    ...config,
    vocabularySize: width,
    embeddingSize: width,
    hiddenSizes: config.hiddenSizes.map(() => width),
    latentSize: width,
  });
}

/** By how many a step makes a replay longer. */
async function dispatchesOfStep(executor: GpuExecutor, program: Program): Promise<number> {
  const runner = await executor.load(program);
  const dispatches = (steps: number) => {
    runner.run(steps);
    return runner.dispatches;
  };
  const step = (dispatches(more) - dispatches(fewer)) / (more - fewer);
  runner.unload();
  return step;
}

export function printLaunches(name: string, { forward, backward, constant, dispatches }: Launches): void {
  process.stdout.write(
    `launches ${name.padEnd(10)} a layer and step ${forward} forward, ${backward} backward; ` +
      `${constant} others; ${dispatches.toLocaleString('en')} a training step\n`,
  );
}

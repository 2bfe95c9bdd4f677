/**
 * Launches: dispatches a layer and step, forward and backward, and the rest of a training step's. The GPU makes no
 * difference to them, and the sizes of the layers only where a product is added up from parts, in a dispatch more: they are
 * counted with small layers on Dawn's null backend, which computes nothing. measureTraining holds what it does to them.
 */
import { dawn } from '../../cli/dawn.js';
import { parseModelConfig, type ModelConfig } from '../../core/config.js';
import { ops } from '../../core/ops.js';
import { sizeAt, type Program } from '../../core/program.js';
import { productParts } from '../../gpu/product-tile.js';
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
const oneRow = 1;
const width = 8;

/** Of training a model with B rows and T steps, in the style of a GPU unless told. */
export async function countLaunches(
  model: ModelConfig,
  { batch, steps }: { readonly batch: number; readonly steps: number },
  style: KernelStyle = 'tiles',
): Promise<Launches> {
  const executor = await createGpuExecutor({ source: await dawn({ backend: 'null' }), style });
  try {
    const config = narrowed(model);
    const layers = config.hiddenSizes.length;
    const shape = { batch: oneRow, maxSteps: more };
    const forward = (await dispatchesOfStep(executor, evaluationProgram(config, shape))) / layers;
    const both = (await dispatchesOfStep(executor, trainingProgram(config, shape))) / layers;
    const layout = languageModelLayout(config);
    const parameters = new Float32Array(layout.length);
    const ids = new Int32Array(fewer * oneRow);
    const problem = { config, layout, batch: oneRow, steps: fewer, parameters, ids, targets: ids };
    const training = await prepareTraining(executor, problem, 1);
    const { dispatches } = await trafficOf(() => training.step());
    const inParts = style === 'tiles' ? productsInParts(trainingProgram(model, { batch, maxSteps: steps })) : 0;
    const constant = dispatches - both * layers * fewer + inParts;
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

/** Products outside of scans whose K is shared out (gpu/product-tile.ts). */
function productsInParts({ body, maxSteps }: Program): number {
  return body.filter((call) => {
    if (call.kind !== 'call' || ops[call.op].file !== 'product') return false;
    const [m = 0, n = 0, k = 0] = call.sizes.map((size) => sizeAt(size, maxSteps));
    return productParts({ m, n, k }) > 1;
  }).length;
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

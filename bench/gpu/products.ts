/** Matrix products beside the peak: square ones, and those with few rows that a recurrence is made of. */
import { createGpuExecutor, type GpuExecutor, type GpuSource } from '../../gpu/webgpu.js';
import { figure, type Figure } from '../figure.js';
import { checkProduct, productKinds, productProgram, type ProductProblem } from '../product-problem.js';
import { Pace, unlessTooLarge, type Allowance, type Missing } from './allowance.js';
import { GpuClock } from './clock.js';

/** (M, K, N), the least work first: how fast one was says how long the next will take. */
const shapes = [
  [20, 256, 1024],
  [256, 256, 256],
  [32, 512, 2048],
  [128, 512, 1024],
  [1024, 1024, 1024],
  [2048, 2048, 2048],
  [4096, 4096, 4096],
] as const;

/** A sample replays the product until it takes about so long. */
const sampleSeconds = 0.02;
const mostRepeats = 256;
const budget = 0.3; // s

/** FLOP/s. `report` hears of each figure as it comes. */
export async function measureProducts(
  source: GpuSource,
  allowance: Allowance,
  report: (result: Figure | Missing) => void,
): Promise<void> {
  const executor = await createGpuExecutor({ source });
  const clock = await GpuClock.open(executor.gpu.device);
  for (const kind of productKinds) {
    const pace = new Pace();
    for (const [m, k, n] of shapes) {
      const name = `${kind} (${m}, ${k}, ${n})`;
      const operations = 2 * m * k * n;
      // Once to check it, once to time it.
      const refusal = allowance.refusal(pace.foretell(2 * operations));
      if (refusal) {
        report({ name, notMeasured: refusal });
        continue;
      }
      const result = await unlessTooLarge(name, async () => {
        const samples = await timeProduct(executor, clock, allowance, { kind, m, k, n });
        return figure(
          name,
          'FLOP/s',
          samples.map((seconds) => operations / seconds),
        );
      });
      if ('median' in result) pace.record(result.median, 1);
      report(result);
    }
  }
  executor.destroy();
}

async function timeProduct(
  executor: GpuExecutor,
  clock: GpuClock,
  allowance: Allowance,
  problem: ProductProblem,
): Promise<number[]> {
  const runner = await executor.load(productProgram(problem, mostRepeats));
  try {
    await checkProduct(runner, problem);
    const once = await clock.seconds(() => runner.run(1));
    const repeats = Math.max(1, Math.min(mostRepeats, Math.ceil(sampleSeconds / once)));
    if (repeats === 1)
      return [once, ...(await allowance.sample(() => clock.seconds(() => runner.run(1)), budget - once))];
    const samples = await allowance.sample(() => clock.seconds(() => runner.run(repeats)), budget);
    return samples.map((seconds) => seconds / repeats);
  } finally {
    runner.unload();
  }
}

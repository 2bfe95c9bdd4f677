/** Matrix products through the executor, each checked before it is timed. */
import type { Executor } from '../../core/executor.js';
import { figure, timeIt, type Figure } from '../figure.js';
import { checkProduct, productKinds, productProgram, type ProductProblem } from '../product-problem.js';

const shapes = [
  [20, 256, 1024],
  [32, 512, 2048],
  [128, 512, 1024],
  [512, 512, 512],
] as const;

/** FLOP/s of every kind at every shape (M, K, N). */
export async function measureProducts(executor: Executor): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const kind of productKinds) {
    for (const [m, k, n] of shapes) figures.push(await measureProduct(executor, { kind, m, k, n }));
  }
  return figures;
}

async function measureProduct(executor: Executor, problem: ProductProblem): Promise<Figure> {
  const { kind, m, k, n } = problem;
  const runner = await executor.load(productProgram(problem));
  await checkProduct(runner, problem);
  const samples = timeIt(() => runner.run(1), 0.3);
  runner.unload();
  return figure(
    `${kind} (${m}, ${k}, ${n})`,
    'FLOP/s',
    samples.map((seconds) => (2 * m * k * n) / seconds),
  );
}

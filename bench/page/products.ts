/** Matrix products through the executor, each checked before it is timed. */
import type { Executor } from '../../core/executor.js';
import { ProgramBuilder } from '../../core/program.js';
import { Random } from '../../core/random.js';
import { figure, timeIt, type Figure } from '../figure.js';

export const shapes = [
  [20, 256, 1024],
  [32, 512, 2048],
  [128, 512, 1024],
  [512, 512, 512],
] as const;

const kinds = ['productNT', 'productNN', 'productTN'] as const;

/** FLOP/s of every kind at every shape (M, K, N). */
export async function measureProducts(executor: Executor): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const kind of kinds) {
    for (const [m, k, n] of shapes) figures.push(await measureProduct(executor, kind, m, k, n));
  }
  return figures;
}

async function measureProduct(
  executor: Executor,
  kind: (typeof kinds)[number],
  m: number,
  k: number,
  n: number,
): Promise<Figure> {
  const builder = new ProgramBuilder(kind, 1);
  const a = kind === 'productTN' ? builder.matrix('a', k, m) : builder.matrix('a', m, k);
  const b = kind === 'productNT' ? builder.matrix('b', n, k) : builder.matrix('b', k, n);
  const c = builder.matrix('c', m, n);
  const sizes = { m, n, k, accumulate: 0 };
  if (kind === 'productNT') builder.call(kind, { a, b, c, bias: null }, sizes);
  else builder.call(kind, { a, b, c }, sizes);
  builder.port('a', a, [m, k]);
  builder.port('b', b, [k, n]);
  builder.port('c', c, [m, n]);
  const runner = await executor.load(builder.build());
  const left = randomValues(m * k, 1);
  const right = randomValues(k * n, 2);
  runner.write('a', left);
  runner.write('b', right);
  runner.run(1);
  const result = await runner.read('c', new Float32Array(m * n));
  checkSome(
    result,
    (row, column) => {
      let sum = 0;
      for (let i = 0; i < k; i++) {
        const x = left[kind === 'productTN' ? i * m + row : row * k + i] ?? NaN;
        const y = right[kind === 'productNT' ? column * k + i : i * n + column] ?? NaN;
        sum += x * y;
      }
      return sum;
    },
    n,
  );
  const samples = timeIt(() => runner.run(1), 0.3);
  runner.unload();
  return figure(
    `${kind} (${m}, ${k}, ${n})`,
    'FLOP/s',
    samples.map((seconds) => (2 * m * k * n) / seconds),
  );
}

export function randomValues(length: number, seed: number): Float32Array {
  const random = new Random(seed, 0);
  return Float32Array.from({ length }, () => 2 * random.next() - 1);
}

/** @throws if one of some elements is wrong. */
function checkSome(result: Float32Array, expected: (row: number, column: number) => number, columns: number): void {
  const random = new Random(3, 0);
  for (let i = 0; i < 200; i++) {
    const at = Math.floor(random.next() * result.length);
    const right = expected(Math.floor(at / columns), at % columns);
    const got = result[at] ?? NaN;
    if (!(Math.abs(got - right) < 1e-3)) throw new Error(`A product is wrong: element ${at} is ${got}, not ${right}.`);
  }
}

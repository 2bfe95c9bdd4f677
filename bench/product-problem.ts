/** Matrix products as Programs, and whether an executor has them right. */
import type { Runner } from '../core/executor.js';
import { ProgramBuilder, type Program } from '../core/program.js';
import { Random } from '../core/random.js';

export const productKinds = ['productNT', 'productNN', 'productTN'] as const;
export type ProductKind = (typeof productKinds)[number];

export interface ProductProblem {
  readonly kind: ProductKind;
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/** Ports a, b, c. With `repeats` the same product up to so many times, as steps of a scan. */
export function productProgram({ kind, m, k, n }: ProductProblem, repeats?: number): Program {
  const builder = new ProgramBuilder(kind, repeats ?? 1);
  const a = kind === 'productTN' ? builder.matrix('a', k, m) : builder.matrix('a', m, k);
  const b = kind === 'productNT' ? builder.matrix('b', n, k) : builder.matrix('b', k, n);
  const c = builder.matrix('c', m, n);
  const sizes = { m, n, k, accumulate: 0 };
  const write = ({ call }: Pick<ProgramBuilder, 'call'>) => {
    if (kind === 'productNT') call(kind, { a, b, c, bias: null }, sizes);
    else call(kind, { a, b, c }, sizes);
  };
  if (repeats === undefined) write(builder);
  else builder.scan('forward', write);
  builder.port('a', a, [m, k]);
  builder.port('b', b, [k, n]);
  builder.port('c', c, [m, n]);
  return builder.build();
}

/** Writes random operands, runs once, and compares with float64. @throws if one of some elements is wrong. */
export async function checkProduct(runner: Runner, { kind, m, k, n }: ProductProblem): Promise<void> {
  const left = randomValues(m * k, 1);
  const right = randomValues(k * n, 2);
  runner.write('a', left);
  runner.write('b', right);
  runner.run(1);
  const result = await runner.read('c', new Float32Array(m * n));
  const random = new Random(3, 0);
  for (let i = 0; i < 200; i++) {
    const at = Math.floor(random.next() * result.length);
    const [row, column] = [Math.floor(at / n), at % n];
    let expected = 0;
    for (let j = 0; j < k; j++) {
      const x = left[kind === 'productTN' ? j * m + row : row * k + j] ?? NaN;
      const y = right[kind === 'productNT' ? column * k + j : j * n + column] ?? NaN;
      expected += x * y;
    }
    const got = result[at] ?? NaN;
    if (!(Math.abs(got - expected) < 1e-3)) {
      throw new Error(`${kind} (${m}, ${k}, ${n}) is wrong: element ${at} is ${got}, not ${expected}.`);
    }
  }
}

/** Drawing takes its time, so that they repeat: after a prime, which no row has for its length. */
const period = 1_048_583;

function randomValues(length: number, seed: number): Float32Array {
  const random = new Random(seed, 0);
  const values = new Float32Array(length);
  const drawn = Math.min(length, period);
  for (let i = 0; i < drawn; i++) values[i] = 2 * random.next() - 1;
  for (let i = drawn; i < length; i += period) values.copyWithin(i, 0, Math.min(period, length - i));
  return values;
}

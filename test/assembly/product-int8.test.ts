/** The product with a weight in int8 against float64 sums over what its whole numbers stand for. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Executor } from '../../core/executor.js';
import { ProgramBuilder, type Program } from '../../core/program.js';
import { Random } from '../../core/random.js';
import { dequantiseRow, quantiseRow, rowScale } from '../../worker/int8-rows.js';
import { kernelExecutor, kernelFiles } from './kernel-modules.js';

const kernels = await Promise.all(kernelFiles.map(async (file) => ({ file, executor: await kernelExecutor(file) })));

interface Case {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly accumulate: boolean;
  readonly biased: boolean;
  readonly seed: number;
}

/** Elements between the rows of each operand. */
const gap = 3;
/** Columns that share a step of x. */
const block = 8192;
const unit = 2 ** -24;

/** m rows as m steps: a product of one row a step. */
function productOf({ m, n, k, accumulate, biased }: Case): Program {
  const builder = new ProgramBuilder('product', m);
  const a = builder.matrix('a', m, k + gap);
  const b = builder.matrix('b', n, k + gap);
  const c = builder.matrix('c', m, n + gap);
  const bias = biased ? builder.matrix('bias', 1, n) : null;
  builder.call('productNT', { a, b, bias, c }, { m: { perStep: 1 }, n, k, accumulate: Number(accumulate) });
  builder.port('a', a, [m, k + gap]);
  builder.port('b', b, [n, k + gap]);
  builder.port('c', c, [m, n + gap]);
  if (bias) builder.port('bias', bias, [n]);
  return builder.build();
}

/** Random numbers; each row of a magnitude of its own, the gaps NaN. */
function rowsOf(rows: number, columns: number, random: Random): Float32Array {
  const values = new Float32Array(rows * (columns + gap)).fill(NaN);
  for (let row = 0; row < rows; row++) {
    const magnitude = 10 ** (4 * random.next() - 2);
    for (let column = 0; column < columns; column++) {
      values[row * (columns + gap) + column] = magnitude * (2 * random.next() - 1) ** 3;
    }
  }
  return values;
}

function rowAt(values: Float32Array, columns: number, row: number): Float32Array {
  return values.subarray(row * (columns + gap), row * (columns + gap) + columns);
}

function operands({ m, n, k, seed }: Case) {
  const random = new Random(seed, 7);
  const [a, b, c] = [rowsOf(m, k, random), rowsOf(n, k, random), rowsOf(m, n, random)];
  const bias = Float32Array.from({ length: n }, () => random.next() - 0.5);
  return { a, b, c, bias };
}

type Operands = ReturnType<typeof operands>;

async function run(executor: Executor, each: Case, { a, b, c, bias }: Operands): Promise<Float32Array> {
  const runner = await executor.load(productOf(each), { weights: 'int8' });
  runner.write('a', a);
  runner.write('b', b);
  runner.write('c', c);
  if (each.biased) runner.write('bias', bias);
  runner.refresh();
  runner.run(each.m);
  const result = await runner.read('c', new Float32Array(c.length));
  runner.unload();
  return result;
}

function stored(row: Float32Array): Float32Array {
  const scale = rowScale(row);
  const whole = new Int8Array(row.length);
  quantiseRow(row, scale, whole);
  const values = new Float32Array(row.length);
  dequantiseRow(whole, scale, values);
  return values;
}

/** The exact result, and how far from it the product may be (docs/math/product.md). */
function expected(x: Float32Array, w: Float32Array, before: number): { readonly exact: number; readonly bound: number } {
  let exact = before;
  let magnitude = Math.abs(before);
  let rounding = 0;
  for (let from = 0; from < x.length; from += block) {
    const part = x.subarray(from, from + block);
    const largest = part.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    let weights = 0;
    part.forEach((value, i) => {
      const weight = w[from + i] ?? NaN;
      exact += value * weight;
      magnitude += Math.abs(value * weight);
      weights += Math.abs(weight);
    });
    rounding += (0.501 * largest * weights) / 2047;
  }
  return { exact, bound: rounding + 8 * unit * (magnitude + rounding) };
}

async function assertNear(each: Case): Promise<void> {
  const { m, n, k, accumulate, biased } = each;
  const all = operands(each);
  const weights = Array.from({ length: n }, (_, row) => stored(rowAt(all.b, k, row)));
  let first: Float32Array | null = null;
  for (const { file, executor } of kernels) {
    const got = await run(executor, each, all);
    for (let row = 0; row < m; row++) {
      const x = rowAt(all.a, k, row);
      const before = rowAt(all.c, n, row);
      weights.forEach((w, column) => {
        const start = (accumulate ? (before[column] ?? NaN) : 0) + (biased ? (all.bias[column] ?? NaN) : 0);
        const { exact, bound } = expected(x, w, start);
        const value = rowAt(got, n, row)[column] ?? NaN;
        // Written so that NaN fails.
        assert.ok(Math.abs(value - exact) <= bound, `${file} [${row}, ${column}]: ${value}, exact ${exact} ± ${bound}`);
      });
      const between = got.subarray(row * (n + gap) + n, (row + 1) * (n + gap));
      assert.ok(between.every(Number.isNaN), `${file} wrote beyond its row`);
    }
    first ??= got;
    assert.deepEqual(got, first, `${file} has other bits than ${kernelFiles[0]}`);
  }
}

const length = fc.constantFrom(1, 2, 3, 4, 5, 7, 13, 15, 16, 17, 31, 32, 37, 257);

describe(`products with weights in int8 (${kernelFiles.join(', ')})`, () => {
  it('any shape is within the bound, and all builds have the same bits', async () => {
    const cases = fc.record<Case>({
      m: fc.constantFrom(1, 1, 2, 3),
      n: length,
      k: length,
      accumulate: fc.boolean(),
      biased: fc.boolean(),
      seed: fc.nat(),
    });
    await fc.assert(fc.asyncProperty(cases, assertNear), { seed: 1, numRuns: 200, includeErrorInReport: true });
  });

  for (const k of [1023, 8191, 8192, 8193, 9000, 16385]) {
    for (const accumulate of [false, true]) {
      it(`${k} columns${accumulate ? ', accumulating, with a bias' : ''}`, () =>
        assertNear({ m: 2, n: 7, k, accumulate, biased: accumulate, seed: k }));
    }
  }

  it('the largest sums do not overflow', async () => {
    const each: Case = { m: 1, n: 5, k: 9000, accumulate: false, biased: false, seed: 1 };
    const all = operands(each);
    for (let row = 0; row < each.n; row++) rowAt(all.b, each.k, row).fill(row % 2 ? -1 : 1);
    rowAt(all.a, each.k, 0).fill(-3);
    for (const { executor } of kernels) {
      const got = rowAt(await run(executor, each, all), each.n, 0);
      got.forEach((value, row) => assert.ok(Math.abs(value - (row % 2 ? 27_000 : -27_000)) < 0.3, String(value)));
    }
  });

  const special: readonly (readonly [name: string, x: number, result: number])[] = [
    ['zeros', 0, 0],
    ['numbers whose step is not normal', 1e-39, 0],
    ['NaN', NaN, NaN],
    ['an infinity', Infinity, NaN],
  ];
  for (const [name, x, result] of special) {
    it(`${name} among x`, async () => {
      const each: Case = { m: 1, n: 6, k: 21, accumulate: false, biased: false, seed: 3 };
      const all = operands(each);
      rowAt(all.a, each.k, 0).fill(0);
      all.a[4] = x;
      for (const { executor } of kernels) {
        const got = rowAt(await run(executor, each, all), each.n, 0);
        assert.ok(
          got.every((value) => Object.is(value + 0, result)),
          got.join(),
        );
      }
    });
  }
});

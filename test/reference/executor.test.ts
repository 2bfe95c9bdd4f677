/** The oracle keeps the contract of core/executor.ts, and has a function for every op where the op table says so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdaptiveError, type ErrorCode } from '../../core/errors.js';
import { opNames, ops } from '../../core/ops.js';
import { ProgramBuilder, type Program } from '../../core/program.js';
import { createReferenceExecutor } from './executor.js';
import { kernels } from './kernels.js';

const code = (expected: ErrorCode) => (error: unknown) => error instanceof AdaptiveError && error.code === expected;

/** Forward, total [1] += weight [1] · x_t; backward, y_t = the sum of x from the end to t; then last [1] = x of the last step. */
function program(maxSteps: number, weights = 1): Program {
  const builder = new ProgramBuilder('sums', maxSteps);
  const weight = { buffer: builder.buffer('weight', weights, { scope: 'shared' }), offset: 0, stride: 0, ld: 1 };
  const [x, y] = [builder.stack('x', 1, 1), builder.stack('y', 1, 1)];
  const [total, count, last] = ['total', 'count', 'last'].map((name) => builder.matrix(name, 1, 1));
  assert(total && count && last);
  const sizes = { m: 1, n: 1, k: 1 };
  builder.scan('forward', (scan) => {
    scan.call('productNT', { a: x.at(), b: weight, bias: null, c: total }, { ...sizes, accumulate: 1 });
  });
  builder.scan('backward', (scan) => {
    scan.call('columnSum', { x: x.at(), y: count }, { m: 1, n: 1 });
    scan.call('copy', { x: count, y: y.at() }, { m: 1, n: 1 });
  });
  // Outside a scan, one slot before the slot after the last.
  builder.call('copy', { x: x.at(-1), y: last }, { m: 1, n: 1 });
  builder.port('weight', weight, [weights]);
  builder.port('x', x.all(), [{ perStep: 1 }]);
  builder.port('y', y.all(), [{ perStep: 1 }]);
  builder.port('total', total, [1]);
  builder.port('last', last, [1]);
  return builder.build();
}

const numbers = (count: number) => new Float64Array(count);

test('scans go both ways, over as many steps as are asked for', async () => {
  const runner = await createReferenceExecutor().load(program(5));
  runner.write('weight', Float32Array.of(2));
  runner.write('x', Float32Array.of(1, 2, 3, 4, 5));
  runner.run(3);
  assert.deepEqual([...(await runner.read('total', numbers(1)))], [12]);
  assert.deepEqual([...(await runner.read('y', numbers(5)))], [6, 5, 3, 0, 0]);
  assert.deepEqual([...(await runner.read('last', numbers(1)))], [3]);
});

test('shared buffers are one memory, must agree, and stay; local ones start at zero', async () => {
  const executor = createReferenceExecutor();
  const first = await executor.load(program(2));
  first.write('weight', Float32Array.of(7));
  first.write('x', Float32Array.of(1, 1));
  first.run(2);
  const second = await executor.load(program(4));
  assert.deepEqual([...(await second.read('weight', numbers(1)))], [7]);
  assert.deepEqual([...(await second.read('total', numbers(1)))], [0]);
  await assert.rejects(executor.load(program(2, 3)), code('program'));
});

test('steps and ports are checked', async () => {
  const runner = await createReferenceExecutor().load(program(3));
  for (const steps of [0, 4, -1, 1.5, NaN]) assert.throws(() => runner.run(steps), code('program'));
  assert.throws(() => runner.write('nothing', numbers(1)), code('program'));
  assert.throws(() => runner.write('x', numbers(4)), code('program'));
  await assert.rejects(runner.read('x', numbers(4)), code('program'));
});

test('memory is counted and given back; unload and destroy twice are harmless', async () => {
  const executor = createReferenceExecutor();
  const runner = await executor.load(program(3));
  assert.equal(executor.bytes, 8 * (1 + 3 + 3 + 1 + 1 + 1));
  runner.unload();
  runner.unload();
  assert.equal(executor.bytes, 8);
  assert.throws(() => runner.run(1), code('destroyed'));
  executor.destroy();
  executor.destroy();
  assert.equal(executor.bytes, 0);
  await assert.rejects(executor.load(program(1)), code('destroyed'));
});

test('a call that does not fit its row, or reaches beyond a buffer, is refused', async () => {
  const good = program(1);
  const executor = createReferenceExecutor();
  const call = { kind: 'call', op: 'fill', views: [null], sizes: [1], scalars: [0] } as const;
  const run = async (changes: object) => (await executor.load({ ...good, body: [{ ...call, ...changes }] })).run(1);
  const view = { buffer: 1, offset: 0, stride: 0, ld: 0 };
  await run({ views: [view] });
  await assert.rejects(run({}), code('program'));
  await assert.rejects(run({ views: [view], sizes: [1.5] }), code('program'));
  await assert.rejects(run({ views: [view], scalars: [] }), code('program'));
  await assert.rejects(run({ views: [view], sizes: [2] }), RangeError);
});

for (const op of opNames) {
  test(`${op} is in ${ops[op].file}.ts`, async () => {
    const module: unknown = await import(`./${ops[op].file}.js`);
    assert(typeof module === 'object' && module !== null && op in module);
    assert.equal(Object.entries(module).find(([name]) => name === op)?.[1], kernels[op]);
  });
}

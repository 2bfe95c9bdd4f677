import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { AdaptiveError, type ErrorCode } from '../../core/errors.js';
import { ProgramBuilder, type Program } from '../../core/program.js';
import { createWasmExecutor, type WasmExecutor } from '../../worker/wasm-executor.js';

const module = WebAssembly.compile(await readFile('build/assembly/kernels.wasm'));

async function executor(maximumBytes?: number): Promise<WasmExecutor> {
  return createWasmExecutor({ module: await module, ...(maximumBytes === undefined ? {} : { maximumBytes }) });
}

const code = (expected: ErrorCode) => (error: unknown) => error instanceof AdaptiveError && error.code === expected;

/** Running sum over time: y_t = y_{t−1} + x_t as products with the number one; the last slot is carried to the first. */
function sums(maxSteps: number, shared = 1): Program {
  const builder = new ProgramBuilder('sums', maxSteps);
  const one = { buffer: builder.buffer('one', shared, { scope: 'shared' }), offset: 0, stride: 0, ld: 1 };
  const x = builder.stack('x', 1, 1);
  const y = builder.stack('y', 1, 1, 1);
  const sizes = { m: 1, n: 1, k: 1 };
  builder.scan('forward', (scan) => {
    scan.call('productNT', { a: x.at(), b: one, bias: null, c: y.at(1) }, { ...sizes, accumulate: 0 });
    scan.call('productNT', { a: y.at(0), b: one, bias: null, c: y.at(1) }, { ...sizes, accumulate: 1 });
  });
  builder.call('copy', { x: y.at(0), y: y.all(0) }, { m: 1, n: 1 });
  builder.port('one', one, [1]);
  builder.port('x', x.all(), [{ perStep: 1 }]);
  builder.port('last', y.all(0), [1]);
  return builder.build();
}

test('a replay of any length walks the scan and carries the last slot', async () => {
  const runner = await (await executor()).load(sums(5));
  runner.write('one', Float32Array.of(1));
  runner.write('x', Float32Array.of(1, 2, 3, 4, 5));
  runner.run(3);
  assert.deepEqual([...(await runner.read('last', new Float32Array(1)))], [6]);
  runner.run(5);
  assert.deepEqual([...(await runner.read('last', new Float32Array(1)))], [21]);
});

test('a machine without room for a memory is told of as that', async () => {
  const least = 16 * 65_536; // bytes that it begins with
  await assert.rejects(executor(least - 65_536), code('memory'));
  await executor(least);
});

test('shared buffers are one memory, and must agree', async () => {
  const backend = await executor();
  const first = await backend.load(sums(2));
  const second = await backend.load(sums(4));
  first.write('one', Float32Array.of(2));
  assert.deepEqual([...(await second.read('one', new Float32Array(1)))], [2]);
  await assert.rejects(backend.load(sums(2, 3)), code('program'));
});

test('steps and ports are checked', async () => {
  const runner = await (await executor()).load(sums(3));
  for (const steps of [0, 4, -1, 1.5, NaN]) assert.throws(() => runner.run(steps), code('program'));
  assert.throws(() => runner.write('nothing', new Float32Array(1)), code('program'));
  assert.throws(() => runner.write('x', new Float32Array(4)), code('program'));
  await assert.rejects(runner.read('x', new Float32Array(4)), code('program'));
});

/** y [length] = 2x, by way of a buffer of its own. */
function doubled(length: number): Program {
  const builder = new ProgramBuilder('doubled', 1);
  const [x, between, y] = [
    builder.matrix('x', 1, length),
    builder.matrix('between', 1, length),
    builder.matrix('y', 1, length),
  ];
  const sizes = { m: 1, n: length };
  builder.call('copy', { x, y: between }, sizes);
  builder.call('add', { x, y: between }, { n: length });
  builder.call('copy', { x: between, y }, sizes);
  builder.port('x', x, [length]);
  builder.port('y', y, [length]);
  return builder.build();
}

test('Programs take turns in one overlay; those of a team have their own', async () => {
  const backend = await executor();
  const { arena } = backend.wasm;
  const used = async <T>(load: () => Promise<T>) => {
    const before = arena.used;
    return { loaded: await load(), bytes: arena.used - before };
  };
  const large = await used(() => backend.load(doubled(1000)));
  const equal = await used(() => backend.load(doubled(1000)));
  assert.equal(large.bytes - equal.bytes, Math.ceil(4000 / 64) * 64, 'the second one has no overlay of its own');
  const larger = await used(() => backend.load(doubled(3000)));
  assert.ok(larger.bytes > 3 * 12_000, 'what does not fit gets another room');
  const runners = [large.loaded, equal.loaded, larger.loaded, await backend.load(doubled(7))];
  runners.forEach((runner, i) => runner.write('x', Float32Array.of(i, 10 * i)));
  for (const order of [runners, [...runners].reverse()]) for (const runner of order) runner.run(1);
  for (const [i, runner] of runners.entries()) {
    assert.deepEqual([...(await runner.read('y', new Float32Array(2)))], [2 * i, 20 * i]);
  }
  large.loaded.unload();
  equal.loaded.run(1);
  assert.deepEqual([...(await equal.loaded.read('y', new Float32Array(2)))], [2, 20], 'it stays for the other');
  const team = await used(() => backend.loadTeam([doubled(1000), doubled(1000), doubled(1000)]));
  assert.equal(team.bytes, 2 * equal.bytes + large.bytes, 'there are two rooms that fit, and the third is new');
  team.loaded.unload();
  for (const runner of runners) runner.unload();
  const empty = await executor();
  assert.equal(arena.used, empty.wasm.arena.used, 'nothing stays behind');
});

test('memory is given back by unload, and destroy twice is harmless', async () => {
  const backend = await executor();
  const { arena, memory } = backend.wasm;
  const empty = arena.used; // what the kernels themselves work in
  await backend.load(sums(1));
  const before = arena.used;
  let held = 0;
  for (let i = 0; i < 100; i++) {
    const runner = await backend.load(sums(100_000));
    assert.ok(arena.used > before + 400_000);
    assert.equal(backend.bytes, memory.buffer.byteLength);
    assert.ok(i === 0 || backend.bytes === held, 'what was given back is used again');
    held = backend.bytes;
    runner.unload();
    runner.unload();
    assert.throws(() => runner.run(1), code('destroyed'));
  }
  assert.equal(arena.used, before);
  backend.destroy();
  backend.destroy();
  assert.deepEqual([arena.used, backend.bytes], [empty, 0]);
  await assert.rejects(backend.load(sums(1)), code('destroyed'));
});

test('a Program that does not fit is refused and leaves nothing behind', async () => {
  const backend = await executor(4 * 2 ** 20);
  const { arena } = backend.wasm;
  const empty = arena.used;
  await assert.rejects(backend.load(sums(10_000_000)), code('memory'));
  assert.equal(arena.used - empty, 64, 'only the shared number stays');
  const runner = await backend.load(sums(10));
  runner.write('one', Float32Array.of(1));
  runner.run(10);
});

test('a module of another kind is refused', async () => {
  const empty = await WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  await assert.rejects(createWasmExecutor({ module: empty }), code('unsupported'));
});

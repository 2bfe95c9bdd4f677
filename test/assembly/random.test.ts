/** The generator of assembly/kernels/random.ts: known answers, and the same bits as core/random.ts. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { instantiate } from '../../worker/wasm-module.js';
import { ProgramBuilder } from '../../core/program.js';
import { Random } from '../../core/random.js';
import { createWasmExecutor } from '../../worker/wasm-executor.js';

/** threefry2x32, 20 rounds, from the known-answer file of Random123: counter, key, result. */
const knownAnswers = [
  [
    [0, 0],
    [0, 0],
    [0x6b200159, 0x99ba4efe],
  ],
  [
    [0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x1cb996fc, 0xbb002be7],
  ],
  [
    [0x243f6a88, 0x85a308d3],
    [0x13198a2e, 0x03707344],
    [0xc4923a9c, 0x483df7a0],
  ],
] as const;

describe('threefry', () => {
  it('gives the known answers of Random123', async () => {
    const module = await WebAssembly.compile(await readFile('build/assembly/kernels-math.wasm'));
    const { memory, arena, functions } = instantiate(module, ['threefryBlock']);
    const words = arena.take(8);
    for (const [counter, key, result] of knownAnswers) {
      functions.threefryBlock(...key, ...counter, words);
      assert.deepEqual([...new Uint32Array(memory.buffer, words, 2)], result);
    }
  });
});

async function masks(n: number, stream: number, probability: number) {
  const module = await WebAssembly.compile(await readFile('build/assembly/kernels.wasm'));
  const executor = await createWasmExecutor({ module });
  const builder = new ProgramBuilder('mask', 1);
  const random = builder.matrix('random', 1, 2, 'i32');
  const mask = builder.matrix('mask', 1, n);
  builder.port('random', random, [2]);
  builder.port('mask', mask, [n]);
  builder.call('dropoutMask', { random, mask }, { n, first: 0, stream }, { probability });
  const runner = await executor.load(builder.build());
  return async (seed: number, step: number) => {
    runner.write('random', Int32Array.of(seed, step));
    runner.run(1);
    return runner.read('mask', new Float32Array(n));
  };
}

describe('dropoutMask', () => {
  it('draws element i as core/random.ts draws index i', async () => {
    for (const n of [1, 7, 8, 9, 1003]) {
      const mask = await masks(n, 0x3001, 0.25);
      for (const [seed, step] of [
        [0, 0],
        [1, 2],
        [0xffffffff, 0x80000000],
      ] as const) {
        const random = new Random(seed, 0x3001, step);
        const wanted = Array.from({ length: n }, (_, i) =>
          random.uniform(i) >= 0.25 ? Math.fround(1 / 0.75) : 0,
        );
        assert.deepEqual([...(await mask(seed, step))], wanted);
      }
    }
  });

  it('keeps everything at 0 and nothing at 1', async () => {
    assert((await (await masks(100, 7, 0))(1, 1)).every((x) => x === 1));
    assert((await (await masks(100, 7, 1))(1, 1)).every((x) => x === 0));
  });
});

/** Which weights of which Programs are put into 8 bits, and what the debug build asserts of them. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { parseModelConfig, type ModelConfig } from '../../core/config.js';
import { AdaptiveError } from '../../core/errors.js';
import { ProgramBuilder, shifted, type Call, type Program } from '../../core/program.js';
import { evaluationProgram, generationProgram, trainingProgram } from '../../model/language-model.js';
import { languageModelLayout } from '../../core/parameters.js';
import { encodeProgram } from '../../worker/encode-program.js';
import { planInt8, type Int8Plan, type Int8Weight } from '../../worker/quantise-weights.js';
import { instantiate } from '../../worker/wasm-module.js';
import { kernelExecutor } from '../assembly/kernel-modules.js';

const config: ModelConfig = parseModelConfig({
  cell: 'lstm',
  adaptation: 'io',
  latent: 'recurrent',
  vocabularySize: 21,
  embeddingSize: 10,
  hiddenSizes: [13, 10],
  latentSize: 5,
  tiedDecoder: true,
});

/** Elements of the matrices that a plan covers. */
function covered({ matrices }: Int8Plan): number {
  return matrices.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
}

test('writing: every matrix that a token is multiplied by, and no other, with one scale for a row', () => {
  const shapes: readonly Partial<ModelConfig>[] = [
    {},
    { tiedDecoder: false },
    { hiddenSizes: [10] },
    { adaptation: 'static' },
    { adaptation: 'static', tiedDecoder: false, hiddenSizes: [7, 9, 8] },
  ];
  for (const change of shapes) {
    const model = { ...config, ...change };
    const weights = languageModelLayout(model).entries.filter(
      ({ name, shape }) => shape.length === 2 && (name !== 'embedding.weight' || model.tiedDecoder),
    );
    for (const steps of [1, 32]) {
      const plan = planInt8(generationProgram(model, steps));
      assert.equal(plan.matrices.length, weights.length);
      const wanted = weights.reduce((sum, { size }) => sum + size, 0);
      assert.equal(covered(plan), wanted);
      assert.ok(plan.bytes >= wanted && plan.bytes < 4 * wanted + 64 * plan.places.size * 4);
    }
  }
});

test('several rows at a time: none', () => {
  for (const program of [
    trainingProgram(config, { batch: 4, maxSteps: 8 }),
    evaluationProgram(config, { batch: 2, maxSteps: 8 }),
  ]) {
    assert.deepEqual([planInt8(program).places.size, planInt8(program).bytes], [0, 0]);
  }
});

/** y = a · bᵀ, with b from outside or computed. */
function product(computed: boolean): Program {
  const builder = new ProgramBuilder('product', 1);
  const [a, b, c] = [builder.matrix('a', 1, 20), builder.matrix('b', 6, 20), builder.matrix('c', 1, 6)];
  if (computed) builder.call('fill', { x: b }, { n: 120 }, { value: 1 });
  builder.call('productNT', { a, b, bias: null, c }, { m: 1, n: 6, k: 20, accumulate: 0 });
  builder.port('a', a, [20]);
  builder.port('b', b, [120]);
  builder.port('c', c, [6]);
  return builder.build();
}

test('what a Program computes itself is no weight', async () => {
  assert.equal(planInt8(product(false)).places.size, 1);
  assert.equal(planInt8(product(true)).places.size, 0);
  const executor = await kernelExecutor('kernels.wasm');
  const runner = await executor.load(product(true), { weights: 'int8' });
  runner.write('a', new Float32Array(20).fill(1));
  runner.run(1);
  assert.deepEqual([...(await runner.read('c', new Float32Array(6)))], Array(6).fill(20));
  executor.destroy();
});

test('weights are read at refresh and not before; memory is given back', async () => {
  const executor = await kernelExecutor('kernels.wasm');
  const empty = executor.wasm.arena.used;
  const runner = await executor.load(product(false), { weights: 'int8' });
  const result = async () => {
    runner.run(1);
    return (await runner.read('c', new Float32Array(6))).map((value) => Math.round(1000 * value) / 1000);
  };
  runner.write('a', new Float32Array(20).fill(1));
  runner.write('b', new Float32Array(120).fill(2));
  assert.deepEqual([...(await result())], Array(6).fill(0), 'they were zero when it was loaded');
  runner.refresh();
  assert.deepEqual([...(await result())], Array(6).fill(40));
  runner.write('b', new Float32Array(120).fill(3));
  assert.deepEqual([...(await result())], Array(6).fill(40));
  runner.refresh();
  assert.deepEqual([...(await result())], Array(6).fill(60));
  const plain = await executor.load(product(false));
  plain.refresh();
  plain.unload();
  assert.throws(() => plain.refresh(), AdaptiveError);
  runner.unload();
  assert.equal(executor.wasm.arena.used, empty);
});

test('columns of one matrix share the scale of its row', async () => {
  const builder = new ProgramBuilder('columns', 1);
  const [a, w, c] = [builder.matrix('a', 1, 8), builder.matrix('w', 3, 24), builder.matrix('c', 2, 3)];
  const sizes = { m: 1, n: 3, k: 8, accumulate: 0 };
  builder.call('productNT', { a, b: shifted(w, 16), bias: null, c }, sizes);
  builder.call('productNT', { a, b: w, bias: null, c: shifted(c, 3) }, sizes);
  builder.port('a', a, [8]);
  builder.port('w', w, [72]);
  builder.port('c', c, [2, 3]);
  const executor = await kernelExecutor('kernels.wasm');
  const runner = await executor.load(builder.build(), { weights: 'int8' });
  const weights = new Float32Array(72);
  for (const row of [0, 24, 48]) {
    weights[row] = 127; // the scale is 1 for all of the row
    weights[row + 16] = 0.3;
    weights[row + 17] = 0.6;
  }
  runner.write('w', weights);
  runner.refresh();
  runner.write('a', Float32Array.of(1, 1, 0, 0, 0, 0, 0, 0));
  runner.run(1);
  const got = [...(await runner.read('c', new Float32Array(6)))];
  [1, 1, 1, 127, 127, 127].forEach((value, i) => assert.ok(Math.abs(value - (got[i] ?? NaN)) < 1e-3, got.join()));
  executor.destroy();
});

/** Runs calls of the debug build with the int8 weight of the first call changed. */
async function runChanged(call: Call, buffers: Program['buffers'], weight: Int8Weight, room: number): Promise<void> {
  const module = await WebAssembly.compile(await readFile('build/assembly/kernels-debug.wasm'));
  const names = ['replay', 'setWorkspace', 'workspaceBytes'] as const;
  const { arena, memory, functions } = instantiate(module, names);
  functions.setWorkspace(arena.take(functions.workspaceBytes()));
  const placements = buffers.map(({ length }) => {
    const address = arena.take(4 * length);
    return { address, end: address + 4 * length };
  });
  const program: Program = { name: 'changed', maxSteps: 1, buffers, body: [call], ports: new Map() };
  const plan: Int8Plan = { matrices: [], places: new Map([[call, new Map([[1, weight]])]]), bytes: weight.bytes };
  const int8 = { plan, address: arena.take(4096) + room };
  const rooms = { packed: new Map(), int8 };
  const words = encodeProgram(program, placements, rooms);
  const address = arena.take(words.byteLength);
  new Int32Array(memory.buffer, address, words.length).set(words);
  functions.replay(address, 1);
}

test('the debug build refuses a room that is short or not aligned, and products that have no int8', async () => {
  const program = product(false);
  const { buffers, body } = program;
  const [call] = body;
  assert.ok(call?.kind === 'call');
  const weight = planInt8(program).places.get(call)?.get(1);
  assert.ok(weight);
  const refuses = (changed: Call, change: Partial<Int8Weight>, room: number, message: string) =>
    assert.rejects(runChanged(changed, buffers, { ...weight, ...change }, room), { code: 'internal' }, message);
  await runChanged(call, buffers, weight, 0);
  await refuses(call, { bytes: weight.bytes - 1 }, 0, 'short');
  await refuses(call, {}, 4, 'not aligned');
  const backward: Call = { ...call, op: 'productNN', views: call.views.filter((_, i) => i !== 2) };
  await refuses(backward, {}, 0, 'NN');
  const [d, w, dz] = call.views;
  const policy: Call = {
    kind: 'call',
    op: 'policyBackward',
    views: [d ?? null, w ?? null, dz ?? null, dz ?? null],
    sizes: [1, 6, 6],
    scalars: [0],
  };
  await refuses(policy, {}, 0, 'policyBackward');
});

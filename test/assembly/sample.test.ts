/** What may be drawn, how often, and what happens to logits that are no numbers. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import type { Executor } from '../../core/executor.js';
import { ProgramBuilder } from '../../core/program.js';
import { Random } from '../../core/random.js';
import { createWasmExecutor } from '../../worker/wasm-executor.js';

const stream = 0x4000;

interface Settings {
  readonly temperature: number;
  readonly topK?: number;
  readonly topP?: number;
}

let executor: Executor;
before(async () => {
  // The debug build: every access is asserted on the way.
  const module = await WebAssembly.compile(await readFile('build/assembly/kernels-debug.wasm'));
  executor = await createWasmExecutor({ module });
});

/** The ids that are drawn at steps 0, 1, 2, … */
async function draws(logits: readonly number[], settings: Settings, count = 1, seed = 1): Promise<number[]> {
  const n = logits.length;
  const builder = new ProgramBuilder('sample', 1);
  const views = {
    logits: builder.matrix('logits', 1, n),
    settings: builder.matrix('settings', 1, 3),
    random: builder.matrix('random', 1, 2, 'i32'),
    scratch: builder.matrix('scratch', 1, n),
    order: builder.matrix('order', 1, n, 'i32'),
    id: builder.matrix('id', 1, 1, 'i32'),
  };
  builder.port('logits', views.logits, [n]);
  builder.port('settings', views.settings, [3]);
  builder.port('random', views.random, [2]);
  builder.port('id', views.id, [1]);
  builder.call('sample', views, { vocabulary: n, stream });
  const runner = await executor.load(builder.build());
  runner.write('logits', Float32Array.from(logits));
  runner.write('settings', Float32Array.of(settings.temperature, settings.topK ?? 0, settings.topP ?? 1));
  const ids: number[] = [];
  for (let step = 0; step < count; step++) {
    runner.write('random', Int32Array.of(seed, step));
    runner.run(1);
    ids.push((await runner.read('id', new Int32Array(1)))[0] ?? -1);
  }
  runner.unload();
  return ids;
}

function frequencies(ids: readonly number[], n: number): number[] {
  const counts = new Array<number>(n).fill(0);
  for (const id of ids) counts[id] = (counts[id] ?? NaN) + 1 / ids.length;
  return counts;
}

function softmax(logits: readonly number[]): number[] {
  const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
  return logits.map((logit) => Math.exp(logit) / sum);
}

const support = (ids: readonly number[]) => [...new Set(ids)].sort((a, b) => a - b);

/** Ids from likeliest to least: 5, 1, 4, 0, 3, 2. */
const logits = [0.1, 1.5, -2, -0.5, 0.7, 2];

describe('sample', () => {
  it('at temperature 0 takes the largest logit, the lowest id among equals', async () => {
    assert.deepEqual(await draws(logits, { temperature: 0 }), [5]);
    assert.deepEqual(await draws([1, 3, 3, 2, 3], { temperature: 0 }), [1]);
    assert.deepEqual(await draws([1, NaN, 3, 3], { temperature: 0 }), [2]);
  });

  it('draws as often as the softmax says', async () => {
    for (const temperature of [0.5, 1, 2]) {
      const count = 20_000;
      const wanted = softmax(logits.map((logit) => logit / temperature));
      const found = frequencies(await draws(logits, { temperature }, count), logits.length);
      found.forEach((frequency, id) => {
        const p = wanted[id] ?? NaN;
        const deviation = Math.sqrt((p * (1 - p)) / count);
        assert(
          Math.abs(frequency - p) < 4 * deviation,
          `id ${id} at ${temperature}: ${frequency}, expected ${p}`,
        );
      });
    }
  });

  it('inverts the distribution over ascending ids with the uniform at index 0', async () => {
    const p = softmax(logits);
    const ids = await draws(logits, { temperature: 1 }, 200, 99);
    ids.forEach((id, step) => {
      const u = new Random(99, stream, step).uniform(0);
      let sum = 0;
      assert.equal(
        id,
        p.findIndex((share) => (sum += share) > u),
      );
    });
  });

  it('keeps the topK likeliest, the lower id among equals', async () => {
    assert.deepEqual(support(await draws(logits, { temperature: 1, topK: 1 }, 50)), [5]);
    assert.deepEqual(support(await draws(logits, { temperature: 2, topK: 3 }, 500)), [1, 4, 5]);
    assert.deepEqual(support(await draws([1, 1, 1, 1], { temperature: 1, topK: 2 }, 200)), [0, 1]);
    assert.deepEqual(support(await draws(logits, { temperature: 9, topK: 100 }, 500)), [0, 1, 2, 3, 4, 5]);
  });

  it('keeps the smallest set of the likeliest that has topP of the mass', async () => {
    // Sorted shares: 0.5, 0.25, 0.15, 0.1.
    const shares = [0.15, 0.5, 0.1, 0.25].map(Math.log);
    const kept = async (topP: number, topK = 0) =>
      support(await draws(shares, { temperature: 1, topP, topK }, 500));
    assert.deepEqual(await kept(0), [1]);
    assert.deepEqual(await kept(0.45), [1]);
    assert.deepEqual(await kept(0.7), [1, 3]);
    assert.deepEqual(await kept(0.8), [0, 1, 3]);
    assert.deepEqual(await kept(0.95), [0, 1, 2, 3]);
    // Of the two likeliest alone, the first has 2/3.
    assert.deepEqual(await kept(0.6, 2), [1]);
    assert.deepEqual(await kept(0.7, 2), [1, 3]);
  });

  it('reshares the mass among those kept', async () => {
    const count = 20_000;
    const shares = [0.15, 0.5, 0.1, 0.25].map(Math.log);
    const found = frequencies(await draws(shares, { temperature: 1, topK: 2 }, count), 4);
    assert(Math.abs((found[1] ?? NaN) - 2 / 3) < 4 * Math.sqrt(2 / 9 / count));
  });

  it('never draws a NaN or a −∞ while there is anything else', async () => {
    const odd = [NaN, 0, -Infinity, 1, NaN];
    for (const extra of [{}, { topK: 3 }, { topP: 0.9 }, { topK: 4, topP: 0.99 }]) {
      const ids = support(await draws(odd, { temperature: 1, ...extra }, 300));
      assert.deepEqual(ids, [1, 3], JSON.stringify(extra));
    }
  });

  it('falls back to the greedy choice where no distribution is left', async () => {
    for (const extra of [{}, { topK: 2 }, { topP: 0.5 }]) {
      assert.deepEqual(await draws([NaN, NaN, NaN], { temperature: 1, ...extra }), [0]);
      assert.deepEqual(await draws([-Infinity, -Infinity], { temperature: 1, ...extra }), [0]);
      assert.deepEqual(await draws([0, NaN, Infinity, 5], { temperature: 1, ...extra }), [2]);
    }
    assert.deepEqual(await draws([0, 4, 1], { temperature: NaN }), [1]);
  });

  it('agrees with sorting on a large vocabulary', async () => {
    const random = new Random(5, 1);
    const many = Array.from({ length: 5000 }, () => Math.fround(3 * random.nextNormal()));
    const order = many.map((_, id) => id).sort((a, b) => (many[b] ?? 0) - (many[a] ?? 0) || a - b);
    const likeliest = new Set(order.slice(0, 40));
    const ids = await draws(many, { temperature: 3, topK: 40 }, 400);
    assert(ids.every((id) => likeliest.has(id)));
    assert(new Set(ids).size > 30);
  });
});

/**
 * Choosing between real backends in Node: WASM, and Dawn's null backend, which checks everything and computes nothing. It
 * stands for a fast GPU.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dawn } from '../../cli/dawn.js';
import { AdaptiveError } from '../../core/errors.js';
import type { Executor } from '../../core/executor.js';
import { shortMemory, type ChoiceMemory } from '../../worker/choice-memory.js';
import { Backends } from '../../worker/backends.js';
import { place, placeAgain, type Order, type Placeable } from '../../worker/placing.js';
import { quickest } from '../../worker/quickest.js';
import { within } from '../../worker/within.js';
import { modules } from './engines.js';

const gpu = await dawn({ backend: 'null' });

/** Something whose speed is known. */
class Runner implements Placeable {
  destroyed = false;
  timed = 0;

  constructor(
    readonly executor: Executor,
    readonly seconds: number,
  ) {}

  async time(): Promise<number> {
    this.timed++;
    return this.seconds;
  }

  destroy(): void {
    this.destroyed = true;
    this.executor.destroy();
  }
}

/** Orders of runners that take so many seconds on WASM and WebGPU, and all that were made. */
function orders(wasm: number, webgpu: number, changes: Partial<Order<Runner>> = {}) {
  const made: Runner[] = [];
  const order: Order<Runner> = {
    choice: 'auto',
    key: ['a', { b: 1 }],
    make: async (executor) => {
      const runner = new Runner(executor, executor.backend === 'wasm' ? wasm : webgpu);
      made.push(runner);
      return runner;
    },
    ...changes,
  };
  return { order, made };
}

function backends(memory: ChoiceMemory = shortMemory()): Backends {
  return new Backends(async () => modules, { gpu, memory, readyTime: 200 });
}

/** What was placed where, why, and that nothing else is left. */
async function outcome({ order, made }: ReturnType<typeof orders>, where: Backends) {
  const { it, reason } = await place(where, order);
  assert.deepEqual(
    made.filter(({ destroyed }) => !destroyed),
    [it],
  );
  it.destroy();
  return [it.executor.backend, reason];
}

describe('auto', () => {
  test('takes the faster one and says how much faster', async () => {
    assert.deepEqual(await outcome(orders(0.03, 0.01), backends()), ['webgpu', { code: 'faster', times: 3 }]);
    assert.deepEqual(await outcome(orders(0.01, 0.02), backends()), ['wasm', { code: 'faster', times: 2 }]);
  });

  test('remembers the answer by adapter and configuration, and does not measure again', async () => {
    const where = backends();
    for (const [wasm, webgpu] of [
      [0.5, 0.25],
      [0.25, 0.5],
    ] as const) {
      const key = [wasm, webgpu];
      const first = await outcome(orders(wasm, webgpu, { key }), where);
      const again = orders(webgpu, wasm, { key });
      assert.deepEqual(await outcome(again, where), first);
      assert.deepEqual(
        again.made.map(({ timed }) => timed),
        [0],
        'only what is needed is made, and nothing measured',
      );
    }
    const other = orders(0.25, 0.5, { key: ['another'] });
    await outcome(other, where);
    assert.equal(other.made.length, 2);
  });

  test('does without a comparison where WASM is quick enough', async () => {
    const quick = orders(0.001, 0.0001, { enough: 0.002 });
    assert.deepEqual(await outcome(quick, backends()), ['wasm', { code: 'small' }]);
    assert.equal(quick.made.length, 1);
    const slow = orders(0.004, 0.002, { enough: 0.002 });
    assert.deepEqual(await outcome(slow, backends()), ['webgpu', { code: 'faster', times: 2 }]);
  });

  test('measures nothing where there is no WebGPU', async () => {
    const alone = orders(0.004, 0.002, { enough: 0.002 });
    const where = new Backends(async () => modules, { gpu: null });
    assert.deepEqual(await outcome(alone, where), ['wasm', { code: 'no-webgpu' }]);
    assert.deepEqual(
      alone.made.map(({ timed }) => timed),
      [0],
    );
  });

  test('is WASM when the GPU cannot make it or time it, and measures again the next time', async () => {
    const where = backends();
    const poor = orders(0.02, 0.01);
    const make = async (executor: Executor) => {
      if (executor.backend === 'wasm') return poor.order.make(executor);
      executor.destroy();
      throw new AdaptiveError('memory', 'none left');
    };
    assert.deepEqual(await outcome({ ...poor, order: { ...poor.order, make } }, where), ['wasm', { code: 'memory' }]);
    const broken = orders(0.02, 0.01);
    const breaking = async (executor: Executor) => {
      const runner = await broken.order.make(executor);
      if (executor.backend === 'webgpu') {
        runner.time = async () => Promise.reject(new AdaptiveError('device-lost', 'gone'));
      }
      return runner;
    };
    assert.deepEqual(await outcome({ ...broken, order: { ...broken.order, make: breaking } }, where), [
      'wasm',
      { code: 'device-lost' },
    ]);
    assert.deepEqual(await outcome(orders(0.02, 0.01), where), ['webgpu', { code: 'faster', times: 2 }]);
  });
});

test('a name is taken at its word; without memory on the GPU it is WASM, without any an error', async () => {
  assert.deepEqual(await outcome(orders(0.1, 9, { choice: 'webgpu' }), backends()), ['webgpu', { code: 'asked' }]);
  assert.deepEqual(await outcome(orders(9, 0.1, { choice: 'wasm' }), backends()), ['wasm', { code: 'asked' }]);
  for (const choice of ['webgpu', 'wasm', 'auto'] as const) {
    const make = async (executor: Executor): Promise<Runner> => {
      executor.destroy();
      throw new AdaptiveError('memory', `none on ${executor.backend}`);
    };
    await assert.rejects(place(backends(), { ...orders(1, 1).order, choice, make }), /none on wasm/);
  }
});

test('after a failure: once on a new device, then WASM; from WASM there is no way on', async () => {
  const where = backends();
  const { order } = orders(1, 1);
  const after = async (code: AdaptiveError['code'], losses: number) => {
    const { it, reason } = await placeAgain(where, {
      make: order.make,
      error: new AdaptiveError(code, 'it failed'),
      losses,
      from: 'webgpu',
    });
    it.destroy();
    return [it.executor.backend, reason.code];
  };
  assert.deepEqual(await after('device-lost', 0), ['webgpu', 'device-lost']);
  assert.deepEqual(await after('device-lost', 1), ['wasm', 'device-lost']);
  assert.deepEqual(await after('memory', 0), ['wasm', 'memory']);
  assert.deepEqual(await after('internal', 0), ['wasm', 'failed']);
  const error = new AdaptiveError('worker', 'a thread died');
  await assert.rejects(placeAgain(where, { make: order.make, error, losses: 0, from: 'wasm' }), error);
  where.close();
  await assert.rejects(after('device-lost', 0), { code: 'destroyed' });
});

test('quickest leaves the first run out, takes the best, and gives up when there is nothing to win', async () => {
  const runs = [50, 20, 5, 20, 400];
  const clock = { done: 0, now: 0 };
  const run = async () => void (clock.now += runs[clock.done++] ?? NaN);
  const now = () => clock.now;
  assert.equal(await quickest(run, Infinity, now), 0.005);
  assert.equal(clock.done, 4);
  clock.done = 0;
  assert.equal(await quickest(run, 0.01, now), 0.02);
  assert.equal(clock.done, 2, 'one that counts was enough');
  clock.done = 3;
  assert.equal(await quickest(run, Infinity, now), 0.4);
  assert.equal(clock.done, 5, 'there is no time for more');
});

test('within a time, or not, and then what comes late is given back', async () => {
  const after = (ms: number) => new Promise<string>((resolve) => setTimeout(() => resolve('done'), ms));
  const late: string[] = [];
  assert.equal(await within(5, after(1)), 'done');
  assert.equal(await within(0.01, after(40), (value) => late.push(value)), null);
  await after(60);
  assert.deepEqual(late, ['done']);
  await assert.rejects(within(5, Promise.reject(new Error('no'))), /no/);
});

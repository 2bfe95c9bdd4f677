/** Submits by a GPU of known speed, on a clock of its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SubmitBudget } from '../../gpu/submit-budget.js';

/** A GPU that does `speed` multiplications a nanosecond, and takes `way` milliseconds to be heard of. */
class Gpu {
  now = 0;
  /** Of the submits so far, in ms. */
  readonly times: number[] = [];
  readonly budget: SubmitBudget;
  #free = 0;
  #done: [at: number, tell: () => void][] = [];

  constructor(
    public speed: number,
    readonly way = 1,
  ) {
    const onSubmittedWorkDone = async () =>
      new Promise<undefined>((resolve) => this.#done.push([this.#free + this.way, () => resolve(undefined)]));
    this.budget = new SubmitBudget({ onSubmittedWorkDone }, () => this.now);
  }

  /** So much work, cut by the budget, and a wait for its end. */
  async replay(work: number): Promise<void> {
    for (let left = work; left > 0;) {
      const part = Math.min(left, this.budget.work);
      left -= part;
      const time = part / this.speed / 1e6;
      this.times.push(time);
      this.#free = Math.max(this.#free, this.now) + time;
      this.budget.submitted(part);
    }
    for (const [at, tell] of this.#done.splice(0)) {
      this.now = at;
      tell();
      await new Promise((resolve) => setImmediate(resolve)); // heard by now
    }
  }
}

for (const speed of [10, 20, 200, 5000]) {
  test(`at ${speed} multiplications a nanosecond submits come to about 20 ms, and not above 50`, async () => {
    const gpu = new Gpu(speed);
    for (let i = 0; i < 20; i++) await gpu.replay(speed * 100e6);
    const settled = gpu.times.slice(-10);
    assert.ok(Math.max(...settled) <= 25, settled.join());
    assert.ok(Math.max(...settled) >= 10, settled.join());
    assert.ok(Math.max(...gpu.times) <= 50, gpu.times.join());
  });
}

test('a GPU that becomes slower is given less', async () => {
  const gpu = new Gpu(1000);
  for (let i = 0; i < 20; i++) await gpu.replay(1e11);
  gpu.speed = 20;
  const before = gpu.times.length;
  for (let i = 0; i < 5; i++) await gpu.replay(1e10);
  assert.ok(Math.max(...gpu.times.slice(before).slice(-20)) <= 25);
});

test('small replays teach nothing', async () => {
  const gpu = new Gpu(200, 5);
  const before = gpu.budget.work;
  for (let i = 0; i < 20; i++) await gpu.replay(1e6);
  assert.equal(gpu.budget.work, before);
});

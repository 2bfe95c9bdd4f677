/** A run that was interrupted ends as if it had not been, to the bit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrainingEvent } from '../../core/protocol.js';
import type { Folder } from '../../worker/storage/folder.js';
import { MemoryFolder } from '../../worker/storage/memory-folder.js';
import type { ModelStore } from '../../worker/storage/model-store.js';
import type { TrainingControl } from '../../worker/training-control.js';
import { eventfulRequest, fromStart, fromStore, joined, trace } from './interrupted.js';
import { alphabets, runtimeOn } from './runtimes.js';
import { memoryStore } from './storage/checkpoints.js';
import { contentOf, put } from './storage/folder-contract.js';

const keep = { name: 'a', interval: 1000 };
const request = eventfulRequest(alphabets(3000));
const kept = { ...request, keep };

async function copyOf(folder: Folder): Promise<MemoryFolder> {
  const copy = new MemoryFolder();
  for (const { name } of await folder.list())
    await put(copy, name, (await contentOf(folder, name)) ?? new Uint8Array());
  return copy;
}

/** A copy of a store, as a process finds it that comes after a crash. */
async function afterCrash({ models, corpora }: ModelStore): Promise<ModelStore> {
  return memoryStore(await copyOf(models), await copyOf(corpora));
}

async function onNewRuntime<T>(
  threads: number,
  store: ModelStore,
  work: (runtime: ReturnType<typeof runtimeOn>) => Promise<T>,
): Promise<T> {
  const runtime = runtimeOn(threads, { store: async () => store });
  try {
    return await work(runtime);
  } finally {
    runtime.destroy();
  }
}

function assertSame(got: ReturnType<typeof joined>, expected: ReturnType<typeof joined>): void {
  const course = ({ validations, samples, steps, model }: typeof got) => ({ validations, samples, steps, model });
  assert.deepEqual(course(got), course(expected));
}

const stopAt =
  (step: number) =>
  (event: TrainingEvent, control: TrainingControl): void => {
    if (event.type === 'validation' && event.step === step) control.stop();
  };

for (const threads of [1, 2]) {
  test(`N steps, a reload, N steps: as 2 N steps, on ${threads} of WASM's threads`, async () => {
    const straight = await onNewRuntime(threads, memoryStore(), (runtime) => trace(runtime, fromStart(request)));
    assert.equal(straight.reason, 'finished');
    assert.ok(straight.steps > 40 && straight.validations.length > 12 && straight.samples.length > 3);
    for (const step of [3, 30, 39]) {
      const store = memoryStore();
      const first = await onNewRuntime(threads, store, (runtime) => trace(runtime, fromStart(kept), stopAt(step)));
      assert.equal(first.steps, step);
      const second = await onNewRuntime(threads, await afterCrash(store), (runtime) => trace(runtime, fromStore(keep)));
      assertSame(joined(first, second), straight);
    }
  });
}

test('a run that is kept all the time, between any two pieces of work, is not disturbed by it', async () => {
  const plain = await onNewRuntime(1, memoryStore(), (runtime) => trace(runtime, fromStart(request)));
  const busy = await onNewRuntime(1, memoryStore(), (runtime) =>
    trace(runtime, fromStart(kept), (_, control) => control.save()),
  );
  assert.ok(busy.events.filter(({ type }) => type === 'saved').length > 10);
  assertSame(busy, plain);
});

test('it can go on from every checkpoint that there ever was, twice', async () => {
  const store = memoryStore();
  const crashes: Promise<{ step: number; seen: number; left: ModelStore }>[] = [];
  let seen = 0;
  const straight = await onNewRuntime(1, store, (runtime) =>
    trace(runtime, fromStart(kept), (event, control) => {
      if (event.type === 'validation') seen++;
      if (event.type === 'saved' && event.step !== null) {
        const at = { step: event.step, seen };
        crashes.push(afterCrash(store).then((left) => ({ ...at, left })));
      }
      if (event.type === 'validation' || event.type === 'sample') control.save();
    }),
  );
  const all = await Promise.all(crashes);
  assert.ok(all.length >= 8);
  for (const { step, seen, left } of all.filter((_, i) => i % 4 === 0)) {
    for (const resumed of [await afterCrash(left), left]) {
      const rest = await onNewRuntime(1, resumed, (runtime) => trace(runtime, fromStore(keep)));
      const started = rest.events.find((event) => event.type === 'started');
      assert.equal(started?.past?.step, step);
      assert.deepEqual(rest.validations, straight.validations.slice(seen), `from step ${step}`);
      assert.deepEqual(rest.model, straight.model);
    }
  }
});

test('a run that has ended leaves its best model, which is there on the next visit', async () => {
  const store = memoryStore();
  const ended = await onNewRuntime(1, store, (runtime) => trace(runtime, fromStart(kept)));
  await onNewRuntime(1, await afterCrash(store), async (runtime) => {
    const opened = await runtime.openKept('a');
    assert.equal(opened?.stored.run, null);
    assert.equal(opened.older, false);
    assert.deepEqual(new Uint8Array(await runtime.export()), ended.model);
    await assert.rejects(trace(runtime, fromStore(keep)), { code: 'checkpoint' });
    assert.equal(await runtime.openKept('b'), null);
    assert.deepEqual(new Uint8Array(await runtime.export()), ended.model, 'it stays where there is no other');
  });
});

test('a run that was interrupted can be written with before it goes on, and shows its curve after', async () => {
  const store = memoryStore();
  await onNewRuntime(1, store, (runtime) => trace(runtime, fromStart(kept), stopAt(21)));
  await onNewRuntime(1, store, async (runtime) => {
    const opened = await runtime.openKept('a');
    assert.deepEqual(opened?.stored.run, { step: 21, totalSteps: 48, corpus: '' });
    assert.equal((await runtime.generate({ prompt: 'ab', maxTokens: 5 })).text.length, 5);
    const { events } = await trace(runtime, fromStore(keep), stopAt(30));
    const started = events.find((event) => event.type === 'started');
    assert.deepEqual(
      started?.past?.curve.validation.points.map(({ step }) => step),
      [3, 6, 9, 12, 15, 18, 21],
    );
    assert.equal((await runtime.openKept('a'))?.stored.run?.step, 30);
  });
});

/** The store's bad days: a run goes on, says what is the matter, and nothing that was kept is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrainingEvent } from '../../core/protocol.js';
import type { Runtime } from '../../worker/runtime.js';
import { MemoryFolder } from '../../worker/storage/memory-folder.js';
import type { ModelStore } from '../../worker/storage/model-store.js';
import type { TrainingControl } from '../../worker/training-control.js';
import { eventfulRequest, fromStart, fromStore, trace } from './interrupted.js';
import { alphabets, runtimeOn } from './runtimes.js';
import { memoryStore } from './storage/checkpoints.js';
import { empty } from './storage/folder-contract.js';
import { LimitedFolder } from './storage/limited-folder.js';

const keep = { name: 'a', interval: 1000 };
const request = { ...eventfulRequest(alphabets(3000)), keep };
const plain = { ...request.options, dropout: {} };

async function using(store: ModelStore, work: (runtime: Runtime) => Promise<void>): Promise<void> {
  const runtime = runtimeOn(1, { store: async () => store });
  try {
    await work(runtime);
  } finally {
    runtime.destroy();
  }
}

const saveAtValidations = (event: TrainingEvent, control: TrainingControl): void => {
  if (event.type === 'validation') control.save();
};

function troubles(events: readonly TrainingEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'unsaved' ? [event.error.code] : []));
}

test('what is asked to be kept where nothing can be is no hindrance', { timeout: 300_000 }, async () => {
  const runtime = runtimeOn(1);
  const unkept = eventfulRequest(alphabets(3000));
  const { reason } = await trace(runtime, fromStart(unkept), (_, control) => control.save());
  assert.equal(reason, 'finished');
  const again = { ...unkept, start: { kind: 'continue' as const } };
  assert.equal((await trace(runtime, fromStart(again), (_, control) => control.save())).reason, 'finished');
  runtime.destroy();
});

test('no room from the beginning: it says so once, learns all the same, and keeps nothing', async () => {
  for (const store of [memoryStore(new LimitedFolder(100)), memoryStore(new MemoryFolder(), new LimitedFolder(100))]) {
    await using(store, async (runtime) => {
      const { reason, events } = await trace(runtime, fromStart({ ...request, options: plain }), saveAtValidations);
      assert.equal(reason, 'finished');
      assert.deepEqual(troubles(events), ['storage-full']);
      assert.ok(!events.some(({ type }) => type === 'saved'));
      assert.equal(await runtime.openKept('a'), null);
      assert.ok((await runtime.generate({ prompt: 'ab', maxTokens: 3 })).text);
    });
  }
});

test('the room runs out on the way: what was kept stays, and keeping goes on when there is room again', async () => {
  const folder = new LimitedFolder(Infinity);
  await using(memoryStore(folder), async (runtime) => {
    const seen: string[] = [];
    const { events } = await trace(runtime, fromStart({ ...request, options: plain }), (event, control) => {
      if (event.type === 'saved' || event.type === 'unsaved') seen.push(event.type);
      if (event.type !== 'validation') return;
      if (event.step === 12) folder.limit = 0;
      if (event.step === 30) folder.limit = Infinity;
      control.save();
      if (event.step === 27) control.stop();
    });
    assert.deepEqual(troubles(events), ['storage-full']);
    assert.equal((await runtime.openKept('a'))?.stored.run?.step, 9, 'the last one before');
    folder.limit = Infinity;
    const rest = await trace(runtime, fromStore(keep), saveAtValidations);
    assert.equal(rest.reason, 'finished');
    assert.deepEqual(troubles(rest.events), []);
    assert.equal((await runtime.openKept('a'))?.stored.run, null);
  });
});

test('everything is deleted under a run: its next checkpoint is kept as if nothing had been', async () => {
  const folder = new MemoryFolder();
  const store = memoryStore(folder);
  await using(store, async (runtime) => {
    const deletions: Promise<void>[] = [];
    const { events } = await trace(runtime, fromStart({ ...request, options: plain }), (event, control) => {
      if (event.type === 'validation') control.save();
      if (event.type === 'saved' && event.step === 12) deletions.push(empty(folder));
      if (event.type === 'validation' && event.step === 30) control.stop();
    });
    await Promise.all(deletions);
    assert.deepEqual(troubles(events), []);
    assert.equal((await runtime.openKept('a'))?.stored.run?.step, 30);
    assert.equal((await trace(runtime, fromStore(keep))).reason, 'finished');
  });
});

test('a text that is gone: the run cannot go on and says why, the model can be written with and trained further', async () => {
  const corpora = new MemoryFolder();
  await using(memoryStore(new MemoryFolder(), corpora), async (runtime) => {
    await trace(runtime, fromStart(request), (event, control) => {
      if (event.type === 'validation' && event.step === 30) control.stop();
    });
    await empty(corpora);
    await assert.rejects(trace(runtime, fromStore(keep)), { code: 'checkpoint', message: /text.*no longer stored/ });
    assert.equal((await runtime.openKept('a'))?.stored.run?.step, 30);
    const further = await trace(runtime, fromStart({ ...request, start: { kind: 'continue' } }));
    assert.equal(further.reason, 'finished');
  });
});

test('two at once: the second is told, may read, and disturbs nothing', async () => {
  const store = memoryStore();
  await using(store, async (first) => {
    const other = runtimeOn(1, { store: async () => store });
    const seconds: Promise<unknown>[] = [];
    const { reason, events } = await trace(first, fromStart(request), (event, control) => {
      if (event.type === 'validation' && event.step === 12) control.save();
      if (event.type !== 'saved' || event.step !== 12 || seconds.length > 0) return;
      control.pause();
      const attempts = async () => {
        await assert.rejects(trace(other, fromStart(request)), { code: 'in-use', message: /another tab/ });
        await assert.rejects(trace(other, fromStore(keep)), { code: 'in-use' });
        await assert.rejects(other.removeKept('a'), { code: 'in-use' });
        const opened = await other.openKept('a');
        assert.equal(opened?.stored.inUse, true);
        assert.equal((await other.generate({ prompt: 'ab', maxTokens: 3 })).text.length, 3);
      };
      seconds.push(attempts().finally(() => control.resume()));
    });
    await Promise.all(seconds);
    assert.equal(seconds.length, 1);
    assert.equal(reason, 'finished');
    assert.deepEqual(troubles(events), []);
    await other.removeKept('a');
    other.destroy();
  });
});

test('what is kept can be seen and deleted, the text with the last run that needs it', async () => {
  const corpora = new MemoryFolder();
  await using(memoryStore(new MemoryFolder(), corpora), async (runtime) => {
    const stop = (event: TrainingEvent, control: TrainingControl) => {
      if (event.type === 'validation' && event.step === 6) control.stop();
    };
    for (const name of ['a', 'b']) await trace(runtime, fromStart({ ...request, keep: { name } }), stop);
    assert.equal((await corpora.list()).length, 2, 'the same text is there once');
    const { models, kind } = await runtime.stored();
    assert.equal(kind, 'memory');
    assert.deepEqual(
      models.map(({ name, run }) => [name, run?.step]),
      [
        ['a', 6],
        ['b', 6],
      ],
    );
    assert.ok(models.every(({ bytes }) => bytes > 10_000));
    await runtime.removeKept('a');
    assert.equal((await corpora.list()).length, 2);
    await runtime.removeKept('b');
    assert.deepEqual([(await runtime.stored()).models.length, (await corpora.list()).length], [0, 0]);
  });
});

test('a new run under an old name: the old model is there until there is something of the new one', async () => {
  const store = memoryStore();
  await using(store, async (runtime) => {
    const old = await trace(runtime, fromStart(request));
    await trace(runtime, fromStart({ ...request, options: { ...plain, seed: 2 } }), (event, control) => {
      if (event.type === 'started') control.stop();
    });
    await runtime.openKept('a');
    assert.deepEqual(new Uint8Array(await runtime.export()), old.model);
  });
});

test('settings of keeping that cannot be are refused before anything is read', async () => {
  await using(memoryStore(), async (runtime) => {
    for (const bad of [{ name: '' }, { name: 'a', interval: 0 }]) {
      await assert.rejects(trace(runtime, fromStart({ ...request, keep: bad })), { code: 'invalid-option' });
    }
  });
  const without = runtimeOn(1);
  await assert.rejects(without.openKept('a'), { code: 'unsupported' });
  without.destroy();
});

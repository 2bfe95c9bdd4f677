import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AdaptiveError } from '../../../core/errors.js';
import { parseKeepOptions } from '../../../core/stored.js';
import { encodeCheckpoint } from '../../../worker/storage/checkpoint.js';
import type { Folder } from '../../../worker/storage/folder.js';
import { MemoryFolder } from '../../../worker/storage/memory-folder.js';
import { writeSealed } from '../../../worker/storage/sealed-file.js';
import { checkpointAt, keep, simpleLocks, storeIn } from './checkpoints.js';
import { contentOf, put } from './folder-contract.js';
import { RecordingFolder } from './recording-folder.js';

async function stepIn(folder: Folder, name = 'a'): Promise<number | undefined> {
  return (await storeIn(folder).open(name))?.checkpoint.run?.record.meter.step;
}

async function flip(folder: Folder, name: string, at: number): Promise<void> {
  const file = await folder.open(name);
  const byte = new Uint8Array(1);
  await file.read(byte, at);
  await file.write(Uint8Array.of((byte[0] ?? 0) ^ 0x10), at);
  await file.close();
}

test('what is kept comes back, every number of it', async () => {
  const store = storeIn(new MemoryFolder());
  assert.equal(await store.open('a'), null);
  for (const checkpoint of [checkpointAt(1), checkpointAt(2), checkpointAt(3, { ended: true }), checkpointAt(4)]) {
    await keep(store, 'a', checkpoint);
    const opened = await store.open('a');
    assert.deepEqual(opened, { checkpoint, older: false });
  }
});

test('the list tells names, bytes, and how far each run is', async () => {
  const folder = new MemoryFolder();
  const locks = simpleLocks();
  const store = storeIn(folder, locks);
  await keep(store, 'Keeper’s notes', checkpointAt(3));
  await keep(store, 'b', checkpointAt(9));
  await keep(store, 'b', checkpointAt(10, { ended: true }));
  const release = await locks.take('b');
  const [first, second, ...rest] = await store.list();
  assert.deepEqual(rest, []);
  assert.ok(first && second);
  assert.equal(first.name, 'Keeper’s notes');
  assert.deepEqual(first.run, { step: 3, totalSteps: 100, corpus: 'notes.txt' });
  assert.equal(first.inUse, false);
  assert.ok(Math.abs(Date.now() - (first.savedAt ?? 0)) < 60_000);
  assert.equal(second.run, null);
  assert.equal(second.inUse, true);
  const bytes = (await folder.list()).reduce((sum, entry) => sum + entry.bytes, 0);
  assert.equal(first.bytes + second.bytes, bytes);
  release?.();
});

test('a crash at any byte leaves the checkpoint before or the one that was being written', async () => {
  const folder = new RecordingFolder();
  const store = storeIn(folder);
  const starts: number[] = [];
  for (const step of [1, 2, 3]) {
    starts.push(folder.changes.length);
    await keep(store, 'a', checkpointAt(step));
  }
  let crashes = 0;
  for (const [i, change] of folder.changes.entries()) {
    const before = starts.filter((start) => start <= i).length - 1;
    const last = i === folder.changes.length - 1 || starts.includes(i + 1);
    const length = change.kind === 'write' ? change.bytes.length : 0;
    for (let bytes = 0; bytes <= length; bytes++) {
      const step = await stepIn(await folder.upTo(i, bytes));
      const expected = last && bytes === length && change.kind === 'write' ? before + 1 : before;
      assert.equal(step ?? 0, expected, `change ${i}, byte ${bytes}`);
      crashes++;
    }
  }
  assert.ok(crashes > 3000);
});

test('after a crash the next checkpoint spares the good one', async () => {
  const folder = new RecordingFolder();
  for (const step of [1, 2]) await keep(storeIn(folder), 'a', checkpointAt(step));
  for (let whole = 1; whole <= folder.changes.length; whole++) {
    const left = await folder.upTo(whole);
    const good = (await stepIn(left)) ?? 0;
    const kept = await storeIn(left).claim('a');
    const pending = await kept.begin(checkpointAt(9));
    assert.equal((await stepIn(left)) ?? 0, good, 'the file that is written now is not the good one');
    while (!(await pending.advance(0)));
    assert.equal(await stepIn(left), 9);
    kept.release();
  }
});

test('a flipped bit anywhere in the newest: the one before is used, and it says so', async () => {
  const folder = new MemoryFolder();
  for (const step of [1, 2]) await keep(storeIn(folder), 'a', checkpointAt(step));
  const { length } = (await contentOf(folder, 'a.1.safetensors')) ?? [];
  assert.ok(length);
  for (let at = 0; at < length; at++) {
    await flip(folder, 'a.1.safetensors', at);
    const opened = await storeIn(folder).open('a');
    assert.equal(opened?.checkpoint.run?.record.meter.step, 1, `byte ${at}`);
    assert.equal(opened.older, true);
    await flip(folder, 'a.1.safetensors', at);
  }
  assert.equal(await stepIn(folder), 2);
});

test('both damaged: an error that says what to do, and nothing else is lost', async () => {
  const folder = new MemoryFolder();
  for (const name of ['a', 'other']) for (const step of [1, 2]) await keep(storeIn(folder), name, checkpointAt(step));
  for (const generation of [0, 1]) await flip(folder, `a.${generation}.safetensors`, 900);
  const store = storeIn(folder);
  await assert.rejects(store.open('a'), (error: AdaptiveError) => {
    assert.equal(error.code, 'checkpoint');
    assert.equal(error.details['reason'], 'damaged');
    assert.match(error.message, /Delete it and train anew/);
    return true;
  });
  assert.equal(await stepIn(folder, 'other'), 2);
  assert.deepEqual(
    (await store.list()).map(({ name }) => name),
    ['a', 'other'],
    'it can still be seen, and deleted',
  );
  await store.remove('a');
  assert.equal(await store.open('a'), null);
  assert.equal(await stepIn(folder, 'other'), 2);
});

test('a checkpoint of a later version is refused, and never written over', async () => {
  const folder = new MemoryFolder();
  await keep(storeIn(folder), 'a', checkpointAt(1));
  const content = encodeCheckpoint(checkpointAt(2), 2, 0);
  const file = await folder.open('a.1.safetensors');
  await writeSealed(file, { ...content, metadata: { ...content.metadata, version: '2' } });
  const before = await contentOf(folder, 'a.1.safetensors');
  const store = storeIn(folder);
  for (const work of [() => store.open('a'), () => store.claim('a')]) {
    await assert.rejects(work, (error: AdaptiveError) => {
      assert.equal(error.code, 'checkpoint');
      assert.equal(error.details['reason'], 'newer');
      assert.match(error.message, /Update adaptive-lm/);
      return true;
    });
  }
  assert.deepEqual(await contentOf(folder, 'a.1.safetensors'), before);
  const release = await store.locks.take('a');
  assert.ok(release, 'a refusal gives the name back');
});

test('one writer at a time; others may read', async () => {
  const folder = new MemoryFolder();
  const locks = simpleLocks();
  await keep(storeIn(folder, locks), 'a', checkpointAt(1));
  const kept = await storeIn(folder, locks).claim('a');
  const second = storeIn(folder, locks);
  await assert.rejects(second.claim('a'), { code: 'in-use', message: /another tab/ });
  await assert.rejects(second.remove('a'), { code: 'in-use' });
  const pending = await kept.begin(checkpointAt(2));
  assert.equal((await second.open('a'))?.checkpoint.run?.record.meter.step, 1);
  while (!(await pending.advance(0)));
  assert.equal((await second.open('a'))?.checkpoint.run?.record.meter.step, 2);
  kept.release();
  (await second.claim('a')).release();
});

test('files that are none of ours are left alone', async () => {
  const folder = new MemoryFolder();
  await put(folder, 'notes.txt', Uint8Array.of(1));
  await put(folder, 'a.2.safetensors', Uint8Array.of(1));
  assert.deepEqual(await storeIn(folder).list(), []);
});

test('a file full of zeros, as a failing disk leaves it, is damaged, not a crash', async () => {
  const folder = new MemoryFolder();
  for (const step of [1, 2]) await keep(storeIn(folder), 'a', checkpointAt(step));
  await put(folder, 'a.1.safetensors', new Uint8Array(5000));
  assert.equal(await stepIn(folder), 1);
});

test('a name that cannot be a file’s is refused, any other is taken', async () => {
  for (const name of ['', 'x'.repeat(181), '日'.repeat(21), '\ud800']) {
    assert.throws(() => parseKeepOptions({ name }), { code: 'invalid-option' });
  }
  for (const name of ['x'.repeat(180), '日'.repeat(20), '../…', 'a.0', '~'.repeat(60)]) {
    const store = storeIn(new MemoryFolder());
    await keep(store, parseKeepOptions({ name }).name, checkpointAt(1));
    assert.equal((await store.list())[0]?.name, name);
  }
});

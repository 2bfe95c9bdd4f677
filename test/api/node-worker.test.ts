/** The class on a real worker of worker_threads. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { AdaptiveLM } from '../../api/index.js';
import { closePorts, modelFile, nodeWorker } from './node.js';
import { corpus, long, tiny } from './texts.js';

test('it learns and writes in a worker of Node, which ends by itself once it was let go', async () => {
  const worker = nodeWorker();
  const exit = once(worker, 'exit');
  const model = await AdaptiveLM.create({ worker, temperature: 0 });
  assert.equal((await model.train(new Blob([corpus]), { ...tiny, epochs: 60 }).result).reason, 'finished');
  assert.equal(await model.prompt('The lamp', { maxTokens: 12 }), ' must be fed');
  const clone = await model.clone();
  model.destroy();
  assert.equal((await clone.prompt('', { maxTokens: 4 })).length, 4);
  clone.destroy();
  assert.deepEqual(await exit, [0]);
});

test('progress is told, from 0 to 1, also of a file that is at hand', async () => {
  const loaded: number[] = [];
  const model = await AdaptiveLM.create({
    worker: nodeWorker(),
    file: await modelFile(),
    monitor: (monitor) => monitor.addEventListener('downloadprogress', (event) => loaded.push(progressOf(event))),
  });
  assert.deepEqual(loaded, [0, 1]);
  model.destroy();
  assert.equal(await AdaptiveLM.availability(), 'available');
  assert.equal(await AdaptiveLM.availability({ src: 'http://127.0.0.1:9/x' }), 'downloadable');
  assert.equal(await AdaptiveLM.availability({ src: 'relative to what' }), 'unavailable');
  closePorts();
});

function progressOf(event: Event): number {
  assert.ok('loaded' in event && 'total' in event && event.total === 1 && typeof event.loaded === 'number');
  return event.loaded;
}

test('a worker that dies takes what is under way and the model with it, and is told', async () => {
  const worker = nodeWorker();
  const model = await AdaptiveLM.create({ worker, file: await modelFile() });
  const clone = await model.clone();
  const writing = model.prompt('The lamp', long);
  setTimeout(() => void worker.terminate(), 50);
  await assert.rejects(writing, { name: 'OperationError', message: /ended with 1/ });
  await assert.rejects(clone.prompt('x'), { name: 'InvalidStateError', message: /Create another/ });
  clone.destroy();
  model.destroy();
});

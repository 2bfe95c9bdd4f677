import { assert } from '@open-wc/testing';
import { IndexedDbFolder } from '../../../worker/storage/indexeddb-folder.js';
import { browserFolder } from '../../../worker/storage/browser-folder.js';
import { OpfsFolder } from '../../../worker/storage/opfs-folder.js';
import { empty, folderChecks } from './folder-contract.js';
import type { Order } from './folder-worker.js';

const worker = new Worker(new URL('./folder-worker.js', import.meta.url), { type: 'module' });

function inWorker(order: Order): Promise<string> {
  return new Promise((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<string>) => resolve(data);
    worker.postMessage(order);
  });
}

for (const kind of ['opfs', 'indexeddb'] as const) {
  describe(`${kind}, in a worker`, () => {
    for (const { title } of folderChecks) {
      it(title, async () => assert.equal(await inWorker({ kind, title }), ''));
    }
  });
}

it('IndexedDB lasts from one connection to the next, each folder by itself', async () => {
  const folder = await IndexedDbFolder.create('lasting');
  const file = await folder.open('x');
  await file.write(Uint8Array.of(1, 2, 3), 0);
  const [again, other] = [await IndexedDbFolder.create('lasting'), await IndexedDbFolder.create('other')];
  assert.deepEqual(await again.list(), [{ name: 'x', bytes: 3 }]);
  assert.deepEqual(await other.list(), []);
  await empty(again);
});

it('where there are no sync access handles, IndexedDB is taken', async () => {
  const refusal = await OpfsFolder.create('page').catch((thrown: unknown) => thrown);
  assert.instanceOf(refusal, Error);
  const folder = await browserFolder('page');
  assert.equal(folder.kind, 'indexeddb');
  assert.isTrue(folder.lasting);
  assert.equal(await browserFolder('page'), folder);
});

/** Runs the contract where sync access handles are: in a worker. Answers each title with what went wrong, or ''. */
import { IndexedDbFolder } from '../../../worker/storage/indexeddb-folder.js';
import { OpfsFolder } from '../../../worker/storage/opfs-folder.js';
import { empty, folderChecks } from './folder-contract.js';

const kinds = { opfs: OpfsFolder, indexeddb: IndexedDbFolder };

export interface Order {
  readonly kind: keyof typeof kinds;
  readonly title: string;
}

addEventListener('message', ({ data }: MessageEvent<Order>) => {
  void (async () => {
    const folder = await kinds[data.kind].create('contract');
    await empty(folder);
    const check = folderChecks.find(({ title }) => title === data.title);
    try {
      if (!check) throw new Error('There is no such check.');
      await check.run(folder);
      postMessage('');
    } catch (thrown) {
      postMessage(String(thrown));
    } finally {
      await empty(folder);
    }
  })();
});

/** Runs the contract where sync access handles are: in a worker. Answers each title with what went wrong, or ''. */
import { IndexedDbFolder } from '../../../worker/storage/indexeddb-folder.js';
import { OpfsFolder } from '../../../worker/storage/opfs-folder.js';
import { empty, folderChecks } from './folder-contract.js';

const kinds = { opfs: OpfsFolder, indexeddb: IndexedDbFolder };

export interface Order {
  readonly kind: keyof typeof kinds;
  readonly title: string;
}

/** The answer comes when the folder is empty again: the next order may follow at once. */
async function answer({ kind, title }: Order): Promise<string> {
  try {
    const check = folderChecks.find((each) => each.title === title);
    if (!check) throw new Error('There is no such check.');
    const folder = await kinds[kind].create('contract');
    await empty(folder);
    try {
      await check.run(folder);
    } finally {
      await empty(folder);
    }
    return '';
  } catch (thrown) {
    return String(thrown);
  }
}

addEventListener('message', ({ data }: MessageEvent<Order>) => void answer(data).then((said) => postMessage(said)));

/** The store of a browser. A file of its own: it is fetched where something is to be kept. */
import { browserFolder } from './browser-folder.js';
import { browserLocks } from './locks.js';
import { ModelStore } from './model-store.js';

export async function browserStore(): Promise<ModelStore> {
  return new ModelStore(await browserFolder('models'), await browserFolder('corpora'), browserLocks());
}

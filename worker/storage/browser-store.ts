/** The store of a browser. A file of its own: it is fetched where something is to be kept. */
import { browserFolder } from './browser-folder.js';
import { browserLocks } from './locks.js';
import { ModelStore } from './model-store.js';

let store: Promise<ModelStore> | null = null;

/** Always the same: it knows what of it is in use. */
export function browserStore(): Promise<ModelStore> {
  store ??= make();
  return store;
}

async function make(): Promise<ModelStore> {
  return new ModelStore(await browserFolder('models'), await browserFolder('corpora'), browserLocks());
}

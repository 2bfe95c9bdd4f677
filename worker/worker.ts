/** The module worker. */
import { expose } from 'comlink';
import { fetchModules } from './assets.js';
import { longMemory } from './choice-memory.js';
import { createEndpoint } from './endpoint.js';
import { Runtime } from './runtime.js';
import { browserFolder } from './storage/browser-folder.js';
import type { Folder } from './storage/folder.js';

// Kept out of the worker's own file: most pages keep nothing.
const store = async () => (await import('./storage/browser-store.js')).browserStore();
const corpora = { folder: lastingCorpora, needed: async () => (await store()).needed() };

expose(createEndpoint(new Runtime(fetchModules, { memory: longMemory(), corpora, store })));

async function lastingCorpora(): Promise<Folder | null> {
  const folder = await browserFolder('corpora');
  return folder.lasting ? folder : null;
}

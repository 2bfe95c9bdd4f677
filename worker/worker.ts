/** The module worker. */
import { expose } from 'comlink';
import { fetchModules } from './assets.js';
import { longMemory } from './choice-memory.js';
import { createEndpoint } from './endpoint.js';
import { Runtime } from './runtime.js';
import { browserFolder } from './storage/browser-folder.js';
import type { Folder } from './storage/folder.js';

expose(createEndpoint(new Runtime(fetchModules, { memory: longMemory(), corpora: { folder: lastingCorpora } })));

async function lastingCorpora(): Promise<Folder | null> {
  const folder = await browserFolder('corpora');
  return folder.lasting ? folder : null;
}

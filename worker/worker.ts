/** The module worker. */
import { expose } from 'comlink';
import { fetchModules } from './assets.js';
import { longMemory } from './choice-memory.js';
import { createEndpoint } from './endpoint.js';
import { Runtime } from './runtime.js';

// Kept out of the worker's own file: most pages keep nothing.
const store = async () => (await import('./storage/browser-store.js')).browserStore();

expose(createEndpoint(new Runtime(fetchModules, { memory: longMemory(), store })));

/** The module worker. */
import { expose } from 'comlink';
import { fetchModules } from './assets.js';
import { longMemory } from './choice-memory.js';
import { createEndpoint } from './endpoint.js';
import { Runtime } from './runtime.js';

expose(createEndpoint(new Runtime(fetchModules, { memory: longMemory() })));

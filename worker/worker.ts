/** The module worker. */
import { expose } from 'comlink';
import { fetchModules } from './assets.js';
import { createEndpoint } from './endpoint.js';
import { Runtime } from './runtime.js';

expose(createEndpoint(new Runtime(fetchModules)));

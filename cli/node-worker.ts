/** The worker as a script for Node's worker_threads: what worker/worker.ts is in a page. */
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import { createEndpoint } from '../worker/endpoint.js';
import { nodeEndpoint } from '../worker/node-endpoint.js';
import { Runtime } from '../worker/runtime.js';
import { readModules } from './modules.js';

if (!parentPort) throw new TypeError('This script is for new Worker() of node:worker_threads.');
expose(createEndpoint(new Runtime(readModules)), nodeEndpoint(parentPort));

/** The script of a thread in Node. */
import { workerData } from 'node:worker_threads';
import { startThread, type ThreadStart } from '../worker/threads/thread-start.js';

function isThreadStart(data: unknown): data is ThreadStart {
  return typeof data === 'object' && data !== null && 'memory' in data && 'kind' in data;
}

const start: unknown = workerData;
if (!isThreadStart(start)) throw new TypeError('This script is started by cli/threads.ts.');
startThread(start);

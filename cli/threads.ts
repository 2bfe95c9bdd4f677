/** Threads in Node: worker_threads. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ThreadHandle, ThreadSupport } from '../worker/threads/thread-support.js';

export function nodeThreads(module: WebAssembly.Module): ThreadSupport {
  return { module, available: availableParallelism(), spared: 0, spawn };
}

function spawn(onDeath: (reason: string) => void): ThreadHandle {
  let worker: Worker | null = null;
  let ended = false;
  return {
    start(workerData) {
      worker = new Worker(new URL('./thread.js', import.meta.url), { workerData });
      worker.unref(); // a command that is done ends, whatever its threads wait for
      worker.on('error', (error) => onDeath(error.message));
      worker.on('exit', (code) => {
        if (!ended) onDeath(`it ended with ${code}`);
      });
    },
    terminate() {
      ended = true;
      void worker?.terminate();
    },
  };
}

/** Threads in a browser: workers of the worker, where the page is cross-origin isolated. */
import { startAnywhere } from '../start-anywhere.js';
import type { ThreadHandle, ThreadSupport } from './thread-support.js';

/** Whether memory can be shared here. */
export function canShareMemory(): boolean {
  return globalThis.crossOriginIsolated && typeof SharedArrayBuffer === 'function' && typeof Worker === 'function';
}

export function browserThreads(module: WebAssembly.Module): ThreadSupport {
  return { module, available: navigator.hardwareConcurrency, spared: 1, spawn };
}

function spawn(onDeath: (reason: string) => void): ThreadHandle {
  const worker = startAnywhere(() => new Worker(new URL('./thread.js', import.meta.url), { type: 'module' }));
  worker.onerror = (event) => {
    event.preventDefault();
    onDeath(event.message || 'its script could not be loaded');
  };
  return { start: (message) => worker.postMessage(message), terminate: () => worker.terminate() };
}

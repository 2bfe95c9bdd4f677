/** The page that the driver talks to: each request gets a worker of its own, so that none inherits another's memory. */
import type { BenchAnswer, BenchRequest } from './worker.js';

declare global {
  var measure: (request: BenchRequest) => Promise<BenchAnswer>;
}

globalThis.measure = (request) =>
  new Promise((resolve) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    const end = (answer: BenchAnswer) => {
      worker.terminate();
      resolve(answer);
    };
    worker.onmessage = ({ data }: MessageEvent<BenchAnswer>) => end(data);
    worker.onerror = ({ message }) => end({ error: message });
    worker.postMessage(request);
  });

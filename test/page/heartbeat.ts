/**
 * Beside a real worker: tells the page that the worker lives and what it fetches, and lets it die when the page says so. All
 * over a BroadcastChannel, so that the worker's own wall stays as it is.
 */

export type WatchedEvent =
  | { readonly type: 'alive'; readonly id: string; readonly at: number }
  | { readonly type: 'fetched'; readonly url: string };

const id = crypto.randomUUID();
const channel = new BroadcastChannel('watched-worker');
const tell = (event: WatchedEvent): void => channel.postMessage(event);

setInterval(() => tell({ type: 'alive', id, at: Date.now() }), 20);

channel.onmessage = ({ data }: MessageEvent<unknown>) => {
  if (data !== 'die') return; // from the page; the rest is from other workers
  setTimeout(() => {
    throw new Error('out of luck');
  }, 5);
};

new PerformanceObserver((list) => {
  for (const { name } of list.getEntries()) tell({ type: 'fetched', url: name });
}).observe({ type: 'resource', buffered: true });

/** A worker of Node as an endpoint for Comlink. */
import type { Endpoint } from 'comlink';

/** As much of a Worker or a MessagePort of Node as is used here, which needs no types of Node. */
export interface NodeWorker {
  /** Sends. */
  postMessage(message: unknown, transfer?: readonly object[]): void;
  /** Hears. */
  on(event: string, listener: (value: unknown) => void): unknown;
  /** Hears no longer. */
  off(event: string, listener: (value: unknown) => void): unknown;
}

/** The same with a page's events: Comlink's own adapter has types for CommonJS only. */
export function nodeEndpoint(worker: NodeWorker): Endpoint {
  const heard = new Map<unknown, (data: unknown) => void>();
  return {
    postMessage: (message: unknown, transfer) => worker.postMessage(message, transfer),
    addEventListener(_, listener) {
      const hear = (data: unknown): void => {
        const event = new MessageEvent('message', { data });
        if (typeof listener === 'function') listener(event);
        else listener.handleEvent(event);
      };
      heard.set(listener, hear);
      worker.on('message', hear);
    },
    removeEventListener(_, listener) {
      const hear = heard.get(listener);
      if (hear) worker.off('message', hear);
      heard.delete(listener);
    },
  };
}

/** A worker that somebody else started: of a page, of Node, or a port to a runtime somewhere. */
import type { Endpoint } from 'comlink';
import { AdaptiveError } from '../core/errors.js';
import { watchEvents, type WorkerHandle } from '../worker/connection.js';
import { nodeEndpoint, type NodeWorker } from '../worker/node-endpoint.js';

export type { NodeWorker };

/** A Worker or a MessagePort of a page or of Node. */
export type GivenWorker = Endpoint | NodeWorker;

const script = { file: 'its script', remedy: 'Start another worker' };

/** It is not ended here: whoever started it ends it. A worker of Node ends by itself once it was let go. */
export function givenWorker(worker: GivenWorker): WorkerHandle {
  if ('addEventListener' in worker) {
    return { endpoint: worker, watch: (died) => watchEvents(worker, script, died), end() {} };
  }
  let ended = false;
  return {
    endpoint: nodeEndpoint(worker),
    watch(died) {
      const tell = (reason: string): void => {
        if (!ended) died(new AdaptiveError('worker', `The worker stopped: ${reason}. ${script.remedy}.`));
      };
      worker.on('error', (thrown) => tell(thrown instanceof Error ? thrown.message : String(thrown)));
      worker.on('exit', (code) => tell(`it ended with ${String(code)}`));
    },
    end() {
      ended = true;
    },
  };
}

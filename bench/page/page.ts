/** The page that the driver talks to: each request gets a worker of its own, so that none inherits another's memory. */
import { describeAdapter, type AdapterFacts } from '../gpu/adapter.js';
import type { PeerAnswer, PeerRequest } from '../peers/protocol.js';
import type { TokenizersAnswer, TokenizersRequest } from '../peers/tokenizers.js';
import type { BenchAnswer, BenchRequest } from './worker.js';

declare global {
  var measure: (request: BenchRequest) => Promise<BenchAnswer>;
  var measurePeer: (request: PeerRequest) => Promise<PeerAnswer>;
  var measureTokenizers: (request: TokenizersRequest) => Promise<TokenizersAnswer>;
  var describeGpu: () => Promise<AdapterFacts>;
}

function ask<Request, Answer>(script: string, request: Request): Promise<Answer | { readonly error: string }> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL(script, import.meta.url), { type: 'module' });
    const end = (answer: Answer | { readonly error: string }) => {
      worker.terminate();
      resolve(answer);
    };
    worker.onmessage = ({ data }: MessageEvent<Answer>) => end(data);
    // A script that cannot be loaded at all gives an event without a message.
    worker.onerror = ({ message }) => end({ error: message || `${script} cannot be loaded.` });
    worker.postMessage(request);
  });
}

globalThis.measure = (request) => ask<BenchRequest, BenchAnswer>('./worker.js', request);
globalThis.measurePeer = (request) => ask<PeerRequest, PeerAnswer>(`./peer-${request.engine}.js`, request);
globalThis.measureTokenizers = (request) => ask<TokenizersRequest, TokenizersAnswer>('./peer-tokenizers.js', request);
globalThis.describeGpu = () => describeAdapter(navigator.gpu, navigator.userAgent);

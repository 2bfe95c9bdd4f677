/** What the driver asks of a peer's worker, and what comes back. */
import type { ConfigurationName, Model } from '../configurations.js';
import type { Figure } from '../figure.js';

/** Whose gradients a library trains with: its automatic differentiation, or ours written in its operations. */
export type Gradients = 'automatic' | 'by hand';

/** What a library computes on. */
export type PeerBackend = 'wasm' | 'webgpu';

/** `threads` are of WASM. */
export type PeerRequest =
  | {
      readonly engine: 'tensorflow';
      readonly model: Model;
      readonly backend: PeerBackend;
      readonly gradients: Gradients;
    }
  | { readonly engine: 'jax'; readonly model: Model; readonly backend: PeerBackend; readonly threads: 1 | 'all' }
  /** Ours on WebGPU, held to the same losses. */
  | { readonly engine: 'ours'; readonly model: Model; readonly backend: 'webgpu' }
  | { readonly engine: 'onnx'; readonly name: ConfigurationName; readonly threads: number };

/** `threads` that computed; 1 on WebGPU. */
export type PeerAnswer = { readonly speed: Figure; readonly threads: number } | { readonly error: string };

/** Answers the one request that this worker gets. */
export function answerWith<R extends PeerRequest>(measure: (request: R) => Promise<PeerAnswer>): void {
  onmessage = ({ data }: MessageEvent<R>) => {
    measure(data).then(
      (answer) => postMessage(answer),
      (error: unknown) => postMessage({ error: error instanceof Error ? error.message : JSON.stringify(error) }),
    );
  };
}

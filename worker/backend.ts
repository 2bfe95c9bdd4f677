/** Which executor a model works on, when it is asked for by name. */
import type { Executor } from '../core/executor.js';
import type { Modules } from './assets.js';
import { createWasmExecutor } from './wasm-executor.js';

export type BackendChoice = 'wasm' | 'webgpu';

/** @throws AdaptiveError 'unsupported' when the platform has no such backend */
export async function createExecutor(choice: BackendChoice, { kernels, threads, gpu }: Modules): Promise<Executor> {
  if (choice === 'wasm') return createWasmExecutor({ module: kernels, threads });
  // Kept out of the worker's own file: most pages never ask for it.
  const { createGpuExecutor } = await import('../gpu/webgpu.js');
  return createGpuExecutor(gpu ? { source: gpu } : {});
}

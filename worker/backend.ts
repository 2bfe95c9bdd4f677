/** Which executor a model works on, when it is asked for by name. */
import type { Executor } from '../core/executor.js';
import type { GpuSource } from '../gpu/webgpu.js';
import type { Modules } from './assets.js';
import { createWasmExecutor } from './wasm-executor.js';

export type BackendChoice = 'wasm' | 'webgpu';

/**
 * `gpu` is where adapters come from, the platform's own unless given.
 * @throws AdaptiveError 'unsupported' when the platform has no such backend
 */
export async function createExecutor(
  choice: BackendChoice,
  { kernels, threads }: Modules,
  gpu?: GpuSource,
): Promise<Executor> {
  if (choice === 'wasm') return createWasmExecutor({ module: kernels, threads });
  // Kept out of the worker's own file: most pages never ask for it.
  const { createGpuExecutor } = await import('../gpu/webgpu.js');
  return createGpuExecutor(gpu ? { source: gpu } : {});
}

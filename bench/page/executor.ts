import type { Executor } from '../../core/executor.js';
import { fetchModules } from '../../worker/assets.js';
import { createWasmExecutor } from '../../worker/wasm-executor.js';

/** Ours, with threads where the page is isolated. */
export async function ourExecutor(): Promise<Executor> {
  const { kernels, threads } = await fetchModules();
  return createWasmExecutor({ module: kernels, threads });
}

import { fetchModules } from '../../worker/assets.js';
import { createWasmExecutor, type WasmExecutor } from '../../worker/wasm-executor.js';

/** Ours, with threads where the page is isolated. */
export async function ourExecutor(): Promise<WasmExecutor> {
  const { kernels, threads } = await fetchModules();
  return createWasmExecutor({ module: kernels, threads });
}

/** The builds of the kernel module that this platform can run, each on an executor of its own. */
import { readFile } from 'node:fs/promises';
import { relaxedSimd } from 'wasm-feature-detect';
import { createWasmExecutor, type WasmExecutor } from '../../worker/wasm-executor.js';

const plain = ['kernels.wasm', 'kernels-debug.wasm'] as const;

/** Node 20 has relaxed SIMD only with --experimental-wasm-relaxed-simd. */
export const kernelFiles: readonly string[] = (await relaxedSimd()) ? [...plain, 'kernels-relaxed.wasm'] : plain;

export async function kernelExecutor(file: string): Promise<WasmExecutor> {
  const module = await WebAssembly.compile(await readFile(`build/assembly/${file}`));
  return createWasmExecutor({ module });
}

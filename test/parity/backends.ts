/** Executors that the golden cases run on, and how close they must come. */
import { readFile } from 'node:fs/promises';
import { openDawn } from '../../cli/dawn.js';
import type { Executor } from '../../core/executor.js';
import { createWasmExecutor } from '../../worker/wasm-executor.js';
import { createGpuExecutor } from '../../gpu/executor.js';
import { createReferenceExecutor } from '../reference/executor.js';

async function wasm(file: string): Promise<Executor> {
  const bytes = await readFile(new URL(`../../assembly/${file}`, import.meta.url));
  return createWasmExecutor({ module: await WebAssembly.compile(bytes) });
}

async function webgpu(): Promise<Executor> {
  const { source } = await openDawn();
  return createGpuExecutor({ source });
}

export const backends = {
  reference: { create: async (): Promise<Executor> => createReferenceExecutor(), tolerance: 1e-6 },
  wasm: { create: () => wasm('kernels.wasm'), tolerance: 2e-4 },
  'wasm-debug': { create: () => wasm('kernels-debug.wasm'), tolerance: 2e-4 },
  webgpu: { create: webgpu, tolerance: 2e-4 },
} as const;

/** Those that run anywhere. */
export const usualBackends = ['reference', 'wasm', 'wasm-debug'] as const;

export type BackendName = keyof typeof backends;

export function isBackendName(name: string): name is BackendName {
  return Object.hasOwn(backends, name);
}

/** `--backend`: what a command computes with. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GpuSource } from '../gpu/adapter.js';
import { Runtime } from '../worker/runtime.js';
import type { ModelStore } from '../worker/storage/model-store.js';
import { DiskFolder } from './disk-folder.js';
import { openDawn } from './dawn.js';
import { readModules } from './modules.js';
import type { OptionTable, Options } from './options.js';

export const backendOption = {
  backend: { value: 'NAME', help: 'wasm (default), or webgpu: the GPU, by the package webgpu' },
} as const satisfies OptionTable;

/** Tokens of large texts, of which the oldest go; the system clears the rest away. */
const corpora = { folder: () => DiskFolder.create(join(tmpdir(), 'adaptive-lm-corpora')) };

/**
 * The runtime that the command line asks for.
 * @throws AdaptiveError 'unsupported' when it is to be a GPU, and there is none or no package for it
 */
export async function makeRuntime(options: Options, store?: () => Promise<ModelStore>): Promise<Runtime> {
  const backend = options.choice('backend', ['wasm', 'webgpu']) ?? 'wasm';
  const kept = store ? { store } : {};
  if (backend === 'wasm') return new Runtime(readModules, { backend, corpora, ...kept });
  return new Runtime(readModules, { backend, corpora, ...kept, gpu: await openGpu() });
}

/** The GPU, whose name is printed. @throws AdaptiveError 'unsupported' when there is none or no package for it */
export async function openGpu(): Promise<GpuSource> {
  const { source, info } = await openDawn();
  const name = [info.vendor, info.architecture, info.description].filter((part) => part !== '').join(' ');
  process.stderr.write(`WebGPU: ${name}${info.isFallbackAdapter ? ', which is slow: it runs on the CPU' : ''}\n`);
  return source;
}

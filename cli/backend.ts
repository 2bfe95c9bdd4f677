/** `--backend`: what a command computes with. */
import { Runtime } from '../worker/runtime.js';
import { openDawn } from './dawn.js';
import { readModules } from './modules.js';
import type { OptionTable, Options } from './options.js';

export const backendOption = {
  backend: { value: 'NAME', help: 'wasm (default), or webgpu: the GPU, by the package webgpu' },
} as const satisfies OptionTable;

/** The runtime that the command line asks for. What it lacks is said at the first operation that needs it. */
export function makeRuntime(options: Options): Runtime {
  const backend = options.choice('backend', ['wasm', 'webgpu']) ?? 'wasm';
  return new Runtime(backend === 'wasm' ? readModules : modulesWithGpu, { backend });
}

async function modulesWithGpu() {
  const { source, info } = await openDawn();
  const name = [info.vendor, info.architecture, info.description].filter((part) => part !== '').join(' ');
  process.stderr.write(`WebGPU: ${name}${info.isFallbackAdapter ? ', which is slow: it runs on the CPU' : ''}\n`);
  return { ...(await readModules()), gpu: source };
}

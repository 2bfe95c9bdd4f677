/** The WASM modules as files: what worker/assets.ts fetches in a browser. */
import { readFile } from 'node:fs/promises';
import { relaxedSimd } from 'wasm-feature-detect';
import { AdaptiveError } from '../core/errors.js';
import type { Modules } from '../worker/assets.js';
import { nodeThreads } from './threads.js';

export async function readModules(): Promise<Modules> {
  const kernelFile = (await relaxedSimd()) ? 'kernels-shared-relaxed.wasm' : 'kernels-shared.wasm';
  const [kernels, text] = await Promise.all([compile(kernelFile), compile('text.wasm')]);
  return { kernels, text, threads: nodeThreads(kernels) };
}

/** The module that tokenizers need, without the rest. */
export function readTextModule(): Promise<WebAssembly.Module> {
  return compile('text.wasm');
}

async function compile(name: string): Promise<WebAssembly.Module> {
  const file = new URL(`../worker/${name}`, import.meta.url);
  try {
    return await WebAssembly.compile(await readFile(file));
  } catch (cause) {
    throw new AdaptiveError('disk', `${file.pathname} cannot be read. Run npm run build.`, {}, { cause });
  }
}

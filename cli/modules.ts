/** The WASM modules as files: what worker/assets.ts fetches in a browser. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { relaxedSimd } from 'wasm-feature-detect';
import { AdaptiveError } from '../core/errors.js';
import type { Modules } from '../worker/assets.js';
import { nodeThreads } from './threads.js';

export async function readModules(): Promise<Modules> {
  const kernelFile = (await relaxedSimd()) ? 'kernels-shared-relaxed.wasm' : 'kernels-shared.wasm';
  const [kernels, text] = await Promise.all([compile(kernelFile), compile('text.wasm')]);
  return { kernels, text, threads: nodeThreads(kernels) };
}

/** In the build they lie beside the page's worker, in the package one folder up from this script. */
const folders = ['../worker/', '../'].map((folder) => new URL(folder, import.meta.url));

/** The module that tokenizers need, without the rest. */
export function readTextModule(): Promise<WebAssembly.Module> {
  return compile('text.wasm');
}

async function compile(name: string): Promise<WebAssembly.Module> {
  const files = folders.map((folder) => new URL(name, folder));
  try {
    return await WebAssembly.compile(await readFile(files.find((file) => existsSync(file)) ?? name));
  } catch (cause) {
    const places = files.map((file) => fileURLToPath(file)).join(' or ');
    throw new AdaptiveError('disk', `${places} cannot be read. Run npm run build.`, {}, { cause });
  }
}

/** The WASM modules as files: what worker/assets.ts fetches in a browser. */
import { readFile } from 'node:fs/promises';
import { AdaptiveError } from '../core/errors.js';
import type { Modules } from '../worker/assets.js';

export async function readModules(): Promise<Modules> {
  const [kernels, text] = await Promise.all([
    compile(new URL('../assembly/kernels.wasm', import.meta.url)),
    compile(new URL('../assembly/text.wasm', import.meta.url)),
  ]);
  return { kernels, text };
}

async function compile(file: URL): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(await readFile(file));
  } catch (cause) {
    throw new AdaptiveError('disk', `${file.pathname} cannot be read. Run npm run build.`, {}, { cause });
  }
}

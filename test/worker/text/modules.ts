/** The text module in both builds. */
import { readFile } from 'node:fs/promises';

async function build(name: string): Promise<{ readonly name: string; readonly module: WebAssembly.Module }> {
  return { name, module: await WebAssembly.compile(await readFile(`build/assembly/${name}.wasm`)) };
}

export const builds = [await build('text'), await build('text-debug')] as const;
export const [{ module: textModule }] = builds;

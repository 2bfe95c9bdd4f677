/** The whole runtime in Node, on the modules as they are shipped, and a text to learn from. */
import { readFile } from 'node:fs/promises';
import { nodeThreads } from '../../cli/threads.js';
import type { CorpusSource } from '../../core/corpus.js';
import { Random } from '../../core/random.js';
import { Runtime, type RuntimeOptions } from '../../worker/runtime.js';

const compile = async (name: string) => WebAssembly.compile(await readFile(`build/assembly/${name}.wasm`));
const text = await compile('text');
const kernels = await compile('kernels');
const shared = await compile('kernels-shared');

/** With 1, memory is not shared. */
export function runtimeOn(threads: number, options: RuntimeOptions = {}): Runtime {
  const support = threads > 1 ? { ...nodeThreads(shared), available: threads, spared: 0 } : null;
  return new Runtime(async () => ({ kernels, text, threads: support }), options);
}

/** Letters in alphabetical order, with some noise. */
export function alphabets(length: number): CorpusSource {
  const random = new Random(1, 1);
  let at = 0;
  const text = Array.from({ length }, () => {
    at = random.next() < 0.1 ? Math.floor(26 * random.next()) : (at + 1) % 26;
    return String.fromCharCode(97 + at);
  });
  return { kind: 'text', text: text.join('') };
}

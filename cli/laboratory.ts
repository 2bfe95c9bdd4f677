/** What experiments find in Node: executors, and files of data. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AdaptiveError } from '../core/errors.js';
import type { Laboratory } from '../lab/experiment.js';
import { readMnist, mnistFiles } from '../lab/data/mnist.js';
import { Backends } from '../worker/backends.js';
import { openGpu } from './backend.js';
import { datasetNames } from './datasets.js';
import { readModules } from './modules.js';
import type { Options } from './options.js';

/** By `--backend` and `--data`. @throws AdaptiveError 'unsupported' when there is no GPU and one was asked for */
export async function openLaboratory(options: Options): Promise<Laboratory> {
  const backend = options.choice('backend', ['wasm', 'webgpu']) ?? 'wasm';
  const gpu = backend === 'webgpu' ? await openGpu() : null;
  const backends = new Backends(readModules, { gpu });
  const folder = options.text('data') ?? 'data';
  return {
    executor: () => (backend === 'webgpu' ? backends.webgpu() : backends.wasm()),
    mnist: async () => {
      const files = mnistFiles.map(async (file) => {
        return [file, await readFirst([join(folder, 'mnist', file), join(folder, file)], 'mnist')] as const;
      });
      return readMnist(new Map(await Promise.all(files)));
    },
    text: async (name) => {
      const paths = [join(folder, name), join(folder, `${name}.txt`), join(folder, name, 'input.txt')];
      return new TextDecoder().decode(await readFirst(paths, name));
    },
  };
}

/** The first of some files that is there. @throws AdaptiveError 'disk' that says where to get it */
async function readFirst(paths: readonly string[], name: string): Promise<Uint8Array> {
  for (const path of paths) {
    try {
      return await readFile(path);
    } catch (cause) {
      const missing = cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'EISDIR');
      if (!missing) throw new AdaptiveError('disk', `${path} cannot be read: ${String(cause)}`, { path }, { cause });
    }
  }
  const download = datasetNames.some((known) => known === name)
    ? `Fetch it with npm run lm -- download --name ${name}, or say`
    : 'It cannot be fetched from here; say';
  throw new AdaptiveError('disk', `There is no ${paths.join(' and no ')}. ${download} where it is with --data DIR.`, {
    name,
  });
}

/** Files in and out, with errors that say which file. */
import { openAsBlob } from 'node:fs';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { AdaptiveError } from '../core/errors.js';
import type { CorpusSource } from '../core/corpus.js';

export async function orDiskError<T>(path: string, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AdaptiveError('disk', `${path} could not be ${what}: ${reason}`, { path }, { cause });
  }
}

export function readBytes(path: string): Promise<Uint8Array> {
  return orDiskError(path, 'read', () => readFile(path));
}

/**
 * Files, and all files of folders, as a corpus that is streamed when it is read. Each path has a weight, or none has. What
 * begins with a dot is left out.
 */
export async function corpusFiles(paths: readonly string[], weights: readonly number[] = []): Promise<CorpusSource> {
  const files = await Promise.all(
    paths.map(async (path, i) => {
      const weight = weights[i] ?? 1;
      const found = await orDiskError(path, 'read', () => filesAt(path));
      return Promise.all(
        found.map(async (name) => ({ file: await openAsBlob(name), name: relative('.', name), weight })),
      );
    }),
  );
  return { kind: 'files', files: files.flat() };
}

/** In order of their names. */
async function filesAt(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = (await readdir(path, { withFileTypes: true })).filter(({ name }) => !name.startsWith('.'));
  const names = entries.filter((entry) => entry.isDirectory() || entry.isFile()).map(({ name }) => join(path, name));
  return (await Promise.all(names.sort().map(filesAt))).flat();
}

/** Writes beside the target and renames, so that a half-written file never has its name. */
export async function writeBytes(path: string, bytes: ArrayBuffer | Uint8Array): Promise<void> {
  const partial = `${path}.partial`;
  await orDiskError(path, 'written', async () => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(partial, new Uint8Array(bytes));
    await rename(partial, path);
  });
}

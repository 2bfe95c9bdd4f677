/** Files in and out, with errors that say which file. */
import { openAsBlob } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
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

/** The file as a corpus; it is streamed when it is read. */
export async function corpusFile(path: string): Promise<CorpusSource> {
  const file = await orDiskError(path, 'read', () => openAsBlob(path));
  return { kind: 'files', files: [{ file, name: basename(path) }] };
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

/**
 * Files that outlast a visit: one contract over what browsers and Node keep files in. A folder is flat; what is written
 * to a file is there for whoever reads it next, and after `flush` also for whoever comes after a crash of the process.
 *
 *     opfs-folder.ts       the origin private file system, by sync access handles: in workers
 *     indexeddb-folder.ts  where that is missing
 *     memory-folder.ts     where nothing may be kept: gone with the worker
 *     cli/disk-folder.ts   a folder on disk, in Node
 *
 * Everything rejects with an AdaptiveError: 'storage-full', 'in-use' (somebody else writes the file), 'disk' for all else.
 */
import { AdaptiveError } from '../../core/errors.js';
import type { StorageKind } from '../../core/stored.js';

export interface ReadableFile {
  readonly name: string;
  /** Bytes, now. */
  readonly size: number;
  /** Fills `into` with the bytes from `at` on. Returns how many there were: fewer than it holds only at the end of the file. */
  read(into: Uint8Array, at: number): Promise<number>;
  /** Twice is harmless. */
  close(): Promise<void>;
}

/** A file of which others see nothing yet, or part, until it is flushed or closed. */
export interface StoredFile extends ReadableFile {
  /** All of `from`. What lies between the end of the file and `at` becomes zeros. `from` may lie in shared memory. */
  write(from: Uint8Array, at: number): Promise<void>;
  /** To a size that may also be greater: then the rest is zeros. */
  truncate(size: number): Promise<void>;
  flush(): Promise<void>;
}

export interface FolderEntry {
  readonly name: string;
  readonly bytes: number;
}

export interface Folder {
  readonly kind: StorageKind;
  /** Whether what is written is still there on the next visit, as far as that can be known. */
  readonly lasting: boolean;
  /** To read and write; made when there is none. One holder at a time: others may be refused as 'in-use'. */
  open(name: string): Promise<StoredFile>;
  /** To read, while others may write it; null when there is none. */
  read(name: string): Promise<ReadableFile | null>;
  /** By name, in order. */
  list(): Promise<readonly FolderEntry[]>;
  /** Without such a file nothing happens. */
  remove(name: string): Promise<void>;
}

/** What file names are made of, on every file system there is. */
const plainName = /^[\w%-][\w%.-]{0,239}$/;

/** @throws AdaptiveError 'internal' */
export function checkFileName(name: string): string {
  if (plainName.test(name)) return name;
  throw new AdaptiveError('internal', `“${name}” is no name for a stored file.`);
}

/** Any text as part of a file name, without a dot. `decodeURIComponent` turns it back. */
export function asFileName(text: string): string {
  const hex = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).replace(/[!'()*~.]/g, hex);
}

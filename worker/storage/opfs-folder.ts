/**
 * Files in the origin private file system, written by sync access handles, which only workers have. A handle is the file's
 * only one; whoever reads by `read` does so beside it, from a snapshot.
 *
 * The folder is looked up anew each time: when somebody clears the site's data it is gone, and the next file makes it again.
 */
import { checkFileName, type Folder, type FolderEntry, type ReadableFile, type StoredFile } from './folder.js';
import { byName } from './memory-folder.js';
import { orStorageError, storageFull } from './storage-error.js';

/** Where all that is ours lies. */
const root = 'adaptive-lm';

/** In Safari before 16.4 these return promises. */
interface SyncAccessHandle {
  read(into: Uint8Array, options: { at: number }): number;
  write(from: Uint8Array, options: { at: number }): number;
  truncate(size: number): void | Promise<void>;
  getSize(): number | Promise<number>;
  flush(): void | Promise<void>;
  close(): void | Promise<void>;
}

declare global {
  interface FileSystemFileHandle {
    /** In workers only. */
    createSyncAccessHandle?: () => Promise<SyncAccessHandle>;
  }
}

export class OpfsFolder implements Folder {
  readonly kind = 'opfs';
  readonly lasting = true;

  private constructor(readonly name: string) {}

  /** Rejects where there is no such thing: on the main thread, and in some private windows. */
  static async create(name: string): Promise<OpfsFolder> {
    const folder = new OpfsFolder(checkFileName(name));
    await folder.list();
    if (!('createSyncAccessHandle' in FileSystemFileHandle.prototype)) throw new Error('There are no sync handles.');
    return folder;
  }

  open(name: string): Promise<StoredFile> {
    return orStorageError(`Opening ${checkFileName(name)}`, async () => {
      const entry = await (await this.#folder()).getFileHandle(name, { create: true });
      const handle = await entry.createSyncAccessHandle?.();
      if (!handle) throw new Error('There are no sync handles.');
      return new OpfsFile(name, handle, await handle.getSize());
    });
  }

  read(name: string): Promise<ReadableFile | null> {
    return orStorageError(`Reading ${checkFileName(name)}`, async () => {
      try {
        const entry = await (await this.#folder()).getFileHandle(name);
        return new Snapshot(name, await entry.getFile());
      } catch (thrown) {
        if (isMissing(thrown)) return null;
        throw thrown;
      }
    });
  }

  list(): Promise<readonly FolderEntry[]> {
    return orStorageError('Listing what is stored', async () => {
      const entries: FolderEntry[] = [];
      for await (const [name, entry] of (await this.#folder()).entries()) {
        if (entry instanceof FileSystemFileHandle) entries.push({ name, bytes: (await entry.getFile()).size });
      }
      return entries.sort(byName);
    });
  }

  remove(name: string): Promise<void> {
    return orStorageError(`Deleting ${checkFileName(name)}`, async () => {
      try {
        await (await this.#folder()).removeEntry(name);
      } catch (thrown) {
        if (!isMissing(thrown)) throw thrown;
      }
    });
  }

  async #folder(): Promise<FileSystemDirectoryHandle> {
    const ours = await (await navigator.storage.getDirectory()).getDirectoryHandle(root, { create: true });
    return ours.getDirectoryHandle(this.name, { create: true });
  }
}

class OpfsFile implements StoredFile {
  constructor(
    readonly name: string,
    readonly handle: SyncAccessHandle,
    public size: number,
  ) {}

  read(into: Uint8Array, at: number): Promise<number> {
    return orStorageError(`Reading ${this.name}`, () => this.handle.read(into, { at }));
  }

  write(from: Uint8Array, at: number): Promise<void> {
    const what = `Writing ${this.name}`;
    return orStorageError(what, () => {
      for (let done = 0; done < from.length;) {
        const written = this.handle.write(from.subarray(done), { at: at + done });
        // A disk without room may take a part, and then nothing.
        if (written === 0) throw storageFull(what);
        done += written;
      }
      this.size = Math.max(this.size, at + from.length);
    });
  }

  truncate(size: number): Promise<void> {
    return orStorageError(`Writing ${this.name}`, async () => {
      await this.handle.truncate(size);
      this.size = size;
    });
  }

  flush(): Promise<void> {
    return orStorageError(`Writing ${this.name}`, () => this.handle.flush());
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

class Snapshot implements ReadableFile {
  constructor(
    readonly name: string,
    readonly file: File,
  ) {}

  get size(): number {
    return this.file.size;
  }

  read(into: Uint8Array, at: number): Promise<number> {
    return orStorageError(`Reading ${this.name}`, async () => {
      const bytes = new Uint8Array(await this.file.slice(at, at + into.length).arrayBuffer());
      into.set(bytes);
      return bytes.length;
    });
  }

  async close(): Promise<void> {}
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'NotFoundError';
}

/** A folder on disk, as the runtime keeps files. */
import { mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkFileName,
  type Folder,
  type FolderEntry,
  type ReadableFile,
  type StoredFile,
} from '../worker/storage/folder.js';
import { orStorageError } from '../worker/storage/storage-error.js';

export class DiskFolder implements Folder {
  readonly kind = 'disk';
  readonly lasting = true;

  private constructor(readonly path: string) {}

  /** Makes the folder if there is none. @throws AdaptiveError 'disk' */
  static async create(path: string): Promise<DiskFolder> {
    await orStorageError(`Opening the folder ${path}`, () => mkdir(path, { recursive: true }));
    return new DiskFolder(path);
  }

  open(name: string): Promise<StoredFile> {
    return this.#at(name, 'Opening', async (path) => {
      const found = await openIfThere(path, 'r+');
      if (found) return found;
      const made = await openFile(path, 'w+');
      // That the file exists is written in its folder.
      await this.#flush();
      return made;
    });
  }

  read(name: string): Promise<ReadableFile | null> {
    return this.#at(name, 'Reading', (path) => openIfThere(path, 'r'));
  }

  list(): Promise<readonly FolderEntry[]> {
    return orStorageError(`Listing ${this.path}`, async () => {
      const entries = await readdir(this.path, { withFileTypes: true });
      const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
      return Promise.all(names.sort().map(async (name) => ({ name, bytes: (await stat(join(this.path, name))).size })));
    });
  }

  remove(name: string): Promise<void> {
    return this.#at(name, 'Deleting', (path) => rm(path, { force: true }));
  }

  #at<T>(name: string, doing: string, work: (path: string) => Promise<T>): Promise<T> {
    const path = join(this.path, checkFileName(name));
    return orStorageError(`${doing} ${path}`, () => work(path));
  }

  async #flush(): Promise<void> {
    if (process.platform === 'win32') return; // where folders cannot be opened
    const folder = await open(this.path, 'r');
    await folder.sync().finally(() => folder.close());
  }
}

class DiskFile implements StoredFile {
  #open = true;

  constructor(
    readonly name: string,
    readonly handle: FileHandle,
    public size: number,
  ) {}

  read(into: Uint8Array, at: number): Promise<number> {
    return orStorageError(`Reading ${this.name}`, async () => {
      for (let done = 0; ;) {
        const { bytesRead } = await this.handle.read(into, done, into.length - done, at + done);
        done += bytesRead;
        if (bytesRead === 0 || done === into.length) return done;
      }
    });
  }

  write(from: Uint8Array, at: number): Promise<void> {
    return orStorageError(`Writing ${this.name}`, async () => {
      for (let done = 0; done < from.length;) {
        const { bytesWritten } = await this.handle.write(from, done, from.length - done, at + done);
        done += bytesWritten;
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
    return orStorageError(`Writing ${this.name}`, () => this.handle.datasync());
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.handle.close();
  }
}

async function openFile(path: string, flags: string): Promise<DiskFile> {
  const handle = await open(path, flags);
  return new DiskFile(path, handle, (await handle.stat()).size);
}

async function openIfThere(path: string, flags: string): Promise<DiskFile | null> {
  try {
    return await openFile(path, flags);
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null;
    throw thrown;
  }
}

/** A folder with room for so many bytes, as a quota leaves it. */
import type { Folder, FolderEntry, ReadableFile, StoredFile } from '../../../worker/storage/folder.js';
import { MemoryFolder } from '../../../worker/storage/memory-folder.js';
import { storageFull } from '../../../worker/storage/storage-error.js';

export class LimitedFolder implements Folder {
  readonly kind = 'memory';
  readonly lasting = false;
  readonly #folder = new MemoryFolder();

  constructor(public limit: number) {}

  async open(name: string): Promise<StoredFile> {
    const file = await this.#folder.open(name);
    const used = async () => (await this.list()).reduce((sum, { bytes }) => sum + bytes, 0);
    return {
      name,
      get size() {
        return file.size;
      },
      read: (into, at) => file.read(into, at),
      write: async (from, at) => {
        const growth = Math.max(0, at + from.length - file.size);
        if ((await used()) + growth > this.limit) throw storageFull(`Writing ${name}`);
        await file.write(from, at);
      },
      truncate: (size) => file.truncate(size),
      flush: () => file.flush(),
      close: () => file.close(),
    };
  }

  read(name: string): Promise<ReadableFile | null> {
    return this.#folder.read(name);
  }

  list(): Promise<readonly FolderEntry[]> {
    return this.#folder.list();
  }

  remove(name: string): Promise<void> {
    return this.#folder.remove(name);
  }
}

/** A folder in memory whose files are seen to by a test: a base for those that limit, write down, or break. */
import type { Folder, FolderEntry, ReadableFile, StoredFile } from '../../../worker/storage/folder.js';
import { MemoryFolder } from '../../../worker/storage/memory-folder.js';

export abstract class FolderAround implements Folder {
  readonly kind = 'memory';
  readonly lasting = false;
  readonly #folder = new MemoryFolder();

  /** What changes of `file` do instead. */
  protected abstract changing(file: StoredFile): Partial<Pick<StoredFile, 'write' | 'truncate'>>;

  async open(name: string): Promise<StoredFile> {
    const file = await this.#folder.open(name);
    return {
      name,
      get size() {
        return file.size;
      },
      read: (into, at) => file.read(into, at),
      write: (from, at) => file.write(from, at),
      truncate: (size) => file.truncate(size),
      flush: () => file.flush(),
      close: () => file.close(),
      ...this.changing(file),
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

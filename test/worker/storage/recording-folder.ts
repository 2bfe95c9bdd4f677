/** A folder that writes down every change to its files, and can play them back up to any byte: what a crash leaves. */
import type { Folder, FolderEntry, ReadableFile, StoredFile } from '../../../worker/storage/folder.js';
import { MemoryFolder } from '../../../worker/storage/memory-folder.js';

type Change =
  | { readonly kind: 'truncate'; readonly name: string; readonly size: number }
  | { readonly kind: 'write'; readonly name: string; readonly at: number; readonly bytes: Uint8Array };

export class RecordingFolder implements Folder {
  readonly kind = 'memory';
  readonly lasting = false;
  readonly changes: Change[] = [];
  readonly #folder = new MemoryFolder();

  async open(name: string): Promise<StoredFile> {
    const file = await this.#folder.open(name);
    const { changes } = this;
    return {
      name,
      get size() {
        return file.size;
      },
      read: (into, at) => file.read(into, at),
      write: async (from, at) => {
        changes.push({ kind: 'write', name, at, bytes: from.slice() });
        await file.write(from, at);
      },
      truncate: async (size) => {
        changes.push({ kind: 'truncate', name, size });
        await file.truncate(size);
      },
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

  /** What is there when only the first `whole` changes came through, and `bytes` bytes of the next one. */
  async upTo(whole: number, bytes = 0): Promise<MemoryFolder> {
    const folder = new MemoryFolder();
    for (const [i, change] of this.changes.slice(0, whole + 1).entries()) {
      const file = await folder.open(change.name);
      if (change.kind === 'write') await file.write(change.bytes.subarray(0, i < whole ? Infinity : bytes), change.at);
      else if (i < whole) await file.truncate(change.size);
    }
    return folder;
  }
}

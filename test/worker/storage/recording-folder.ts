/** A folder that writes down every change to its files, and can play them back up to any byte: what a crash leaves. */
import type { StoredFile } from '../../../worker/storage/folder.js';
import { MemoryFolder } from '../../../worker/storage/memory-folder.js';
import { FolderAround } from './folder-around.js';

type Change =
  | { readonly kind: 'truncate'; readonly name: string; readonly size: number }
  | { readonly kind: 'write'; readonly name: string; readonly at: number; readonly bytes: Uint8Array };

export class RecordingFolder extends FolderAround {
  readonly changes: Change[] = [];

  protected override changing(file: StoredFile) {
    const { name } = file;
    return {
      write: async (from: Uint8Array, at: number) => {
        this.changes.push({ kind: 'write', name, at, bytes: from.slice() });
        await file.write(from, at);
      },
      truncate: async (size: number) => {
        this.changes.push({ kind: 'truncate', name, size });
        await file.truncate(size);
      },
    };
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

/** A folder with room for so many bytes, as a quota leaves it. */
import type { StoredFile } from '../../../worker/storage/folder.js';
import { storageFull } from '../../../worker/storage/storage-error.js';
import { FolderAround } from './folder-around.js';

export class LimitedFolder extends FolderAround {
  constructor(public limit: number) {
    super();
  }

  protected override changing(file: StoredFile) {
    return {
      write: async (from: Uint8Array, at: number) => {
        const used = (await this.list()).reduce((sum, { bytes }) => sum + bytes, 0);
        const growth = Math.max(0, at + from.length - file.size);
        if (used + growth > this.limit) throw storageFull(`Writing ${file.name}`);
        await file.write(from, at);
      },
    };
  }
}

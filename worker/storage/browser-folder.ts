/** The best folder that a browser has for us. */
import type { Folder } from './folder.js';
import { IndexedDbFolder } from './indexeddb-folder.js';
import { MemoryFolder } from './memory-folder.js';
import { OpfsFolder } from './opfs-folder.js';

/** Who asks again gets the same, or what is in memory would be lost. */
const folders = new Map<string, Promise<Folder>>();

/** In the private file system, else in IndexedDB, else in memory, which its `lasting` tells. Never rejects. */
export function browserFolder(name: string): Promise<Folder> {
  const folder = folders.get(name) ?? choose(name);
  folders.set(name, folder);
  return folder;
}

async function choose(name: string): Promise<Folder> {
  for (const kind of [OpfsFolder, IndexedDbFolder]) {
    try {
      return await kind.create(name);
    } catch {
      // Then the next one.
    }
  }
  return new MemoryFolder();
}

/**
 * Files in IndexedDB, where sync access handles are missing. One store for all folders:
 *
 *     ['size', folder, name]          in bytes
 *     ['chunk', folder, name, index]  bytes from index · 1 MiB on; what a chunk lacks is zeros
 *
 * A write is one transaction: all of it is there, or nothing.
 */
import { createStore, get, promisifyRequest, type UseStore } from 'idb-keyval';
import { within } from '../within.js';
import { checkFileName, type Folder, type FolderEntry, type ReadableFile, type StoredFile } from './folder.js';
import { byName } from './memory-folder.js';
import { orStorageError } from './storage-error.js';

export const chunkBytes = 1 << 20;
/** A database that does not answer is taken for none. */
const patience = 3; // s

/** A connection for each database, not for each folder. */
const stores = new Map<string, UseStore>();

function storeOf(database: string): UseStore {
  const store = stores.get(database) ?? createStore(database, 'files');
  stores.set(database, store);
  return store;
}

export class IndexedDbFolder implements Folder {
  readonly kind = 'indexeddb';
  readonly lasting = true;
  readonly #store: UseStore;

  private constructor(
    readonly name: string,
    database: string,
  ) {
    this.#store = storeOf(database);
  }

  /** Rejects where the platform has no IndexedDB for us. */
  static async create(name: string, database = 'adaptive-lm-files'): Promise<IndexedDbFolder> {
    const folder = new IndexedDbFolder(checkFileName(name), database);
    if ((await within(patience, folder.list())) === null) throw new Error('IndexedDB does not answer.');
    return folder;
  }

  async open(name: string): Promise<StoredFile> {
    const known = await this.#find(name);
    if (known) return known;
    const file = this.#file(name, 0);
    await file.truncate(0);
    return file;
  }

  read(name: string): Promise<ReadableFile | null> {
    return this.#find(name);
  }

  list(): Promise<readonly FolderEntry[]> {
    return orStorageError('Listing what is stored', () =>
      this.#store('readonly', async (store) => {
        // An array comes after every text.
        const range = IDBKeyRange.bound(['size', this.name], ['size', this.name, []]);
        const [keys, sizes] = await Promise.all([
          promisifyRequest(store.getAllKeys(range)),
          promisifyRequest<unknown[]>(store.getAll(range)),
        ]);
        const entries = keys.map((key, i) => {
          const bytes = sizes[i];
          const name: unknown = Array.isArray(key) ? key[2] : null;
          return typeof name === 'string' && typeof bytes === 'number' ? { name, bytes } : null;
        });
        return entries.filter((entry) => entry !== null).sort(byName);
      }),
    );
  }

  remove(name: string): Promise<void> {
    return orStorageError(`Deleting ${checkFileName(name)}`, () =>
      this.#store('readwrite', (store) => {
        store.delete(['size', this.name, name]);
        store.delete(chunks(this.name, name));
        return promisifyRequest(store.transaction);
      }),
    );
  }

  async #find(name: string): Promise<StoredFile | null> {
    const key = ['size', this.name, checkFileName(name)];
    const size = await orStorageError(`Opening ${name}`, () => get<unknown>(key, this.#store));
    return typeof size === 'number' ? this.#file(name, size) : null;
  }

  #file(name: string, size: number): StoredFile {
    return new IndexedDbFile(this.#store, this.name, name, size);
  }
}

class IndexedDbFile implements StoredFile {
  constructor(
    readonly store: UseStore,
    readonly folder: string,
    readonly name: string,
    public size: number,
  ) {}

  read(into: Uint8Array, at: number): Promise<number> {
    const bytes = Math.max(0, Math.min(into.length, this.size - at));
    return orStorageError(`Reading ${this.name}`, async () => {
      await this.store('readonly', (store) =>
        Promise.all(
          pieces(at, bytes).map(async ({ index, begin, end, from }) => {
            const chunk = await this.#chunk(store, index);
            into.set(chunk.subarray(begin, end), from);
            // What was never written.
            into.fill(0, from + Math.max(0, Math.min(end, chunk.length) - begin), from + end - begin);
          }),
        ),
      );
      return bytes;
    });
  }

  write(from: Uint8Array, at: number): Promise<void> {
    const size = Math.max(this.size, at + from.length);
    return orStorageError(`Writing ${this.name}`, async () => {
      await this.store('readwrite', async (store) => {
        const whole = promisifyRequest(store.transaction);
        // The wait below may end by the same failure.
        whole.catch(() => {});
        for (const { index, begin, end, from: start } of pieces(at, from.length)) {
          const piece = from.slice(start, start + end - begin);
          store.put(
            end - begin === chunkBytes ? piece : await this.#patched(store, index, begin, piece),
            this.#key(index),
          );
        }
        store.put(size, ['size', this.folder, this.name]);
        await whole;
      });
      this.size = size;
    });
  }

  truncate(size: number): Promise<void> {
    return orStorageError(`Writing ${this.name}`, async () => {
      await this.store('readwrite', async (store) => {
        const whole = promisifyRequest(store.transaction);
        whole.catch(() => {});
        const last = Math.floor(size / chunkBytes);
        store.delete(chunks(this.folder, this.name, last + 1));
        const chunk = await this.#chunk(store, last);
        if (chunk.length > size % chunkBytes) store.put(chunk.slice(0, size % chunkBytes), this.#key(last));
        store.put(size, ['size', this.folder, this.name]);
        await whole;
      });
      this.size = size;
    });
  }

  async flush(): Promise<void> {} // each write was a transaction

  async close(): Promise<void> {}

  async #patched(store: IDBObjectStore, index: number, begin: number, piece: Uint8Array): Promise<Uint8Array> {
    const chunk = await this.#chunk(store, index);
    const patched = new Uint8Array(Math.max(chunk.length, begin + piece.length));
    patched.set(chunk);
    patched.set(piece, begin);
    return patched;
  }

  async #chunk(store: IDBObjectStore, index: number): Promise<Uint8Array> {
    const chunk: unknown = await promisifyRequest<unknown>(store.get(this.#key(index)));
    return chunk instanceof Uint8Array ? chunk : new Uint8Array(0);
  }

  #key(index: number): IDBValidKey {
    return ['chunk', this.folder, this.name, index];
  }
}

/** All chunks of a file from `first` on. */
function chunks(folder: string, name: string, first = 0): IDBKeyRange {
  return IDBKeyRange.bound(['chunk', folder, name, first], ['chunk', folder, name, Infinity]);
}

/** Where `bytes` bytes from `at` on lie: bytes `begin` to `end` of a chunk are those of the whole from `from` on. */
function pieces(at: number, bytes: number) {
  const found = [];
  for (let from = 0; from < bytes;) {
    const index = Math.floor((at + from) / chunkBytes);
    const begin = (at + from) % chunkBytes;
    const end = Math.min(chunkBytes, begin + bytes - from);
    found.push({ index, begin, end, from });
    from += end - begin;
  }
  return found;
}

/** Files in memory: for platforms that keep nothing, and as the plainest folder there is. */
import { checkFileName, type Folder, type FolderEntry, type ReadableFile, type StoredFile } from './folder.js';

/** A file that grows by doubling, so that writing it piece by piece stays linear. */
class Content {
  #room = new Uint8Array(0);
  size = 0;

  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.size);
  }

  resize(size: number): void {
    if (size > this.#room.length) {
      const room = new Uint8Array(Math.max(size, 2 * this.#room.length));
      room.set(this.bytes);
      this.#room = room;
    }
    if (size < this.size) this.#room.fill(0, size, this.size);
    this.size = size;
  }
}

export class MemoryFolder implements Folder {
  readonly kind = 'memory';
  readonly lasting = false;
  readonly #files = new Map<string, Content>();

  async open(name: string): Promise<StoredFile> {
    const content = this.#files.get(checkFileName(name)) ?? new Content();
    this.#files.set(name, content);
    return new MemoryFile(name, content);
  }

  async read(name: string): Promise<ReadableFile | null> {
    const content = this.#files.get(checkFileName(name));
    return content ? new MemoryFile(name, content) : null;
  }

  async list(): Promise<readonly FolderEntry[]> {
    return [...this.#files].map(([name, { size }]) => ({ name, bytes: size })).sort(byName);
  }

  async remove(name: string): Promise<void> {
    this.#files.delete(checkFileName(name));
  }
}

class MemoryFile implements StoredFile {
  constructor(
    readonly name: string,
    readonly content: Content,
  ) {}

  get size(): number {
    return this.content.size;
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    const bytes = this.content.bytes.subarray(at, at + into.length);
    into.set(bytes);
    return bytes.length;
  }

  async write(from: Uint8Array, at: number): Promise<void> {
    this.content.resize(Math.max(this.size, at + from.length));
    this.content.bytes.set(from, at);
  }

  async truncate(size: number): Promise<void> {
    this.content.resize(size);
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {}
}

export function byName(a: FolderEntry, b: FolderEntry): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

/**
 * Takes tokens as they come: into memory while they are few, then onto the shelf. Where that has no room, back into memory
 * up to a limit, and it says so.
 */
import { AdaptiveError } from '../../core/errors.js';
import type { CorpusRecord } from '../../core/corpus-record.js';
import type { StoredFile } from '../storage/folder.js';
import type { Corpus } from './corpus.js';
import type { DocumentTable } from './document-table.js';
import type { Shelf } from './shelf.js';
import { bytesOf, MemoryTokens, runLength, type Ids } from './tokens.js';

const mebibyte = 2 ** 20;

export interface TokenLimits {
  /** Bytes of tokens that stay in memory though there is a place on the disk. */
  readonly small: number;
  /** Bytes of tokens that are held in memory when there is none. */
  readonly memory: number;
}

export const usualLimits: TokenLimits = { small: 16 * mebibyte, memory: 256 * mebibyte };

export class TokenWriter {
  #length = 0;
  #runs: Ids[] = [];
  #file: StoredFile | null = null;
  #warning = '';

  /** `shelf` is null where nothing lasts. */
  constructor(
    readonly shelf: Shelf | null,
    readonly id: string,
    readonly limits: TokenLimits,
  ) {}

  /** Why tokens that belong on the disk are in memory, or ''. */
  get warning(): string {
    return this.#warning;
  }

  /** @throws AdaptiveError 'storage-full' or 'corpus-too-large' when there is room nowhere */
  async write(ids: Ids): Promise<void> {
    if (this.#file) await this.#toFile(this.#file, ids);
    else this.#toMemory(ids);
    if (this.#file) return;
    if (this.#bytes > this.limits.small && this.shelf && this.#warning === '') await this.#move(this.shelf);
    else if (this.#bytes > this.limits.memory) throw this.#tooLarge();
  }

  /** Tokens so far. */
  get length(): number {
    return this.#length;
  }

  /** The corpus, whole. @throws AdaptiveError 'disk', 'storage-full' */
  async end(record: CorpusRecord, documents: DocumentTable): Promise<Corpus> {
    if (this.#file) await this.#endFile(this.#file, documents);
    if (this.#file && this.shelf) {
      await this.#file.close();
      return this.shelf.complete(record);
    }
    const last = this.#length % runLength;
    const run = this.#runs.at(-1);
    if (run && last > 0) this.#runs[this.#runs.length - 1] = run.slice(0, last);
    return { ...record, documents, tokens: new MemoryTokens(this.#runs, this.#length) };
  }

  /** Forgets all of it, a file too. Never rejects. */
  async discard(): Promise<void> {
    this.#runs = [];
    if (this.#file) await this.#discardFile();
  }

  get #bytes(): number {
    return 2 * this.#length;
  }

  #toMemory(ids: Ids): void {
    for (let done = 0; done < ids.length;) {
      const from = this.#length % runLength;
      if (from === 0) this.#runs.push(new Uint16Array(runLength));
      const piece = ids.subarray(done, done + runLength - from);
      this.#runs.at(-1)?.set(piece, from);
      this.#length += piece.length;
      done += piece.length;
    }
  }

  async #toFile(file: StoredFile, ids: Ids): Promise<void> {
    try {
      await this.#put(file, bytesOf(ids), this.#bytes);
      this.#length += ids.length;
    } catch (thrown) {
      await this.#moveBack(file, AdaptiveError.from(thrown, 'disk'));
      this.#toMemory(ids);
    }
  }

  async #endFile(file: StoredFile, documents: DocumentTable): Promise<void> {
    try {
      await this.#put(file, documents.bytes, this.#bytes);
      await file.flush();
    } catch (thrown) {
      await this.#moveBack(file, AdaptiveError.from(thrown, 'disk'));
    }
  }

  async #move(shelf: Shelf): Promise<void> {
    try {
      this.#file = await shelf.begin(this.id);
      for (let i = 0, at = 0; at < this.#length; i++, at += runLength) {
        const run = this.#runs[i]?.subarray(0, this.#length - at);
        if (run) await this.#put(this.#file, bytesOf(run), 2 * at);
      }
      this.#runs = [];
    } catch (thrown) {
      this.#warning = AdaptiveError.from(thrown, 'disk').message;
      await this.#discardFile();
    }
  }

  /** Older corpora give way to this one. */
  async #put(file: StoredFile, bytes: Uint8Array, at: number): Promise<void> {
    try {
      await file.write(bytes, at);
    } catch (thrown) {
      if (!(thrown instanceof AdaptiveError && thrown.code === 'storage-full') || !(await this.shelf?.makeRoom())) {
        throw thrown;
      }
      await file.write(bytes, at);
    }
  }

  /** The file takes no more: what it has comes back, if there is room for it. */
  async #moveBack(file: StoredFile, error: AdaptiveError): Promise<void> {
    const length = this.#length;
    if (this.#bytes > this.limits.memory) throw error;
    this.#length = 0;
    const ids = new Uint16Array(runLength);
    while (this.#length < length) {
      const run = ids.subarray(0, length - this.#length);
      await file.read(bytesOf(run), this.#bytes);
      this.#toMemory(run);
    }
    this.#warning = error.message;
    await this.#discardFile();
  }

  async #discardFile(): Promise<void> {
    try {
      await this.#file?.close();
    } catch {
      // It goes anyway.
    }
    this.#file = null;
    await this.shelf?.abandon(this.id);
  }

  #tooLarge(): AdaptiveError {
    const limit = Math.round(this.limits.memory / mebibyte);
    const full = this.#warning !== '';
    return new AdaptiveError(
      full ? 'storage-full' : 'corpus-too-large',
      `The text makes more than ${limit} MiB of tokens, which is all that memory is used for, and they could not be ` +
        `stored. ${full ? this.#warning : 'Nothing can be stored here.'} Choose a part of the text, or a window that ` +
        'is not private.',
      { limitBytes: this.limits.memory },
    );
  }
}

/**
 * Corpora on the disk, so that none is encoded twice and a run finds its own after a reload:
 *
 *     ID.tokens   16-bit ids, and behind them the table of documents
 *     ID.json     the record, written when the tokens are whole: without it they are a rest that is cleared away
 *
 * What was not used for longest goes when there are too many, or no room.
 */
import { parseStoredCorpus, type CorpusRecord, type StoredCorpus } from '../../core/corpus-record.js';
import { AdaptiveError } from '../../core/errors.js';
import type { Folder, StoredFile } from '../storage/folder.js';
import type { Block, TextMemory } from '../text/text-memory.js';
import { ContentHash, hashDigits, hashOf } from './content-hash.js';
import type { Corpus } from './corpus.js';
import { documentBytes, DocumentTable } from './document-table.js';
import { bytesOf, FileTokens, runLength } from './tokens.js';

/** Kept at most, besides the one in use. */
const mostCorpora = 8;
const mostBytes = 8 * 2 ** 30;
/** What is read at a time to be checked. */
const checkedBytes = 2 ** 20;

export interface ShelfEntry {
  readonly id: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly used: number;
}

export class Shelf {
  /** Those that somebody reads or writes here. */
  readonly #inUse = new Set<string>();

  constructor(
    readonly folder: Folder,
    /** Those that interrupted runs need: they stay, whatever room they take. */
    readonly needed: () => Promise<ReadonlySet<string>> = async () => new Set(),
  ) {}

  /** A corpus that was put here, whose tokens are checked; null when there is none that is whole. Never rejects. */
  async find(memory: TextMemory, id: string): Promise<Corpus | null> {
    try {
      const record = await this.#readRecord(id);
      if (!record) return null;
      const corpus = await this.#open(record);
      if (await isWhole(memory, corpus)) {
        await this.#writeRecord(record).catch(() => {}); // it is only that it was used
        return corpus;
      }
      await corpus.tokens.close();
      await this.remove(id);
      return null;
    } catch {
      return null;
    }
  }

  /** An empty file for the tokens of a corpus. @throws AdaptiveError 'disk', 'storage-full', 'in-use' */
  async begin(id: string): Promise<StoredFile> {
    this.#inUse.add(id);
    await this.#clearAway((kept, bytes) => kept < mostCorpora && bytes < mostBytes);
    await this.folder.remove(recordFile(id));
    const file = await this.folder.open(tokenFile(id));
    await file.truncate(0);
    return file;
  }

  /** Whether there is more room now: all goes that is not in use. */
  async makeRoom(): Promise<boolean> {
    return (await this.#clearAway(() => false)) > 0;
  }

  /** After the tokens were written: now they count. @throws AdaptiveError 'disk', 'storage-full' */
  async complete(record: CorpusRecord): Promise<Corpus> {
    await this.#writeRecord(record);
    return this.#open(record);
  }

  /** Of a file that was begun and came to nothing. Never rejects. */
  async abandon(id: string): Promise<void> {
    this.#inUse.delete(id);
    // What cannot be removed now goes when room is made.
    await this.remove(id).catch(() => {});
  }

  /** Puts here what is in memory, so that it is found after a reload. @throws AdaptiveError 'disk', 'storage-full' */
  async keep({ tokens, documents, ...record }: Corpus): Promise<void> {
    if (tokens.place === 'disk') return;
    const file = await this.begin(record.id);
    try {
      const ids = new Uint16Array(Math.min(runLength, tokens.length));
      for (let at = 0; at < tokens.length; at += ids.length) {
        const run = ids.subarray(0, tokens.length - at);
        await tokens.read(run, at);
        await file.write(bytesOf(run), at * 2);
      }
      await file.write(documents.bytes, tokens.length * 2);
      await file.flush();
    } finally {
      await file.close();
      this.#inUse.delete(record.id);
    }
    await this.#writeRecord(record);
  }

  /** What there is, that used last first. */
  async list(): Promise<readonly ShelfEntry[]> {
    const files = await this.folder.list();
    const entries: ShelfEntry[] = [];
    for (const { name, bytes } of files) {
      const id = /^(\w+)\.tokens$/.exec(name)?.[1];
      if (id === undefined) continue;
      const stored = await this.#read(id);
      entries.push({ id, bytes, used: stored?.used ?? 0 });
    }
    return entries.sort((a, b) => b.used - a.used);
  }

  /** The record first: tokens without one are nothing. */
  async remove(id: string): Promise<void> {
    await this.folder.remove(recordFile(id));
    await this.folder.remove(tokenFile(id));
  }

  async #open(record: CorpusRecord): Promise<Corpus> {
    const { id } = record;
    const file = await this.folder.read(tokenFile(id));
    if (!file)
      throw new AdaptiveError('disk', `${tokenFile(id)} is not there any longer. Give the text again.`, { id });
    this.#inUse.add(id);
    const { tokenCount, files } = record;
    const table = new Uint8Array(documentBytes * files.reduce((sum, count) => sum + count, 0));
    const tokens = new FileTokens(file, tokenCount, () => this.#inUse.delete(id));
    await file.read(table, tokenCount * 2);
    return { ...record, documents: DocumentTable.from(table), tokens };
  }

  /** Removes from the oldest on what `stays` does not hold for: so many newer ones, of so many bytes. */
  async #clearAway(stays: (kept: number, bytes: number) => boolean): Promise<number> {
    let kept = 0;
    let bytes = 0;
    let removed = 0;
    const needed = await this.needed();
    for (const entry of await this.list()) {
      bytes += entry.bytes;
      if (this.#inUse.has(entry.id) || needed.has(entry.id) || (entry.used > 0 && stays(kept++, bytes))) continue;
      try {
        await this.remove(entry.id);
        removed++;
      } catch {
        // Another tab is writing it.
      }
    }
    return removed;
  }

  async #readRecord(id: string): Promise<CorpusRecord | null> {
    const stored = await this.#read(id);
    return stored?.record.id === id ? stored.record : null;
  }

  async #read(id: string): Promise<StoredCorpus | null> {
    const file = await this.folder.read(recordFile(id));
    if (!file) return null;
    const bytes = new Uint8Array(file.size);
    await file.read(bytes, 0);
    await file.close();
    return parseStoredCorpus(new TextDecoder().decode(bytes));
  }

  async #writeRecord(record: CorpusRecord): Promise<void> {
    const stored: StoredCorpus = { version: 2, used: Date.now(), record };
    const bytes = new TextEncoder().encode(JSON.stringify(stored));
    const file = await this.folder.open(recordFile(record.id));
    try {
      await file.write(bytes, 0);
      await file.truncate(bytes.byteLength);
      await file.flush();
    } finally {
      await file.close();
    }
  }
}

function tokenFile(id: string): string {
  return `${id}.tokens`;
}

function recordFile(id: string): string {
  return `${id}.json`;
}

async function isWhole(memory: TextMemory, { tokens, hash, documents, documentsHash }: Corpus): Promise<boolean> {
  if (hashOf(memory, documents.bytes) !== documentsHash) return false;
  const sum = new ContentHash(memory);
  const block = memory.take(checkedBytes);
  const ids = new Uint16Array(checkedBytes / 2);
  for (let at = 0; at < tokens.length; at += ids.length) {
    const run = ids.subarray(0, tokens.length - at);
    try {
      await tokens.read(run, at);
    } catch {
      return false; // it is shorter than it was
    }
    const part: Block = { address: block.address, bytes: run.byteLength };
    memory.halfWords(part).set(run);
    sum.add(part);
  }
  memory.giveBack(block);
  return hashDigits(sum.end()) === hash;
}

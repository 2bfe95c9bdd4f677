/**
 * What is known of each document. There may be millions of short ones in a file, so that it is numbers in one array:
 *
 *     documents [n, 3] u32   tokens, and the XXH64 of the text, its low half before its high one
 *
 * The tokens of documents lie one behind the other.
 */
import type { TextHash } from './content-hash.js';

const columns = 3;
/** In the place of its tokens: the document is left out. */
const droppedMark = 0xffff_ffff;

export const documentBytes = 4 * columns;

export class DocumentTable {
  #words: Uint32Array<ArrayBuffer>;
  #length = 0;

  constructor(capacity = 16) {
    this.#words = new Uint32Array(columns * capacity);
  }

  /** Of bytes as `bytes` gives them. */
  static from(bytes: Uint8Array): DocumentTable {
    const table = new DocumentTable(bytes.byteLength / documentBytes);
    new Uint8Array(table.#words.buffer).set(bytes);
    table.#length = bytes.byteLength / documentBytes;
    return table;
  }

  get length(): number {
    return this.#length;
  }

  /** All of it, little end first; a view that holds until the next `push`. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#words.buffer, 0, documentBytes * this.#length);
  }

  push({ low, high }: TextHash): void {
    if (columns * this.#length === this.#words.length) {
      const larger = new Uint32Array(2 * this.#words.length + columns);
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words.set([0, low, high], columns * this.#length++);
  }

  tokens(document: number): number {
    return this.#at(document, 0);
  }

  setTokens(document: number, tokens: number): void {
    this.#words[columns * document] = tokens;
  }

  hasHash(document: number, { low, high }: TextHash): boolean {
    return this.#at(document, 1) === low && this.#at(document, 2) === high;
  }

  lowHash(document: number): number {
    return this.#at(document, 1);
  }

  /** Below 0 when the hash of `a` is the smaller one, 0 when they are equal. */
  compareHashes(a: number, b: number): number {
    return this.#at(a, 2) - this.#at(b, 2) || this.#at(a, 1) - this.#at(b, 1);
  }

  drop(document: number): void {
    this.setTokens(document, droppedMark);
  }

  isDropped(document: number): boolean {
    return this.tokens(document) === droppedMark;
  }

  /** Those that were not dropped. */
  kept(): DocumentTable {
    const kept = new DocumentTable(this.#length);
    for (let i = 0; i < this.#length; i++) {
      if (this.isDropped(i)) continue;
      kept.#words.set(this.#words.subarray(columns * i, columns * (i + 1)), columns * kept.#length++);
    }
    return kept;
  }

  #at(document: number, column: number): number {
    return this.#words[columns * document + column] ?? 0;
  }
}

/** Tells whether a document of a table was there before. */
export class DocumentRepeats {
  /** Open addressing: a document's number and 1, or 0 where a place is free. The capacity is a power of two. */
  #places = new Uint32Array(2 ** 10);
  #count = 0;

  constructor(readonly table: DocumentTable) {}

  /** Whether one with the hash of `document` came before. */
  has(document: number): boolean {
    if (2 * this.#count >= this.#places.length) this.#grow();
    const place = this.#find(document);
    if (this.#places[place] !== 0) return true;
    this.#places[place] = document + 1;
    this.#count++;
    return false;
  }

  /** Where one with this hash is, or is to be. */
  #find(document: number): number {
    const mask = this.#places.length - 1;
    for (let place = this.table.lowHash(document) & mask; ; place = (place + 1) & mask) {
      const found = this.#places[place] ?? 0;
      if (found === 0 || this.table.compareHashes(found - 1, document) === 0) return place;
    }
  }

  #grow(): void {
    const before = this.#places;
    this.#places = new Uint32Array(2 * before.length);
    for (const found of before) if (found !== 0) this.#places[this.#find(found - 1)] = found;
  }
}

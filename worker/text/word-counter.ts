/** Counts the words of a text, or its pieces, in a table of the text module that grows. Drawn in assembly/text/word-table.ts. */
import type { Block, TextMemory } from './text-memory.js';

const slotBytes = 16;
const firstSlots = 2 ** 12;
const firstText = 2 ** 17; // the longest word that is counted has half as much
/** Bytes of different words. A text with more of them loses its rarest, again and again. */
const mostText = 2 ** 23;

export interface WordTable {
  readonly table: Block;
  readonly slots: Block;
  readonly texts: Block;
}

/** An empty table for half as many words as slots, a power of two. */
export function takeWordTable(memory: TextMemory, slotCount: number, textBytes: number): WordTable {
  const slots = memory.take(slotCount * slotBytes);
  const texts = memory.take(textBytes);
  const table = memory.take(6 * 4);
  memory.words(table).set([slots.address, slotCount - 1, 0, texts.address, texts.bytes, 0]);
  return { table, slots, texts };
}

export function giveBackWordTable(memory: TextMemory, { table, slots, texts }: WordTable): void {
  for (const block of [table, slots, texts]) memory.giveBack(block);
}

export interface CountedWord {
  readonly bytes: Uint8Array;
  readonly count: number;
}

export class WordCounter {
  readonly #memory: TextMemory;
  readonly #by: 'countPieces' | 'countWords';
  readonly #run: Block;
  #words: WordTable;

  constructor(memory: TextMemory, by: 'countPieces' | 'countWords') {
    this.#memory = memory;
    this.#by = by;
    this.#run = memory.take(2 * 4);
    this.#words = takeWordTable(memory, firstSlots, firstText);
  }

  get table(): Block {
    return this.#words.table;
  }

  /** Bytes of all different words, and how many those are. */
  get size(): { readonly bytes: number; readonly words: number } {
    const [, , words = 0, , , bytes = 0] = this.#memory.words(this.#words.table);
    return { bytes, words };
  }

  add(text: Block): void {
    const { call } = this.#memory;
    this.#memory.words(this.#run).set([text.address, text.address + text.bytes]);
    while (call[this.#by](this.#run.address, this.#words.table.address) === 0) this.#grow();
  }

  /** Those with a count of at least `least`. */
  *entries(least: number): Iterable<CountedWord> {
    const slots = this.#memory.words(this.#words.slots);
    const texts = this.#memory.bytes(this.#words.texts);
    for (let at = 0; at < slots.length; at += 4) {
      const [, offset = 0, bytes = 0, count = 0] = slots.subarray(at, at + 4);
      if (bytes > 0 && count >= least) yield { bytes: texts.subarray(offset, offset + bytes), count };
    }
  }

  free(): void {
    giveBackWordTable(this.#memory, this.#words);
    this.#memory.giveBack(this.#run);
  }

  /** More room for whichever is short of it, slots or text; where the text has all that it may have, the rarest words go. */
  #grow(): void {
    const memory = this.#memory;
    const { slots, texts, table } = this.#words;
    const { bytes, words } = this.size;
    const slotCount = slots.bytes / slotBytes;
    const crowded = 2 * (words + 1) > slotCount;
    let least = 1;
    for (let kept = bytes; !crowded && texts.bytes === mostText && kept > mostText / 2; least++) {
      kept = 0;
      for (const entry of this.entries(least + 1)) kept += entry.bytes.length;
    }
    const grown = takeWordTable(
      memory,
      crowded ? 2 * slotCount : slotCount,
      crowded ? texts.bytes : Math.min(2 * texts.bytes, mostText),
    );
    memory.call.copyWords(table.address, grown.table.address, least);
    giveBackWordTable(memory, this.#words);
    this.#words = grown;
  }
}

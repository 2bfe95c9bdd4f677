/** Drops paragraphs that were there before, by their XXH64. What is remembered grows, up to a limit. */
import type { Block, TextMemory } from '../text/text-memory.js';

const firstCapacity = 2 ** 17;
/** 128 MiB, for some 12 million paragraphs; those beyond are kept, and not remembered. */
const mostCapacity = 2 ** 24;
const fullest = 0.75;
/** A paragraph with the blank line behind it has at least so many bytes. */
const shortest = 3;
const hashStateBytes = 72;

export class Repeats {
  /** Paragraphs dropped. */
  dropped = 0;
  readonly #scratch: Block;
  readonly #counts: Block;
  #table: Block;
  #kept = 0;

  constructor(readonly memory: TextMemory) {
    this.#scratch = memory.take(hashStateBytes);
    this.#counts = memory.take(2 * 4);
    this.#table = memory.take(firstCapacity * 8);
  }

  /** Keeps what is new of whole paragraphs, in place. Returns the bytes that are left. */
  drop({ address, bytes }: Block): number {
    const { memory } = this;
    const needed = this.#kept + bytes / shortest;
    while (needed > fullest * this.#capacity && this.#capacity < mostCapacity) this.#grow();
    const full = needed > fullest * this.#capacity;
    const { address: scratch } = this.#scratch;
    const left = memory.call.dropRepeats(
      address,
      bytes,
      this.#table.address,
      this.#capacity,
      Number(full),
      scratch,
      this.#counts.address,
    );
    const [kept = 0, dropped = 0] = memory.words(this.#counts);
    if (!full) this.#kept += kept;
    this.dropped += dropped;
    return left;
  }

  free(): void {
    for (const block of [this.#scratch, this.#counts, this.#table]) this.memory.giveBack(block);
  }

  get #capacity(): number {
    return this.#table.bytes / 8;
  }

  #grow(): void {
    const { memory } = this;
    const larger = memory.take(2 * this.#table.bytes);
    memory.call.growTable(this.#table.address, this.#capacity, larger.address, 2 * this.#capacity);
    memory.giveBack(this.#table);
    this.#table = larger;
  }
}

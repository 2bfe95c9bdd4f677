/**
 * Documents as blocks of text in the module's memory: cleaned, without what is a repeat, cut where they may be cut. What is
 * held does not depend on how much there is: two blocks, and a longer one where a text has no place to be cut at.
 *
 *     chunk of any size ─▶ inlet (CR LF is LF) ─▶ whole paragraphs, new ones ─▶ outlet ─▶ block
 */
import type { Block, TextMemory } from '../text/text-memory.js';
import type { Repeats } from './repeats.js';

/** Bytes that are looked at together. A longer paragraph counts as several. */
export const blockBytes = 2 ** 20;
/** A text that has no place to be cut at for so long is cut at a whole character. */
const longestUncut = 16 * blockBytes;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export interface BlockOptions {
  /** Null when repeats are kept. */
  readonly repeats: Repeats | null;
  /** Documents that do not end in a line feed get one. */
  readonly endLines: boolean;
}

export interface BlockReader {
  /** How many bytes of a block can go on now; 0 when more must come first. */
  readonly cut: (block: Block) => number;
  /** Sees what came, before repeats are dropped. */
  readonly onInlet: (block: Block) => void;
}

export class Blocks {
  readonly #inlet: Block;
  #outlet: Block;
  /** Bytes in them. */
  #in = 0;
  #out = 0;
  /** A carriage return ended the last chunk: what follows tells what becomes of it. */
  #held = false;

  constructor(
    readonly memory: TextMemory,
    readonly options: BlockOptions,
  ) {
    // With room for what a carriage return waits for.
    this.#inlet = memory.take(blockBytes + 2);
    this.#outlet = memory.take(2 * blockBytes);
  }

  /** The blocks of one document. Each is good until the next is asked for. */
  async *of(chunks: AsyncIterable<Uint8Array>, reader: BlockReader): AsyncGenerator<Block> {
    this.#in = this.#out = 0;
    this.#held = false;
    let last = lineFeed;
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.byteLength;) {
        at += this.#take(chunk.subarray(at));
        if (this.#in < blockBytes) continue;
        this.#pass(false, reader);
        const bytes = this.#out < blockBytes ? 0 : this.#cut(reader);
        if (bytes === 0) continue;
        yield { address: this.#outlet.address, bytes };
        last = this.#shift(bytes);
      }
    }
    this.#putHeld();
    while (this.#in > 0) this.#pass(true, reader);
    if (this.#out > 0) last = this.#outletBytes[this.#out - 1] ?? lineFeed;
    if (this.options.endLines && last !== lineFeed) {
      this.#makeRoom(1);
      this.#outletBytes[this.#out++] = lineFeed;
    }
    if (this.#out > 0) yield { address: this.#outlet.address, bytes: this.#out };
  }

  free(): void {
    this.memory.giveBack(this.#inlet);
    this.memory.giveBack(this.#outlet);
  }

  get #outletBytes(): Uint8Array {
    return this.memory.bytes(this.#outlet);
  }

  /** Takes as much into the inlet as there is room for, cleans it, and returns how much it was. */
  #take(chunk: Uint8Array): number {
    const start = this.#in;
    this.#putHeld();
    const part = chunk.subarray(0, blockBytes + 1 - this.#in);
    this.#put(part);
    const { memory } = this;
    const { address } = this.#inlet;
    this.#in = start + memory.call.clean(address + start, this.#in - start);
    this.#held = memory.bytes(this.#inlet)[this.#in - 1] === carriageReturn;
    if (this.#held) this.#in--;
    return part.byteLength;
  }

  #putHeld(): void {
    if (this.#held) this.#put(Uint8Array.of(carriageReturn));
    this.#held = false;
  }

  #put(bytes: Uint8Array): void {
    this.memory.bytes(this.#inlet).set(bytes, this.#in);
    this.#in += bytes.byteLength;
  }

  /** Moves what is complete, and new, from the inlet to the outlet. All that comes has come when it has `ended`. */
  #pass(ended: boolean, { onInlet }: BlockReader): void {
    const { repeats } = this.options;
    const block = { address: this.#inlet.address, bytes: Math.min(this.#in, blockBytes) };
    const passed = repeats && !(ended && block.bytes === this.#in) ? this.#wholeParagraphs(block) : block.bytes;
    onInlet({ ...block, bytes: passed });
    const kept = repeats ? repeats.drop({ ...block, bytes: passed }) : passed;
    this.#makeRoom(kept);
    const inlet = this.memory.bytes(this.#inlet);
    this.#outletBytes.set(inlet.subarray(0, kept), this.#out);
    this.#out += kept;
    inlet.copyWithin(0, passed, this.#in);
    this.#in -= passed;
  }

  #wholeParagraphs({ address, bytes }: Block): number {
    const { call } = this.memory;
    return call.wholeParagraphs(address, bytes) || call.wholeCharacters(address, bytes);
  }

  #cut({ cut }: BlockReader): number {
    const block = { address: this.#outlet.address, bytes: this.#out };
    const bytes = cut(block);
    return bytes === 0 && this.#out >= longestUncut
      ? this.memory.call.wholeCharacters(block.address, block.bytes)
      : bytes;
  }

  #makeRoom(bytes: number): void {
    const { memory } = this;
    if (this.#out + bytes <= this.#outlet.bytes) return;
    const larger = memory.take(2 * this.#outlet.bytes);
    memory.bytes(larger).set(this.#outletBytes.subarray(0, this.#out));
    memory.giveBack(this.#outlet);
    this.#outlet = larger;
  }

  /** Drops the first bytes of the outlet, and returns the last of them. */
  #shift(bytes: number): number {
    const outlet = this.#outletBytes;
    const last = outlet[bytes - 1] ?? lineFeed;
    outlet.copyWithin(0, bytes, this.#out);
    this.#out -= bytes;
    return last;
  }
}

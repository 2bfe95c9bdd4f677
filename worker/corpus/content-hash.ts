/** XXH64 of what comes in pieces: by it a text is known again, and what is stored is checked. */
import type { Block, TextMemory } from '../text/text-memory.js';

const stateBytes = 72;

/** 64 bits in two halves, unsigned. */
export interface TextHash {
  readonly low: number;
  readonly high: number;
}

export class ContentHash {
  readonly #state: Block;

  constructor(readonly memory: TextMemory) {
    this.#state = memory.take(stateBytes);
    this.restart();
  }

  restart(): void {
    this.memory.call.hashStart(this.#state.address);
  }

  add({ address, bytes }: Block): void {
    this.memory.call.hashUpdate(this.#state.address, address, bytes);
  }

  /** Nothing can be added afterwards. */
  end(): TextHash {
    this.memory.call.hashEnd(this.#state.address);
    const [low = 0, high = 0] = this.memory.words(this.#state);
    return { low, high };
  }

  free(): void {
    this.memory.giveBack(this.#state);
  }
}

/** 16 hexadecimal digits. */
export function hashDigits({ low, high }: TextHash): string {
  return [high, low].map((word) => word.toString(16).padStart(8, '0')).join('');
}

const pieceBytes = 2 ** 20;

/** The digits of a text's or an array's hash. */
export function hashOf(memory: TextMemory, content: string | Uint8Array): string {
  const hash = new ContentHash(memory);
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  for (let at = 0; at < bytes.byteLength; at += pieceBytes) {
    const block = memory.takeText(bytes.subarray(at, at + pieceBytes));
    hash.add(block);
    memory.giveBack(block);
  }
  const digits = hashDigits(hash.end());
  hash.free();
  return digits;
}

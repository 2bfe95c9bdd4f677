/** XXH64 of what comes in pieces: by it a text is known again, and what is stored is checked. */
import type { Block, TextMemory } from '../text/text-memory.js';

const stateBytes = 72;

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

  /** 16 hexadecimal digits. Nothing can be added afterwards. */
  end(): string {
    this.memory.call.hashEnd(this.#state.address);
    const [low = 0, high = 0] = this.memory.words(this.#state);
    return [high, low].map((word) => word.toString(16).padStart(8, '0')).join('');
  }

  free(): void {
    this.memory.giveBack(this.#state);
  }
}

/** Of a short text. */
export function hashOfText(memory: TextMemory, text: string): string {
  const hash = new ContentHash(memory);
  const block = memory.takeText(text);
  hash.add(block);
  memory.giveBack(block);
  const digits = hash.end();
  hash.free();
  return digits;
}

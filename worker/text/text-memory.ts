/**
 * The text module at work. Each tokenizer and each corpus has an instance of its own, whose memory goes when it goes:
 * the memory of WASM can grow but not shrink, and a corpus may be large.
 */
import { instantiate, type WasmInstance } from '../wasm-module.js';

const functions = [
  'beginLearning',
  'chooseAlphabet',
  'clean',
  'copyWords',
  'countCharacters',
  'countPieces',
  'countUnknown',
  'countWords',
  'dropRepeats',
  'encodeBytes',
  'encodeCharacters',
  'encodePieces',
  'encodeWords',
  'growPairs',
  'growTable',
  'hashEnd',
  'hashStart',
  'hashUpdate',
  'learnMerges',
  'mapAlphabet',
  'mapPairs',
  'mapWords',
  'safeCut',
  'survey',
  'wholeCharacters',
  'wholeParagraphs',
] as const;

type FunctionName = (typeof functions)[number];

/** A run of bytes in the module's memory. */
export interface Block {
  readonly address: number;
  readonly bytes: number;
}

const utf8 = new TextEncoder();

export class TextMemory {
  readonly #wasm: WasmInstance<FunctionName>;

  /** @throws AdaptiveError 'unsupported' if `module` is not the text module. */
  constructor(module: WebAssembly.Module) {
    this.#wasm = instantiate(module, functions);
  }

  get call(): WasmInstance<FunctionName>['functions'] {
    return this.#wasm.functions;
  }

  /** Bytes given out. */
  get used(): number {
    return this.#wasm.arena.used;
  }

  /** Bytes held: what was given back stays. */
  get held(): number {
    return this.#wasm.memory.buffer.byteLength;
  }

  /** Zeroed bytes. @throws AdaptiveError 'memory' */
  take(bytes: number): Block {
    return { address: this.#wasm.arena.take(bytes), bytes };
  }

  giveBack({ address, bytes }: Block): void {
    this.#wasm.arena.giveBack(address, bytes);
  }

  /** What `text` is in UTF-8, in a block that the caller gives back. A lone surrogate becomes U+FFFD. */
  takeText(text: string | Uint8Array): Block {
    const bytes = typeof text === 'string' ? utf8.encode(text) : text;
    const block = this.take(bytes.byteLength);
    this.bytes(block).set(bytes);
    return block;
  }

  // Views are made anew at each use: growing the memory detaches them.

  bytes({ address, bytes }: Block): Uint8Array {
    return new Uint8Array(this.#wasm.memory.buffer, address, bytes);
  }

  words({ address, bytes }: Block): Uint32Array {
    return new Uint32Array(this.#wasm.memory.buffer, address, bytes / 4);
  }

  integers({ address, bytes }: Block): Int32Array {
    return new Int32Array(this.#wasm.memory.buffer, address, bytes / 4);
  }

  halfWords({ address, bytes }: Block): Uint16Array {
    return new Uint16Array(this.#wasm.memory.buffer, address, bytes / 2);
  }
}

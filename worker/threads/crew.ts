/**
 * Threads that help with products of one row, as in writing (assembly/kernels/crew.ts). They join when they have started,
 * sleep while nothing is to be done, and may be missing: whatever they do not take is done without them.
 */
import type { WasmInstance } from '../wasm-module.js';
import type { ThreadHandle, ThreadSupport } from './thread-support.js';

/** Where the crew's block counts the parts that helpers have done, in 32-bit words. */
const helpedWord = 16;

export class Crew {
  readonly #helpers: readonly ThreadHandle[];
  readonly #block: number;
  #ended = false;

  constructor(
    readonly kernels: WasmInstance<'setCrew' | 'crewBytes'>,
    support: ThreadSupport,
    helpers: number,
  ) {
    const { arena, functions, memory } = kernels;
    this.#block = arena.take(functions.crewBytes());
    functions.setCrew(this.#block);
    this.#helpers = Array.from({ length: helpers }, () => {
      // One that cannot be started, or dies between two parts, has nothing that others wait for.
      const helper = support.spawn(() => this.end());
      helper.start({ kind: 'help', module: support.module, memory, crew: this.#block });
      return helper;
    });
  }

  /** Parts of products that helpers have done so far. */
  get helped(): number {
    return Atomics.load(new Int32Array(this.kernels.memory.buffer, this.#block), helpedWord);
  }

  /** Twice is harmless. A terminated helper may look at the block for a moment, so that is never given back. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.kernels.functions.setCrew(0);
    for (const helper of this.#helpers) helper.terminate();
  }
}

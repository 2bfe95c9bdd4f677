/** The recurrent state of a Program, from outside: cleared, copied out, put back. A copy is a plain value. */
import type { Runner } from '../core/executor.js';
import { elementsAt } from '../core/program.js';

/** Contents of every `state.*` port, by name. */
export type StateSnapshot = ReadonlyMap<string, Float32Array>;

export class RecurrentState {
  readonly #zeros: StateSnapshot;

  constructor(readonly runner: Runner) {
    this.#zeros = new Map(
      [...runner.program.ports]
        .filter(([name]) => name.startsWith('state.'))
        .map(([name, { shape }]) => [name, new Float32Array(elementsAt(shape, 1))]),
    );
  }

  /** The start of a stream. */
  clear(): void {
    this.restore(this.#zeros);
  }

  async save(): Promise<StateSnapshot> {
    const snapshot = new Map<string, Float32Array>();
    for (const [name, zeros] of this.#zeros) {
      snapshot.set(name, await this.runner.read(name, new Float32Array(zeros.length)));
    }
    return snapshot;
  }

  restore(snapshot: StateSnapshot): void {
    for (const [name, values] of snapshot) this.runner.write(name, values);
  }
}

/** The recurrent state of a Program, from outside: cleared, copied out, put back. A copy is a plain value. */
import type { Runner } from '../core/executor.js';
import { elementsAt } from '../core/program.js';

/** Contents of every `state.*` port [rows, width], by name. */
export type StateSnapshot = ReadonlyMap<string, Float32Array>;

export function snapshotBytes(snapshot: StateSnapshot): number {
  return [...snapshot.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

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

/** The state of a batch from those of its parts, top to bottom. */
export function gatherRows(parts: readonly StateSnapshot[]): StateSnapshot {
  const names = [...(parts[0]?.keys() ?? [])];
  return new Map(names.map((name) => [name, concatenate(parts.map((part) => part.get(name) ?? noRows))]));
}

const noRows = new Float32Array(0);

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The state of some rows of a batch of `batch`. */
export function takeRows(
  whole: StateSnapshot,
  { first, count }: { readonly first: number; readonly count: number },
  batch: number,
): StateSnapshot {
  return new Map(
    [...whole].map(([name, values]) => {
      const width = values.length / batch;
      return [name, values.slice(first * width, (first + count) * width)];
    }),
  );
}

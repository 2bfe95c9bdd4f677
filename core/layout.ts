/**
 * Where each parameter lies in the flat buffers. Parameters, gradients and both moments share one layout, so the
 * optimizer, clipping, checkpoints and reductions are single passes over one range.
 */
import { AdaptiveError } from './errors.js';
import type { View } from './program.js';

/** Each parameter starts on a cache line. The gaps stay zero for ever: their gradient is zero. */
const alignment = 16; // elements, 64 bytes

export interface ParameterEntry {
  readonly name: string;
  /** [rows, columns] or [length]. */
  readonly shape: readonly number[];
  /** Elements from the start of the flat buffer. */
  readonly offset: number;
  /** Elements. */
  readonly size: number;
}

export class ParameterLayout {
  readonly entries: readonly ParameterEntry[];
  /** Elements of a flat buffer, gaps included. */
  readonly length: number;
  /** Parameters that are learned, gaps not counted. */
  readonly count: number;
  readonly #byName: ReadonlyMap<string, ParameterEntry>;

  constructor(shapes: Iterable<readonly [name: string, shape: readonly number[]]>) {
    const entries: ParameterEntry[] = [];
    let offset = 0;
    let count = 0;
    for (const [name, shape] of shapes) {
      const size = shape.reduce((product, dim) => product * dim, 1);
      entries.push({ name, shape, offset, size });
      count += size;
      offset += Math.ceil(size / alignment) * alignment;
    }
    this.entries = entries;
    this.length = offset;
    this.count = count;
    this.#byName = new Map(entries.map((entry) => [entry.name, entry]));
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  entry(name: string): ParameterEntry {
    const entry = this.#byName.get(name);
    if (!entry) throw new AdaptiveError('internal', `The model has no parameter ${name}.`);
    return entry;
  }

  /** A view of the named parameter in a flat buffer of this layout. */
  view(buffer: number, name: string): View {
    const { offset, shape } = this.entry(name);
    return { buffer, offset, stride: 0, ld: shape.length > 1 ? (shape.at(-1) ?? 0) : 0 };
  }
}

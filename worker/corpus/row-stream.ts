/**
 * Tokens as B rows that are read side by side. An epoch's n tokens are cut into rows of R = ⌊(n − 1)/B⌋:
 *
 *     epoch    0 … R−1 │ R … 2R−1 │ 2R … 3R−1 │ the rest
 *     row         0    │    1     │     2     │ not read, but for the last target
 *
 * Each row reads ahead into a buffer of its own, since rows lie far apart on the disk. What is given does not depend on how
 * large the buffers are.
 */
import { AdaptiveError } from '../../core/errors.js';
import { segmentSteps, type TokenStream } from '../token-stream.js';
import type { Epochs } from './epochs.js';
import type { Span } from './spans.js';
import type { Ids, Tokens } from './tokens.js';

/** Of all buffers together, unless a segment needs more. */
const usualBufferBytes = 4 * 2 ** 20;

/** R: steps that each of B rows of n tokens lasts. The last token of a row is a target only. */
export function rowLengthOf(tokens: number, batchSize: number): number {
  return Math.max(0, Math.floor((tokens - 1) / batchSize));
}

export class RowStream implements TokenStream {
  readonly rowLength: number;
  position = 0;
  /** Tokens of a row's buffer. */
  readonly #ahead: number;
  readonly #buffer: Ids; // [B, ahead]
  /** What the buffers hold: tokens `from` to `to` of each row, in this epoch. */
  #epoch = -1;
  #from = 0;
  #to = 0;
  #spans: readonly Span[] = [];
  /** Where each span begins in the epoch. */
  #starts: number[] = [];

  /** For segments of at most `longest` steps. */
  constructor(
    readonly tokens: Tokens,
    readonly epochs: Epochs,
    readonly batchSize: number,
    longest: number,
    bufferBytes = usualBufferBytes,
  ) {
    this.rowLength = rowLengthOf(epochs.length, batchSize);
    const usual = Math.max(longest + 1, Math.floor(bufferBytes / (2 * batchSize)));
    this.#ahead = Math.min(usual, this.rowLength + 1);
    this.#buffer = new Uint16Array(batchSize * this.#ahead);
  }

  /** Of memory that its buffers hold. */
  get bytes(): number {
    return this.#buffer.byteLength;
  }

  async next(ids: Int32Array, targets: Int32Array, maxSteps: number): Promise<number> {
    const { batchSize, rowLength, position } = this;
    const steps = segmentSteps(this, maxSteps);
    const at = position % rowLength;
    await this.#load(Math.floor(position / rowLength), at, at + steps + 1);
    const offset = at - this.#from;
    for (let row = 0; row < batchSize; row++) {
      const from = row * this.#ahead + offset;
      for (let t = 0; t < steps; t++) {
        ids[t * batchSize + row] = this.#buffer[from + t] ?? 0;
        targets[t * batchSize + row] = this.#buffer[from + t + 1] ?? 0;
      }
    }
    this.position = position + steps;
    return steps;
  }

  /** Sees to it that the buffers hold tokens `from` to `to` of each row. */
  async #load(epoch: number, from: number, to: number): Promise<void> {
    if (epoch === this.#epoch && from >= this.#from && to <= this.#to) return;
    if (epoch !== this.#epoch) this.#begin(epoch);
    this.#to = this.#from = from;
    const end = Math.min(from + this.#ahead, this.rowLength + 1);
    for (let row = 0; row < this.batchSize; row++) {
      const start = row * this.#ahead;
      await this.#read(this.#buffer.subarray(start, start + end - from), row * this.rowLength + from);
    }
    this.#to = end;
  }

  #begin(epoch: number): void {
    this.#epoch = epoch;
    this.#spans = this.epochs.spansOf(epoch);
    let at = 0;
    this.#starts = this.#spans.map(({ start, end }) => {
      const begin = at;
      at += end - start;
      return begin;
    });
  }

  /** Tokens of the epoch from `at` on. */
  async #read(into: Ids, at: number): Promise<void> {
    let done = 0;
    for (let i = this.#spanAt(at); done < into.length; i++) {
      const span = this.#spans[i];
      if (!span) throw new AdaptiveError('internal', `An epoch has no token ${at + done}.`);
      const start = span.start + at + done - (this.#starts[i] ?? 0);
      const piece = into.subarray(done, done + span.end - start);
      await this.tokens.read(piece, start);
      done += piece.length;
    }
  }

  /** The last span that begins at `at` or before. */
  #spanAt(at: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? Infinity) <= at) low = middle;
      else high = middle;
    }
    return low;
  }
}

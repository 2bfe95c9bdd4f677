/** What layers share while they write one Program: the flat buffers, the batch, the masks. */
import type { ParameterLayout } from '../core/layout.js';
import { ProgramBuilder, type Size, type View } from '../core/program.js';
import { streams } from '../core/random.js';

/** Rows `first` … first + B − 1 of a batch of `of` rows. Each share sums its gradients in a buffer of its own. */
export interface Share {
  readonly index: number;
  readonly first: number;
  readonly of: number;
}

export function gradientBuffer(share: number): string {
  return share === 0 ? 'gradients' : `gradients.${share}`;
}

export interface ContextOptions {
  readonly name: string;
  readonly layout: ParameterLayout;
  /** B. */
  readonly batch: number;
  /** Where these B rows stand in the whole batch; all of it unless given. */
  readonly share?: Share | undefined;
  /** T at most. */
  readonly maxSteps: number;
  /** Whether activations are kept and gradients formed. */
  readonly training: boolean;
}

export class Context {
  readonly builder: ProgramBuilder;
  readonly layout: ParameterLayout;
  readonly batch: number;
  readonly training: boolean;
  /** T·B, the rows of everything that is done for all steps at once. */
  readonly rows: Size;
  /** The same of the whole batch. */
  readonly totalRows: Size;
  readonly #share: Share;
  readonly #parameters: number;
  readonly #gradients: number | null;
  #random: View | null = null;
  #masks = 0;

  constructor({ name, layout, batch, maxSteps, training, share = { index: 0, first: 0, of: batch } }: ContextOptions) {
    this.builder = new ProgramBuilder(name, maxSteps);
    this.layout = layout;
    this.batch = batch;
    this.training = training;
    this.#share = share;
    this.rows = { perStep: batch };
    this.totalRows = { perStep: share.of };
    this.#parameters = this.builder.buffer('parameters', layout.length, { scope: 'shared' });
    this.builder.port('parameters', this.flat(this.#parameters), [layout.length]);
    this.#gradients = training ? this.#makeGradients() : null;
  }

  /** T·B at most. */
  get capacity(): number {
    return this.builder.maxSteps * this.batch;
  }

  #makeGradients(): number {
    const name = gradientBuffer(this.#share.index);
    const gradients = this.builder.buffer(name, this.layout.length, { scope: 'shared' });
    this.builder.port('gradients', this.flat(gradients), [this.layout.length]);
    return gradients;
  }

  /** A matrix [T·B, width] of the Program's own. */
  matrix(name: string, width: number): View {
    return this.builder.matrix(name, this.capacity, width);
  }

  /** A whole buffer of the parameter layout as one vector. */
  flat(buffer: number): View {
    return { buffer, offset: 0, stride: 0, ld: 0 };
  }

  flatParameters(): View {
    return this.flat(this.#parameters);
  }

  flatGradients(): View {
    return this.flat(this.#gradientBuffer());
  }

  weight(name: string): View {
    return this.layout.view(this.#parameters, name);
  }

  /** Layers add to gradients, so that a weight may be used twice; a Program that forms them starts with this. */
  clearGradients(): void {
    this.builder.call('fill', { x: this.flatGradients() }, { n: this.layout.length }, { value: 0 });
  }

  /** Where the gradient of a parameter is summed. */
  gradient(name: string): View {
    return this.layout.view(this.#gradientBuffer(), name);
  }

  /** gradient [M, N] += Σ dyᵀ x over all rows: dy [T·B, M], x [T·B, N]. */
  addOuterProduct(dy: View, m: number, x: View, n: number, gradient: View): void {
    this.builder.call('productTN', { a: dy, b: x, c: gradient }, { m, n, k: this.rows, accumulate: 1 });
  }

  #gradientBuffer(): number {
    if (this.#gradients === null) throw new TypeError(`${this.builder.name} forms no gradients.`);
    return this.#gradients;
  }

  /** seed and step of this segment's dropout masks, set from outside. */
  get random(): View {
    if (this.#random === null) {
      this.#random = this.builder.matrix('random', 1, 2, 'i32');
      this.builder.port('random', this.#random, [2]);
    }
    return this.#random;
  }

  /**
   * A dropout mask [B, width], drawn once a segment, constant over time, scaled by 1/(1 − p)
   * (Gal & Ghahramani 2016). null when nothing is dropped. A share of a batch draws what the whole would for its rows.
   */
  batchMask(name: string, width: number, probability: number): View | null {
    return this.#mask(name, this.batch, width, this.#share.first * width, probability);
  }

  /** A mask [length] of something that is the same for all rows of a batch. */
  mask(name: string, length: number, probability: number): View | null {
    return this.#mask(name, 1, length, 0, probability);
  }

  #mask(name: string, rows: number, width: number, first: number, probability: number): View | null {
    if (!this.training || probability === 0) return null;
    const mask = this.builder.matrix(name, rows, width);
    this.builder.call(
      'dropoutMask',
      { random: this.random, mask },
      { n: rows * width, first, stream: streams.dropout + this.#masks++ },
      { probability },
    );
    return mask;
  }
}

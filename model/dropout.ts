/** Locked (variational) dropout: one mask [B, N] for all steps of a segment. */
import type { View } from '../core/program.js';
import type { Context } from './context.js';

export class LockedDropout {
  readonly #mask: View | null; // [B, N]

  constructor(
    readonly context: Context,
    readonly name: string,
    readonly width: number,
    probability: number,
  ) {
    this.#mask = context.batchMask(`${name}.mask`, width, probability);
  }

  /** x ← x ⊙ mask over [T·B, N]; also its own backward, of dx ← dy ⊙ mask. */
  inPlace(x: View): void {
    if (this.#mask !== null) this.#apply(x, x, this.#mask);
  }

  /** y = x ⊙ mask [T·B, N], where x is still needed; x itself when nothing is dropped. */
  copied(x: View): View {
    if (this.#mask === null) return x;
    const y = this.context.builder.stack(`${this.name}.y`, this.context.batch, this.width).all();
    this.#apply(x, y, this.#mask);
    return y;
  }

  #apply(x: View, y: View, mask: View): void {
    const { builder, rows, batch } = this.context;
    builder.call('applyMask', { x, mask, y }, { m: rows, n: this.width, period: batch });
  }
}

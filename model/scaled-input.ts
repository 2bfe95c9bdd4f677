/** The operand of an adaptive product: d ⊙ x, or x itself where nothing adapts it, with its gradient. */
import type { Stack, View, Writer } from '../core/program.js';
import type { Context } from './context.js';

interface Gradients {
  readonly x: View; // [B, N]
  readonly d: View | null; // [B, N]
  /** Added to. */
  readonly dx: View; // [B, N]
  /** Written. */
  readonly dd: View | null; // [B, N]
}

export class ScaledInput {
  readonly #scaled: Stack | null; // [T, B, N]
  readonly #dscaled: View | null; // [B, N]  of the step that is under way

  constructor(
    readonly context: Context,
    name: string,
    readonly size: number, // N
    adapted: boolean,
  ) {
    const { builder, batch, training } = context;
    this.#scaled = adapted ? builder.scratch(name, batch, size, training) : null;
    this.#dscaled = adapted && training ? builder.matrix(`${name}.gradient`, batch, size) : null;
  }

  /** x [B, N], d [B, N] → d ⊙ x. */
  forwardStep(scan: Writer, x: View, d: View | null): View {
    if (!this.#scaled || !d) return x;
    scan.call('multiply', { a: x, b: d, y: this.#scaled.at() }, this.#sizes(0));
    return this.#scaled.at();
  }

  /** `product` forms the gradient of what `forwardStep` gave, in or added to a view; dx += d ⊙ that, dd = x ⊙ that. */
  backwardStep(scan: Writer, product: (into: View, accumulate: 0 | 1) => void, { x, d, dx, dd }: Gradients): void {
    if (!this.#dscaled || !d || !dd) {
      product(dx, 1);
      return;
    }
    product(this.#dscaled, 0);
    scan.call('multiply', { a: this.#dscaled, b: x, y: dd }, this.#sizes(0));
    scan.call('multiply', { a: this.#dscaled, b: d, y: dx }, this.#sizes(1));
  }

  /** Of all steps [T·B, N], given x's. */
  all(x: View): View {
    return this.#scaled?.all() ?? x;
  }

  #sizes(accumulate: 0 | 1) {
    return { m: this.context.batch, n: this.size, accumulate };
  }
}

/** The recurrent latent: z, zc = LSTM(v, z_{t−1}, zc_{t−1}), v = [x; h_{t−1}; ζ]. One call a step each way. */
import { shifted, type Stack, type View, type Writer } from '../core/program.js';
import type { Context } from './context.js';
import type { Input } from './input.js';
import type { Latent, LatentInputGradients, LatentInputs, LatentOptions } from './latent.js';

export class RecurrentLatent implements Latent {
  readonly z: Stack; // [T + 1, B, A]  masked
  readonly zc: Stack; // [T + 1, B, A]
  readonly gradients: { readonly z: View; readonly zc: View } | null; // [B, A] each
  readonly #mask: View | null; // [B, A]
  readonly #gates: Stack; // [T, B, 4A]  i f g o, then their pre-activations' gradient

  constructor(
    readonly context: Context,
    readonly options: LatentOptions,
  ) {
    const { builder, batch, training } = context;
    const { prefix, latentSize, hoistInput, dropout } = options;
    this.z = builder.stack(`${prefix}.z`, batch, latentSize, 1);
    this.zc = builder.stack(`${prefix}.zc`, batch, latentSize, 1);
    this.#mask = context.batchMask(`${prefix}.z.mask`, latentSize, dropout);
    this.#gates = builder.scratch(`${prefix}.latent.gates`, batch, 4 * latentSize, training || hoistInput);
    this.gradients = training
      ? {
          z: builder.matrix(`${prefix}.dz`, batch, latentSize),
          zc: builder.matrix(`${prefix}.dzc`, batch, latentSize),
        }
      : null;
  }

  get states() {
    return { z: this.z, zc: this.zc };
  }

  hoistForward(x: Input): void {
    const { builder, rows } = this.context;
    const { hoistInput, inputSize, latentSize } = this.options;
    if (!hoistInput) return;
    const views = { b: this.#weight('weight_ih'), bias: this.#weight('bias'), c: this.#gates.all() };
    const sizes = { m: rows, n: 4 * latentSize, k: inputSize, accumulate: 0 };
    builder.call('productNT', { a: x.stack.all(x.slot), ...views }, sizes);
  }

  forwardStep(scan: Writer, { x, h, zeta }: LatentInputs): void {
    const { hoistInput } = this.options;
    scan.call(
      'latentCellForward',
      {
        x: hoistInput ? null : x.stack.at(x.slot),
        h: h.at(0),
        zeta: zeta && zeta.stack.at(zeta.slot),
        zPrevious: this.z.at(0),
        zcPrevious: this.zc.at(0),
        ...this.#weights(zeta !== null),
        bias: this.#weight('bias'),
        mask: this.#mask,
        gates: this.#gates.at(),
        zc: this.zc.at(1),
        z: this.z.at(1),
      },
      this.#sizes,
    );
  }

  backwardStep(scan: Writer, _: LatentInputs, { dx, dh, dzeta }: LatentInputGradients): void {
    if (this.gradients === null) throw new TypeError(`${this.options.prefix} was built without gradients.`);
    scan.call(
      'latentCellBackward',
      {
        zcPrevious: this.zc.at(0),
        zc: this.zc.at(1),
        ...this.#weights(dzeta !== null),
        mask: this.#mask,
        gates: this.#gates.at(),
        dz: this.gradients.z,
        dzc: this.gradients.zc,
        dh,
        dx: this.options.hoistInput ? null : dx,
        dzeta,
      },
      this.#sizes,
    );
  }

  weightGradients({ x, h, zeta }: LatentInputs, dx: Stack | null): void {
    const { builder, rows } = this.context;
    const { inputSize: i, hiddenSize: hidden, latentSize: a, hoistInput } = this.options;
    const dgates = this.#gates.all(); // [T·B, 4A]
    const dweight = this.#gradient('weight_ih'); // [4A, I + H (+ A)]
    const outer = (x: View, n: number, gradient: View) => this.context.addOuterProduct(dgates, 4 * a, x, n, gradient);
    outer(x.stack.all(x.slot), i, dweight);
    outer(h.all(0), hidden, shifted(dweight, i));
    if (zeta) outer(zeta.stack.all(zeta.slot), a, shifted(dweight, i + hidden));
    outer(this.z.all(0), a, this.#gradient('weight_hh'));
    builder.call('columnSum', { x: dgates, y: this.#gradient('bias') }, { m: rows, n: 4 * a });
    if (dx && hoistInput) {
      const sizes = { m: rows, n: i, k: 4 * a, accumulate: 1 };
      builder.call('productNN', { a: dgates, b: this.#weight('weight_ih'), c: dx.all() }, sizes);
    }
  }

  get #sizes() {
    const { inputSize, hiddenSize, latentSize } = this.options;
    return { b: this.context.batch, i: inputSize, h: hiddenSize, a: latentSize };
  }

  /** latent.weight_ih [4A, I + H (+ A)] by its columns x | h | ζ, and latent.weight_hh. */
  #weights(withZeta: boolean) {
    const { inputSize, hiddenSize, hoistInput } = this.options;
    const weightIh = this.#weight('weight_ih');
    return {
      weightX: hoistInput ? null : weightIh,
      weightH: shifted(weightIh, inputSize),
      weightZeta: withZeta ? shifted(weightIh, inputSize + hiddenSize) : null,
      weightHh: this.#weight('weight_hh'),
    };
  }

  #weight(name: string): View {
    return this.context.weight(`${this.options.prefix}.latent.${name}`);
  }

  #gradient(name: string): View {
    return this.context.gradient(`${this.options.prefix}.latent.${name}`);
  }
}

/**
 * The latents without a memory of their own: z = mask ⊙ φ(W v + b), v = [x; h_{t−1}; ζ], where φ is the identity (linear)
 * or ReLU (feed-forward).
 */
import type { Activation } from '../core/ops.js';
import { activations } from '../core/ops.js';
import { shifted, type Stack, type View, type Writer } from '../core/program.js';
import type { Context } from './context.js';
import type { Input } from './input.js';
import type { Latent, LatentInputGradients, LatentInputs, LatentOptions } from './latent.js';

export class ProjectedLatent implements Latent {
  readonly z: Stack; // [T + 1, B, A]  masked
  readonly gradients: { readonly z: View } | null; // [B, A]
  readonly #mask: View | null; // [B, A]
  readonly #u: Stack; // [T, B, A]  W v + b, then its gradient

  constructor(
    readonly context: Context,
    readonly options: LatentOptions,
    readonly activation: Extract<Activation, 'identity' | 'relu'>,
  ) {
    const { builder, batch, training } = context;
    const { prefix, latentSize, hoistInput, dropout } = options;
    this.z = builder.stack(`${prefix}.z`, batch, latentSize, 1);
    this.#mask = context.batchMask(`${prefix}.z.mask`, latentSize, dropout);
    this.#u = builder.scratch(`${prefix}.latent.u`, batch, latentSize, training || hoistInput);
    this.gradients = training ? { z: builder.matrix(`${prefix}.dz`, batch, latentSize) } : null;
  }

  get states() {
    return { z: this.z };
  }

  hoistForward(x: Input): void {
    if (this.options.hoistInput) this.#addInput(this.context.builder, x.stack.all(x.slot), this.#u.all(), true);
  }

  forwardStep(scan: Writer, { x, h, zeta }: LatentInputs): void {
    const { batch: m } = this.context;
    const { hiddenSize, latentSize: n, hoistInput } = this.options;
    const u = this.#u.at();
    const { ofH, ofZeta } = this.#weights();
    if (!hoistInput) this.#addInput(scan, x.stack.at(x.slot), u, false);
    const add = (a: View, b: View, k: number) =>
      scan.call('productNT', { a, b, bias: null, c: u }, { m, n, k, accumulate: 1 });
    add(h.at(0), ofH, hiddenSize);
    if (zeta) add(zeta.stack.at(zeta.slot), ofZeta, n);
    const z = this.z.at(1);
    scan.call('activationForward', { x: u, y: z }, { m, n, kind: this.#kind });
    if (this.#mask) scan.call('applyMask', { x: z, mask: this.#mask, y: z }, { m, n, period: m });
  }

  /** A masked ReLU has the slope 0 where z is 0, so z says enough. */
  backwardStep(scan: Writer, _: LatentInputs, { dx, dh, dzeta }: LatentInputGradients): void {
    const { batch: m } = this.context;
    const { inputSize, hiddenSize, latentSize: a, hoistInput, prefix } = this.options;
    if (this.gradients === null) throw new TypeError(`${prefix} was built without gradients.`);
    const dz = this.gradients.z;
    const du = this.#u.at();
    if (this.#mask) scan.call('applyMask', { x: dz, mask: this.#mask, y: dz }, { m, n: a, period: m });
    scan.call('activationBackward', { y: this.z.at(1), dy: dz, dx: du }, { m, n: a, kind: this.#kind });
    const { ofX, ofH, ofZeta } = this.#weights();
    const add = (b: View, n: number, c: View) => scan.call('productNN', { a: du, b, c }, { m, n, k: a, accumulate: 1 });
    if (!hoistInput) add(ofX, inputSize, dx);
    add(ofH, hiddenSize, dh);
    // z itself is nobody's memory: what comes to it a step before comes from there.
    scan.call('fill', { x: dz }, { n: m * a }, { value: 0 });
    if (dzeta) add(ofZeta, a, dzeta);
  }

  weightGradients({ x, h, zeta }: LatentInputs, dx: Stack | null): void {
    const { builder, rows } = this.context;
    const { inputSize: i, hiddenSize, latentSize: a, hoistInput, prefix } = this.options;
    const du = this.#u.all(); // [T·B, A]
    const dweight = this.context.gradient(`${prefix}.latent.weight`); // [A, I + H (+ A)]
    const outer = (x: View, n: number, gradient: View) => this.context.addOuterProduct(du, a, x, n, gradient);
    outer(x.stack.all(x.slot), i, dweight);
    outer(h.all(0), hiddenSize, shifted(dweight, i));
    if (zeta) outer(zeta.stack.all(zeta.slot), a, shifted(dweight, i + hiddenSize));
    builder.call('columnSum', { x: du, y: this.context.gradient(`${prefix}.latent.bias`) }, { m: rows, n: a });
    if (dx && hoistInput) {
      builder.call('productNN', { a: du, b: this.#weights().ofX, c: dx.all() }, { m: rows, n: i, k: a, accumulate: 1 });
    }
  }

  /** u = W_x x + b; of all steps, or of one. */
  #addInput(writer: Writer, x: View, u: View, all: boolean): void {
    const { batch, rows } = this.context;
    const { inputSize, latentSize, prefix } = this.options;
    const bias = this.context.weight(`${prefix}.latent.bias`);
    const sizes = { m: all ? rows : batch, n: latentSize, k: inputSize, accumulate: 0 };
    writer.call('productNT', { a: x, b: this.#weights().ofX, bias, c: u }, sizes);
  }

  get #kind(): number {
    return activations[this.activation];
  }

  /** latent.weight [A, I + H (+ A)] by its columns x | h | ζ. */
  #weights() {
    const { inputSize, hiddenSize, prefix } = this.options;
    const weight = this.context.weight(`${prefix}.latent.weight`);
    return { ofX: weight, ofH: shifted(weight, inputSize), ofZeta: shifted(weight, inputSize + hiddenSize) };
  }
}

/**
 * The policy of an adaptive feed-forward layer: d = ψ(P v), with v = x (linear) or v = ReLU(Q x + q) (feed-forward). Rows of
 * P are those of the layer's scalings in their order, then those of the bias.
 */
import type { AdaptiveLinearConfig } from '../core/feed-forward-config.js';
import { linearPolicySize } from '../core/feed-forward-parameters.js';
import { activations } from '../core/ops.js';
import type { View } from '../core/program.js';
import type { Context } from './context.js';

export class LinearPolicy {
  readonly size: number; // P
  readonly d: View; // [M, P]
  /** Of d; what it becomes backward is that of P v. */
  readonly dd: View | null; // [M, P]
  readonly #hidden: { readonly v: View; readonly dv: View | null } | null; // [M, K] each

  constructor(
    readonly context: Context,
    readonly prefix: string, // 'layers.0'
    readonly config: AdaptiveLinearConfig,
    readonly inputSize: number,
  ) {
    const { training } = context;
    const { policy, policyHiddenSize } = config;
    this.size = linearPolicySize(config, inputSize);
    this.d = context.matrix(`${prefix}.policy`, this.size);
    this.dd = training ? context.matrix(`${prefix}.policy.gradient`, this.size) : null;
    const hidden = (name: string) => context.matrix(`${prefix}.policy.${name}`, policyHiddenSize);
    this.#hidden =
      policy === 'feed-forward' ? { v: hidden('hidden'), dv: training ? hidden('hidden.gradient') : null } : null;
  }

  /** x [M, I] → d [M, P] */
  forward(x: View): void {
    const { builder, rows: m } = this.context;
    const { policyHiddenSize: k, policyActivation } = this.config;
    if (this.#hidden) {
      const { v } = this.#hidden;
      const views = { a: x, b: this.#weight('hidden.weight'), bias: this.#weight('hidden.bias'), c: v };
      builder.call('productNT', views, { m, n: k, k: this.inputSize, accumulate: 0 });
      builder.call('activationForward', { x: v, y: v }, { m, n: k, kind: activations.relu });
    }
    const [v, width] = this.#seen(x);
    const sizes = { m, n: this.size, k: width, accumulate: 0 };
    builder.call('productNT', { a: v, b: this.#weight('weight'), bias: null, c: this.d }, sizes);
    if (policyActivation === 'identity') return;
    const kind = activations[policyActivation];
    builder.call('activationForward', { x: this.d, y: this.d }, { m, n: this.size, kind });
  }

  /** From dd, which is complete, to the weights' gradients; adds to dx [M, I], where it is wanted. */
  backward(x: View, dx: View | null): void {
    const { builder, rows: m } = this.context;
    const { policyHiddenSize: hiddenSize, policyActivation } = this.config;
    const dd = this.dd;
    if (!dd) throw new TypeError(`${this.prefix} was built without gradients.`);
    if (policyActivation !== 'identity') {
      const sizes = { m, n: this.size, kind: activations[policyActivation] };
      builder.call('activationBackward', { y: this.d, dy: dd, dx: dd }, sizes);
    }
    const [v, width] = this.#seen(x);
    this.context.addOuterProduct(dd, this.size, v, width, this.#gradient('weight'));
    const dv = this.#hidden ? this.#hidden.dv : dx;
    if (!dv) return;
    const accumulate = this.#hidden ? 0 : 1;
    builder.call('productNN', { a: dd, b: this.#weight('weight'), c: dv }, { m, n: width, k: this.size, accumulate });
    if (!this.#hidden) return;
    builder.call('activationBackward', { y: v, dy: dv, dx: dv }, { m, n: hiddenSize, kind: activations.relu });
    this.context.addOuterProduct(dv, hiddenSize, x, this.inputSize, this.#gradient('hidden.weight'));
    builder.call('columnSum', { x: dv, y: this.#gradient('hidden.bias') }, { m, n: hiddenSize });
    if (!dx) return;
    const sizes = { m, n: this.inputSize, k: hiddenSize, accumulate: 1 };
    builder.call('productNN', { a: dv, b: this.#weight('hidden.weight'), c: dx }, sizes);
  }

  /** v and its width. */
  #seen(x: View): readonly [v: View, width: number] {
    return this.#hidden ? [this.#hidden.v, this.config.policyHiddenSize] : [x, this.inputSize];
  }

  #weight(name: string): View {
    return this.context.weight(`${this.prefix}.policy.${name}`);
  }

  #gradient(name: string): View {
    return this.context.gradient(`${this.prefix}.policy.${name}`);
  }
}

/**
 * RNN and GRU as cells: the two products are calls of their own, p = W_ih (d_x ⊙ x) and q = W_hh (d_h ⊙ h_{t−1}), and what
 * scales and joins them is one more each way (docs/math/rnn-cell.md, gru-cell.md). The GRU needs p and q apart anyway.
 */
import type { Stack, View, Writer } from '../core/program.js';
import { gateCount } from '../core/parameters.js';
import type { Cell, CellGradients, CellOptions } from './cell.js';
import type { Context } from './context.js';
import type { Input } from './input.js';
import type { PolicyViews } from './policies.js';
import { ScaledInput } from './scaled-input.js';

export class PartsCell implements Cell {
  readonly h: Stack; // [T + 1, B, H]
  readonly y: Stack | null; // [T, B, H]
  readonly mask: View | null; // [B, H]
  readonly gradients: { readonly h: View } | null; // [B, H]
  readonly #gatesSize: number; // G·H
  readonly #x: ScaledInput;
  readonly #h: ScaledInput;
  readonly #inputPart: Stack; // [T, B, GH]  p, then d_ih ⊙ dp; hoisted, with the bias
  readonly #hiddenPart: Stack; // [T, B, GH]  q, then d_hh ⊙ dq
  readonly #gates: Stack; // [T, B, GH]  then d_b ⊙ dp

  constructor(
    readonly context: Context,
    readonly options: CellOptions,
    readonly kind: 'rnn' | 'gru',
  ) {
    const { builder, batch, training } = context;
    const { prefix, inputSize, hiddenSize, policy, dropout, keepOutput } = options;
    this.#gatesSize = gateCount[kind] * hiddenSize;
    this.h = builder.stack(`${prefix}.h`, batch, hiddenSize, 1);
    this.mask = context.batchMask(`${prefix}.h.mask`, hiddenSize, dropout);
    this.y = keepOutput && this.mask ? builder.stack(`${prefix}.y`, batch, hiddenSize) : null;
    this.#x = new ScaledInput(context, `${prefix}.scaledX`, inputSize, policy !== null && policy.x > 0);
    this.#h = new ScaledInput(context, `${prefix}.scaledH`, hiddenSize, policy !== null && policy.h > 0);
    const kept = (name: string, keep = training) => builder.scratch(`${prefix}.${name}`, batch, this.#gatesSize, keep);
    this.#inputPart = kept('inputPart', training || policy === null);
    this.#hiddenPart = kept('hiddenPart');
    this.#gates = kept('gates');
    this.gradients = training ? { h: builder.matrix(`${prefix}.dh`, batch, hiddenSize) } : null;
  }

  get states() {
    return { h: this.h };
  }

  hoistForward(x: Input): void {
    const { builder, rows } = this.context;
    if (this.options.policy) return;
    const views = { b: this.#weight('weight_ih'), bias: this.#weight('bias'), c: this.#inputPart.all() };
    const sizes = { m: rows, n: this.#gatesSize, k: this.options.inputSize, accumulate: 0 };
    builder.call('productNT', { a: x.stack.all(x.slot), ...views }, sizes);
  }

  forwardStep(scan: Writer, x: Input, policies: PolicyViews): void {
    const { batch: m } = this.context;
    const { inputSize, hiddenSize, policy } = this.options;
    const product = (a: View, weight: string, c: View, k: number) =>
      scan.call(
        'productNT',
        { a, b: this.#weight(weight), bias: null, c },
        { m, n: this.#gatesSize, k, accumulate: 0 },
      );
    if (policy) {
      const scaledX = this.#x.forwardStep(scan, x.stack.at(x.slot), policies.x);
      product(scaledX, 'weight_ih', this.#inputPart.at(), inputSize);
    }
    product(this.#h.forwardStep(scan, this.h.at(0), policies.h), 'weight_hh', this.#hiddenPart.at(), hiddenSize);
    const views = { ...this.#operands(policies), y: this.y && this.y.at(), hNext: this.h.at(1) };
    if (this.kind === 'rnn') scan.call('rnnCellForward', views, this.#sizes);
    else scan.call('gruCellForward', { h: this.h.at(0), ...views }, this.#sizes);
  }

  backwardStep(scan: Writer, x: Input, policies: PolicyViews, { policies: d, dy, dx }: CellGradients): void {
    const { batch: m } = this.context;
    const { inputSize, hiddenSize, prefix } = this.options;
    if (this.gradients === null) throw new TypeError(`${prefix} was built without gradients.`);
    const dh = this.gradients.h;
    const dpolicies = { dpolicyIh: d.ih, dpolicyHh: d.hh, dpolicyB: d.b };
    const views = { ...this.#operands(policies), ...dpolicies, dy, dh };
    if (this.kind === 'rnn') scan.call('rnnCellBackward', views, this.#sizes);
    else scan.call('gruCellBackward', { h: this.h.at(0), ...views }, this.#sizes);
    const product = (part: Stack, weight: string, n: number) => (c: View, accumulate: 0 | 1) =>
      scan.call('productNN', { a: part.at(), b: this.#weight(weight), c }, { m, n, k: this.#gatesSize, accumulate });
    const ofX = product(this.#inputPart, 'weight_ih', inputSize);
    if (dx) this.#x.backwardStep(scan, ofX, { x: x.stack.at(x.slot), d: policies.x, dx, dd: d.x });
    const ofH = product(this.#hiddenPart, 'weight_hh', hiddenSize);
    this.#h.backwardStep(scan, ofH, { x: this.h.at(0), d: policies.h, dx: dh, dd: d.h });
  }

  weightGradients(x: Input, dx: Stack | null): void {
    const { builder, rows } = this.context;
    const { inputSize, hiddenSize } = this.options;
    const gates = this.#gatesSize;
    const [dinput, dhidden] = [this.#inputPart.all(), this.#hiddenPart.all()]; // [T·B, GH] each
    const xs = this.#x.all(x.stack.all(x.slot));
    this.context.addOuterProduct(dinput, gates, xs, inputSize, this.#gradient('weight_ih'));
    this.context.addOuterProduct(dhidden, gates, this.#h.all(this.h.all(0)), hiddenSize, this.#gradient('weight_hh'));
    builder.call('columnSum', { x: this.#gates.all(), y: this.#gradient('bias') }, { m: rows, n: gates });
    if (dx) {
      const sizes = { m: rows, n: inputSize, k: gates, accumulate: 0 };
      builder.call('productNN', { a: dinput, b: this.#weight('weight_ih'), c: dx.all() }, sizes);
    }
  }

  /** What both directions have. */
  #operands({ ih, hh, b }: PolicyViews) {
    return {
      inputPart: this.#inputPart.at(),
      hiddenPart: this.#hiddenPart.at(),
      bias: this.options.policy && this.#weight('bias'),
      policyIh: ih,
      policyHh: hh,
      policyB: b,
      mask: this.mask,
      gates: this.#gates.at(),
    };
  }

  get #sizes() {
    return { b: this.context.batch, h: this.options.hiddenSize };
  }

  #weight(name: string): View {
    return this.context.weight(`${this.options.prefix}.cell.${name}`);
  }

  #gradient(name: string): View {
    return this.context.gradient(`${this.options.prefix}.cell.${name}`);
  }
}

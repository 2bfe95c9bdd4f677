/**
 * The static LSTM layer: u = W_ih x + W_hh h_{t−1} + b. Nothing but h recurs, so layers run one after the other and
 * each one's product with x, and the gradient of x, are taken over all steps at once.
 */
import type { Stack, View, Writer } from '../core/program.js';
import type { Input } from './adaptive-lstm.js';
import type { Context } from './context.js';

export interface StaticLstmOptions {
  readonly prefix: string; // 'layers.0'
  readonly inputSize: number; // I
  readonly hiddenSize: number; // H
  readonly hiddenDropout: number;
  /** Whether h before its mask is wanted (by the top layer). */
  readonly keepOutput: boolean;
}

/** No adaptation: every policy is 1 and nothing is kept for its gradient. */
const noPolicies = { policyX: null, policyH: null, policyIh: null, policyHh: null, policyB: null };
const noPolicyGradients = {
  dpolicyX: null,
  dpolicyH: null,
  dpolicyIh: null,
  dpolicyHh: null,
  dpolicyB: null,
};

export class StaticLstm {
  readonly h: Stack; // [T + 1, B, H]  masked
  readonly c: Stack; // [T + 1, B, H]
  readonly y: Stack | null; // [T, B, H]  before the mask
  readonly gradients: { readonly dh: View; readonly dc: View } | null; // [B, H]
  readonly mask: View | null; // [B, H]
  readonly #gates: Stack; // [T, B, 4H]  W_ih x + b, then i f g o, then du

  constructor(
    readonly context: Context,
    readonly options: StaticLstmOptions,
  ) {
    const { builder, batch, training } = context;
    const { prefix, hiddenSize, hiddenDropout } = options;
    this.h = builder.stack(`${prefix}.h`, batch, hiddenSize, 1);
    this.c = builder.stack(`${prefix}.c`, batch, hiddenSize, 1);
    this.mask = context.batchMask(`${prefix}.h.mask`, hiddenSize, hiddenDropout);
    this.y = options.keepOutput && this.mask ? builder.stack(`${prefix}.y`, batch, hiddenSize) : null;
    this.#gates = builder.stack(`${prefix}.gates`, batch, 4 * hiddenSize);
    this.gradients = training
      ? {
          dh: builder.matrix(`${prefix}.dh`, batch, hiddenSize),
          dc: builder.matrix(`${prefix}.dc`, batch, hiddenSize),
        }
      : null;
  }

  forward(x: Input): void {
    const { builder, rows, batch } = this.context;
    const { inputSize: i, hiddenSize: h } = this.options;
    builder.call(
      'productNT',
      {
        a: x.stack.all(x.slot),
        b: this.#weight('cell.weight_ih'),
        bias: this.#weight('cell.bias'),
        c: this.#gates.all(),
      },
      { m: rows, n: 4 * h, k: i, accumulate: 0 },
    );
    builder.scan('forward', (scan: Writer) => {
      scan.call(
        'adaptiveCellForward',
        {
          x: null,
          h: this.h.at(0),
          cPrevious: this.c.at(0),
          weightIh: this.#weight('cell.weight_ih'),
          weightHh: this.#weight('cell.weight_hh'),
          bias: this.#weight('cell.bias'),
          ...noPolicies,
          mask: this.mask,
          scaledX: null,
          scaledH: null,
          inputPart: null,
          hiddenPart: null,
          gates: this.#gates.at(),
          c: this.c.at(1),
          y: this.y && this.y.at(),
          hNext: this.h.at(1),
        },
        { b: batch, i, h },
      );
    });
  }

  /** dx = du W_ih; dW_ih += duᵀ x; dW_hh += duᵀ h; db += Σ du. `dy` is that of the unmasked output. */
  backward(x: Input, dy: Stack, dx: Stack): void {
    const { builder, rows, batch } = this.context;
    const { inputSize: i, hiddenSize: h, prefix } = this.options;
    if (this.gradients === null) throw new TypeError(`${prefix} was built without gradients.`);
    const { dh, dc } = this.gradients;
    for (const view of [dh, dc]) builder.call('fill', { x: view }, { n: batch * h }, { value: 0 });
    builder.scan('backward', (scan: Writer) => {
      scan.call(
        'adaptiveCellBackward',
        {
          x: null,
          h: this.h.at(0),
          cPrevious: this.c.at(0),
          c: this.c.at(1),
          weightIh: this.#weight('cell.weight_ih'),
          weightHh: this.#weight('cell.weight_hh'),
          bias: this.#weight('cell.bias'),
          ...noPolicies,
          ...noPolicyGradients,
          mask: this.mask,
          inputPart: null,
          hiddenPart: null,
          gates: this.#gates.at(),
          dy: dy.at(),
          dh,
          dc,
          dx: null,
        },
        { b: batch, i, h },
      );
    });
    const du = this.#gates.all(); // [T·B, 4H]
    const dweightIh = this.context.gradient(`${prefix}.cell.weight_ih`);
    const dweightHh = this.context.gradient(`${prefix}.cell.weight_hh`);
    const dbias = this.context.gradient(`${prefix}.cell.bias`);
    const outer = { m: 4 * h, k: rows, accumulate: 1 };
    builder.call('productTN', { a: du, b: x.stack.all(x.slot), c: dweightIh }, { ...outer, n: i });
    builder.call('productTN', { a: du, b: this.h.all(0), c: dweightHh }, { ...outer, n: h });
    builder.call('columnSum', { x: du, y: dbias }, { m: rows, n: 4 * h });
    builder.call(
      'productNN',
      { a: du, b: this.#weight('cell.weight_ih'), c: dx.all() },
      { m: rows, n: i, k: 4 * h, accumulate: 0 },
    );
  }

  #weight(name: string): View {
    return this.context.weight(`${this.options.prefix}.${name}`);
  }
}

/**
 * The LSTM as a cell: one call a step each way, products, policies and gates together. The backward leaves the gradients of
 * the two products and of the bias' row where these were; the weights' gradients are products over all steps after it.
 */
import type { Stack, View, Writer } from '../core/program.js';
import type { Cell, CellGradients, CellOptions } from './cell.js';
import type { Context } from './context.js';
import type { Input } from './input.js';
import type { PolicyViews } from './policies.js';

export class LstmCell implements Cell {
  readonly h: Stack; // [T + 1, B, H]
  readonly c: Stack; // [T + 1, B, H]
  readonly y: Stack | null; // [T, B, H]
  readonly mask: View | null; // [B, H]
  readonly gradients: { readonly h: View; readonly c: View } | null; // [B, H] each
  readonly #scaledX: Stack | null; // [T, B, I]   d_x ⊙ x
  readonly #scaledH: Stack | null; // [T, B, H]   d_h ⊙ h
  readonly #inputPart: Stack | null; // [T, B, 4H]  W_ih (d_x ⊙ x), then d_ih ⊙ du
  readonly #hiddenPart: Stack | null; // [T, B, 4H]  W_hh (d_h ⊙ h), then d_hh ⊙ du
  readonly #gates: Stack; // [T, B, 4H]  i f g o, then d_b ⊙ du; hoisted, W_ih x + b before that

  constructor(
    readonly context: Context,
    readonly options: CellOptions,
  ) {
    const { builder, batch, training } = context;
    const { prefix, inputSize, hiddenSize, policy, dropout, keepOutput } = options;
    this.h = builder.stack(`${prefix}.h`, batch, hiddenSize, 1);
    this.c = builder.stack(`${prefix}.c`, batch, hiddenSize, 1);
    this.mask = context.batchMask(`${prefix}.h.mask`, hiddenSize, dropout);
    this.y = keepOutput && this.mask ? builder.stack(`${prefix}.y`, batch, hiddenSize) : null;
    const kept = (name: string, width: number, present: boolean) =>
      present ? builder.scratch(`${prefix}.${name}`, batch, width, training) : null;
    this.#scaledX = kept('scaledX', inputSize, hasRows(policy?.x));
    this.#scaledH = kept('scaledH', hiddenSize, hasRows(policy?.h));
    // A product that nothing scales need not be kept apart, unless a policy of the bias scales what is in the gates.
    this.#inputPart = kept('inputPart', 4 * hiddenSize, hasRows(policy?.ih) || hasRows(policy?.b));
    this.#hiddenPart = kept('hiddenPart', 4 * hiddenSize, hasRows(policy?.hh) || hasRows(policy?.b));
    this.#gates = builder.scratch(`${prefix}.gates`, batch, 4 * hiddenSize, training || policy === null);
    this.gradients = training
      ? {
          h: builder.matrix(`${prefix}.dh`, batch, hiddenSize),
          c: builder.matrix(`${prefix}.dc`, batch, hiddenSize),
        }
      : null;
  }

  get states() {
    return { h: this.h, c: this.c };
  }

  hoistForward(x: Input): void {
    const { builder, rows } = this.context;
    const { inputSize: k, hiddenSize, policy } = this.options;
    if (policy) return;
    const views = { b: this.#weight('weight_ih'), bias: this.#weight('bias'), c: this.#gates.all() };
    builder.call('productNT', { a: x.stack.all(x.slot), ...views }, { m: rows, n: 4 * hiddenSize, k, accumulate: 0 });
  }

  forwardStep(scan: Writer, x: Input, policies: PolicyViews): void {
    scan.call(
      'adaptiveCellForward',
      {
        ...this.#operands(x, policies),
        scaledX: this.#scaledX && this.#scaledX.at(),
        scaledH: this.#scaledH && this.#scaledH.at(),
        y: this.y && this.y.at(),
        hNext: this.h.at(1),
      },
      this.#sizes,
    );
  }

  backwardStep(scan: Writer, x: Input, policies: PolicyViews, { policies: d, dy, dx }: CellGradients): void {
    if (this.gradients === null) throw new TypeError(`${this.options.prefix} was built without gradients.`);
    const { h: dh, c: dc } = this.gradients;
    const dpolicies = { dpolicyX: d.x, dpolicyH: d.h, dpolicyIh: d.ih, dpolicyHh: d.hh, dpolicyB: d.b };
    const gradients = { ...dpolicies, dy, dh, dc, dx };
    scan.call('adaptiveCellBackward', { ...this.#operands(x, policies), ...gradients }, this.#sizes);
  }

  weightGradients(x: Input, dx: Stack | null): void {
    const { builder, rows } = this.context;
    const { inputSize: i, hiddenSize: h } = this.options;
    const dgates = this.#gates.all(); // [T·B, 4H]
    const dinput = this.#inputPart?.all() ?? dgates;
    const dhidden = this.#hiddenPart?.all() ?? dgates;
    const xs = this.#scaledX?.all() ?? x.stack.all(x.slot);
    const hs = this.#scaledH?.all() ?? this.h.all(0);
    this.context.addOuterProduct(dinput, 4 * h, xs, i, this.#gradient('weight_ih'));
    this.context.addOuterProduct(dhidden, 4 * h, hs, h, this.#gradient('weight_hh'));
    builder.call('columnSum', { x: dgates, y: this.#gradient('bias') }, { m: rows, n: 4 * h });
    if (dx) {
      const sizes = { m: rows, n: i, k: 4 * h, accumulate: 0 };
      builder.call('productNN', { a: dinput, b: this.#weight('weight_ih'), c: dx.all() }, sizes);
    }
  }

  /** What both directions have. */
  #operands(x: Input, { x: dX, h: dH, ih, hh, b }: PolicyViews) {
    const { policy } = this.options;
    return {
      x: policy && x.stack.at(x.slot),
      h: this.h.at(0),
      cPrevious: this.c.at(0),
      weightIh: this.#weight('weight_ih'),
      weightHh: this.#weight('weight_hh'),
      bias: this.#weight('bias'),
      policyX: dX,
      policyH: dH,
      policyIh: ih,
      policyHh: hh,
      policyB: b,
      mask: this.mask,
      inputPart: this.#inputPart && this.#inputPart.at(),
      hiddenPart: this.#hiddenPart && this.#hiddenPart.at(),
      gates: this.#gates.at(),
      c: this.c.at(1),
    };
  }

  get #sizes() {
    const { inputSize, hiddenSize } = this.options;
    return { b: this.context.batch, i: inputSize, h: hiddenSize };
  }

  #weight(name: string): View {
    return this.context.weight(`${this.options.prefix}.cell.${name}`);
  }

  #gradient(name: string): View {
    return this.context.gradient(`${this.options.prefix}.cell.${name}`);
  }
}

function hasRows(rows: number | undefined): boolean {
  return rows !== undefined && rows > 0;
}

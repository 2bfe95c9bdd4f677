/**
 * The adaptive LSTM (paper section 4): one layer with IO adaptation and a recurrent latent, and its gradient.
 *
 *   v_t    = [x_t; h_{t−1}; ζ_t]                        what the latent sees
 *   z, zc  = LSTM(v_t, z_{t−1}, zc_{t−1})               latent cell
 *   d      = tanh(U z_t)                                policy: d_x, d_h, d_ih, d_hh, d_b
 *   u      = d_ih ⊙ (W_ih (d_x ⊙ x)) + d_hh ⊙ (W_hh (d_h ⊙ h_{t−1})) + d_b ⊙ b
 *   h, c   = LSTM gates(u, c_{t−1})                     adaptive cell
 *
 * Three calls a step forward and three backward. Inside the scan the backward leaves the gradients of the
 * pre-activations where the activations were; the weights' gradients are products over all steps after it.
 * Dims: B batch, I input, H hidden, A latent, P = I + H + 12H policy rows.
 */
import { shifted, type Stack, type View, type Writer } from '../core/program.js';
import type { Context } from './context.js';
import { policySize, type PolicyRows } from '../core/parameters.js';

/** A stacked tensor and the slot of it that step 0 reads: h_{t−1} is slot 0 of h, h_t is slot 1. */
export interface Input {
  readonly stack: Stack;
  readonly slot: number;
}

export interface AdaptiveLstmOptions {
  readonly prefix: string; // 'layers.0'
  readonly inputSize: number; // I
  readonly hiddenSize: number; // H
  readonly latentSize: number; // A
  readonly policy: PolicyRows;
  /** Whether x is known for all steps before the scan, so that what depends on x alone is hoisted. */
  readonly hoistInput: boolean;
  readonly hiddenDropout: number;
  readonly latentDropout: number;
  /** Whether h before its mask is wanted (by the top layer). */
  readonly keepOutput: boolean;
}

/** Gradients that travel backwards in time, one matrix each. */
interface Gradients {
  readonly dh: View; // [B, H]  of h_t while step t is under way, then of h_{t−1}
  readonly dc: View; // [B, H]
  readonly dz: View; // [B, A]
  readonly dzc: View; // [B, A]
}

export class AdaptiveLstm {
  /** States with the one before the segment in slot 0. h and z are masked. */
  readonly h: Stack; // [T + 1, B, H]
  readonly c: Stack; // [T + 1, B, H]
  readonly z: Stack; // [T + 1, B, A]
  readonly zc: Stack; // [T + 1, B, A]
  /** h before its mask, where that differs and is wanted. */
  readonly y: Stack | null; // [T, B, H]
  /** Carried backwards in time; after the backward scan, the gradients of the initial state. */
  readonly gradients: Gradients | null;

  readonly #hiddenMask: View | null; // [B, H]
  readonly #latentMask: View | null; // [B, A]
  readonly #latentGates: Stack; // [T, B, 4A]  i f g o, then their pre-activations' gradient
  readonly #policies: Stack; // [T, B, P]  then the gradient of U z
  readonly #dpolicies: View | null; // [B, P]  of the step that is under way
  readonly #scaledX: Stack; // [T, B, I]   d_x ⊙ x
  readonly #scaledH: Stack; // [T, B, H]   d_h ⊙ h
  readonly #inputPart: Stack; // [T, B, 4H]  W_ih (d_x ⊙ x), then d_ih ⊙ du
  readonly #hiddenPart: Stack; // [T, B, 4H]  W_hh (d_h ⊙ h), then d_hh ⊙ du
  readonly #gates: Stack; // [T, B, 4H]  i f g o, then d_b ⊙ du

  constructor(
    readonly context: Context,
    readonly options: AdaptiveLstmOptions,
  ) {
    const { builder, batch, training } = context;
    const { prefix, inputSize, hiddenSize, latentSize, policy, hiddenDropout, latentDropout } = options;
    this.h = builder.stack(`${prefix}.h`, batch, hiddenSize, 1);
    this.c = builder.stack(`${prefix}.c`, batch, hiddenSize, 1);
    this.z = builder.stack(`${prefix}.z`, batch, latentSize, 1);
    this.zc = builder.stack(`${prefix}.zc`, batch, latentSize, 1);
    this.#hiddenMask = context.batchMask(`${prefix}.h.mask`, hiddenSize, hiddenDropout);
    this.#latentMask = context.batchMask(`${prefix}.z.mask`, latentSize, latentDropout);
    this.y = options.keepOutput && this.#hiddenMask ? builder.stack(`${prefix}.y`, batch, hiddenSize) : null;

    const kept = (name: string, width: number, keep = training) =>
      builder.scratch(`${prefix}.${name}`, batch, width, keep);
    this.#latentGates = kept('latent.gates', 4 * latentSize, training || options.hoistInput);
    this.#policies = kept('policies', policySize(policy));
    this.#scaledX = kept('scaledX', inputSize);
    this.#scaledH = kept('scaledH', hiddenSize);
    this.#inputPart = kept('inputPart', policy.ih);
    this.#hiddenPart = kept('hiddenPart', policy.hh);
    this.#gates = kept('gates', policy.b);
    this.#dpolicies = training ? builder.matrix(`${prefix}.dpolicies`, batch, policySize(policy)) : null;
    this.gradients = training
      ? {
          dh: builder.matrix(`${prefix}.dh`, batch, hiddenSize),
          dc: builder.matrix(`${prefix}.dc`, batch, hiddenSize),
          dz: builder.matrix(`${prefix}.dz`, batch, latentSize),
          dzc: builder.matrix(`${prefix}.dzc`, batch, latentSize),
        }
      : null;
  }

  /** Before the forward scan: the latent's view of x, over all steps at once. */
  hoistForward(x: Input): void {
    if (!this.options.hoistInput) return;
    const { builder, rows } = this.context;
    const { inputSize, latentSize } = this.options;
    builder.call(
      'productNT',
      {
        a: x.stack.all(x.slot),
        b: this.#weight('latent.weight_ih'),
        bias: this.#weight('latent.bias'),
        c: this.#latentGates.all(),
      },
      { m: rows, n: 4 * latentSize, k: inputSize, accumulate: 0 },
    );
  }

  /** One step forward. `zeta` is the latent that feeds this one, if there is more than one layer. */
  forwardStep(scan: Writer, x: Input, zeta: Input | null): void {
    const { batch: b } = this.context;
    const { inputSize: i, hiddenSize: h, latentSize: a, policy, hoistInput } = this.options;
    scan.call(
      'latentCellForward',
      {
        x: hoistInput ? null : x.stack.at(x.slot),
        h: this.h.at(0),
        zeta: zeta && zeta.stack.at(zeta.slot),
        zPrevious: this.z.at(0),
        zcPrevious: this.zc.at(0),
        ...this.#latentWeights(!hoistInput, zeta !== null),
        bias: this.#weight('latent.bias'),
        mask: this.#latentMask,
        gates: this.#latentGates.at(),
        zc: this.zc.at(1),
        z: this.z.at(1),
      },
      { b, i, h, a },
    );
    scan.call(
      'policyForward',
      { z: this.z.at(1), weight: this.#weight('policy.weight'), d: this.#policies.at() },
      { b, a, p: policySize(policy) },
    );
    scan.call(
      'adaptiveCellForward',
      {
        x: x.stack.at(x.slot),
        h: this.h.at(0),
        cPrevious: this.c.at(0),
        weightIh: this.#weight('cell.weight_ih'),
        weightHh: this.#weight('cell.weight_hh'),
        bias: this.#weight('cell.bias'),
        ...this.#policyViews(),
        mask: this.#hiddenMask,
        scaledX: this.#scaledX.at(),
        scaledH: this.#scaledH.at(),
        inputPart: this.#inputPart.at(),
        hiddenPart: this.#hiddenPart.at(),
        gates: this.#gates.at(),
        c: this.c.at(1),
        y: this.y && this.y.at(),
        hNext: this.h.at(1),
      },
      { b, i, h },
    );
  }

  /** Before the backward scan: nothing comes from after the segment. */
  clearGradients(): void {
    const { builder } = this.context;
    const { dh, dc, dz, dzc } = this.#carried();
    for (const view of [dh, dc, dz, dzc]) {
      builder.call('fill', { x: view }, { n: this.context.batch * view.ld }, { value: 0 });
    }
  }

  /**
   * One step backward. `dy` is the gradient of the unmasked output; that of the masked one is in `gradients.dh`.
   * Adds to `dx`, the gradient of x_t, and to `dzeta`, that of ζ_t.
   */
  backwardStep(scan: Writer, x: Input, dy: View | null, dx: View, dzeta: View | null): void {
    const { batch: b } = this.context;
    const { inputSize: i, hiddenSize: h, latentSize: a, policy, hoistInput } = this.options;
    const { dh, dc, dz, dzc } = this.#carried();
    const dpolicies = this.#kept(this.#dpolicies);
    scan.call(
      'adaptiveCellBackward',
      {
        x: x.stack.at(x.slot),
        h: this.h.at(0),
        cPrevious: this.c.at(0),
        c: this.c.at(1),
        weightIh: this.#weight('cell.weight_ih'),
        weightHh: this.#weight('cell.weight_hh'),
        bias: this.#weight('cell.bias'),
        ...this.#policyViews(),
        ...this.#dpolicyViews(dpolicies),
        mask: this.#hiddenMask,
        inputPart: this.#inputPart.at(),
        hiddenPart: this.#hiddenPart.at(),
        gates: this.#gates.at(),
        dy,
        dh,
        dc,
        dx,
      },
      { b, i, h },
    );
    scan.call(
      'policyBackward',
      { d: this.#policies.at(), weight: this.#weight('policy.weight'), dd: dpolicies, dz },
      { b, a, p: policySize(policy) },
    );
    scan.call(
      'latentCellBackward',
      {
        zcPrevious: this.zc.at(0),
        zc: this.zc.at(1),
        ...this.#latentWeights(!hoistInput, dzeta !== null),
        mask: this.#latentMask,
        gates: this.#latentGates.at(),
        dz,
        dzc,
        dh,
        dx: hoistInput ? null : dx,
        dzeta,
      },
      { b, i, h, a },
    );
  }

  /** After the backward scan: every weight's gradient, and the hoisted part of dx [T, B, I]. */
  weightGradients(x: Input, zeta: Input | null, dx: Stack | null): void {
    const { builder, rows } = this.context;
    const { inputSize: i, hiddenSize: h, latentSize: a, policy } = this.options;
    const outer = (dy: View, m: number, x: View, n: number, gradient: View) => {
      builder.call('productTN', { a: dy, b: x, c: gradient }, { m, n, k: rows, accumulate: 1 });
    };
    const xs = x.stack.all(x.slot);
    const dcell = this.#gradient('cell.weight_ih');
    outer(this.#inputPart.all(), policy.ih, this.#scaledX.all(), i, dcell);
    outer(this.#hiddenPart.all(), policy.hh, this.#scaledH.all(), h, this.#gradient('cell.weight_hh'));
    builder.call('columnSum', { x: this.#gates.all(), y: this.#gradient('cell.bias') }, { m: rows, n: policy.b });
    outer(this.#policies.all(), policySize(policy), this.z.all(1), a, this.#gradient('policy.weight'));

    const dlatent = this.#latentGates.all(); // [T·B, 4A]
    const dweight = this.#gradient('latent.weight_ih'); // [4A, I + H (+ A)]
    outer(dlatent, 4 * a, xs, i, dweight);
    outer(dlatent, 4 * a, this.h.all(0), h, shifted(dweight, i));
    if (zeta) outer(dlatent, 4 * a, zeta.stack.all(zeta.slot), a, shifted(dweight, i + h));
    outer(dlatent, 4 * a, this.z.all(0), a, this.#gradient('latent.weight_hh'));
    builder.call('columnSum', { x: dlatent, y: this.#gradient('latent.bias') }, { m: rows, n: 4 * a });
    if (dx && this.options.hoistInput) {
      builder.call(
        'productNN',
        { a: dlatent, b: this.#weight('latent.weight_ih'), c: dx.all() },
        { m: rows, n: i, k: 4 * a, accumulate: 1 },
      );
    }
  }

  #weight(name: string): View {
    return this.context.weight(`${this.options.prefix}.${name}`);
  }

  #gradient(name: string): View {
    return this.context.gradient(`${this.options.prefix}.${name}`);
  }

  /** latent.weight_ih [4A, I + H (+ A)] by its columns x | h | ζ, and latent.weight_hh. */
  #latentWeights(withX: boolean, withZeta: boolean) {
    const { inputSize, hiddenSize } = this.options;
    const weightIh = this.#weight('latent.weight_ih');
    return {
      weightX: withX ? weightIh : null,
      weightH: shifted(weightIh, inputSize),
      weightZeta: withZeta ? shifted(weightIh, inputSize + hiddenSize) : null,
      weightHh: this.#weight('latent.weight_hh'),
    };
  }

  #policyViews() {
    const { x, h, ih, hh, b } = this.#slices(this.#policies.at());
    return { policyX: x, policyH: h, policyIh: ih, policyHh: hh, policyB: b };
  }

  #dpolicyViews(dpolicies: View) {
    const { x, h, ih, hh, b } = this.#slices(dpolicies);
    return { dpolicyX: x, dpolicyH: h, dpolicyIh: ih, dpolicyHh: hh, dpolicyB: b };
  }

  /** The sub-policies, side by side in the columns of [B, P]. Offsets are running sums of the sizes. */
  #slices(all: View): Record<keyof PolicyRows, View> {
    const { x, h, ih, hh } = this.options.policy;
    return {
      x: all,
      h: shifted(all, x),
      ih: shifted(all, x + h),
      hh: shifted(all, x + h + ih),
      b: shifted(all, x + h + ih + hh),
    };
  }

  #carried(): Gradients {
    return this.#kept(this.gradients);
  }

  #kept<T>(value: T | null): T {
    if (value === null) throw new TypeError(`${this.options.prefix} was built without gradients.`);
    return value;
  }
}

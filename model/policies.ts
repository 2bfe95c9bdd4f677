/**
 * The sub-policies of one layer (paper, eq. 8): d = offset + tanh(U z), all of them side by side in one row, made from the
 * latent z. Which there are says the adaptation; one that there is not is 1.
 */
import { shifted, type Stack, type View, type Writer } from '../core/program.js';
import { policySize, type PolicyRows } from '../core/parameters.js';
import type { Context } from './context.js';

/** The policies of a step, or their gradients. */
export type PolicyViews = { readonly [K in keyof PolicyRows]: View | null };

export const noPolicies: PolicyViews = { x: null, h: null, ih: null, hh: null, b: null };

export interface PoliciesOptions {
  readonly prefix: string; // 'layers.0'
  readonly rows: PolicyRows;
  readonly latentSize: number; // A
  /** What d is at z = 0: 0, as in the paper, or 1. */
  readonly offset: number;
}

export class Policies {
  readonly #d: Stack; // [T, B, P]  d, then the gradient of U z
  readonly #dd: View | null; // [B, P]  of the step that is under way

  constructor(
    readonly context: Context,
    readonly options: PoliciesOptions,
  ) {
    const { builder, batch, training } = context;
    const { prefix, rows } = options;
    this.#d = builder.scratch(`${prefix}.policies`, batch, policySize(rows), training);
    this.#dd = training ? builder.matrix(`${prefix}.dpolicies`, batch, policySize(rows)) : null;
  }

  get views(): PolicyViews {
    return this.#slices(this.#d.at());
  }

  get gradients(): PolicyViews {
    return this.#slices(this.#kept());
  }

  /** From z [B, A] of this step. */
  forwardStep(scan: Writer, z: View): void {
    scan.call('policyForward', { z, weight: this.#weight, d: this.#d.at() }, this.#sizes, this.#scalars);
  }

  /** Adds to dz what the gradients of the policies make of it. */
  backwardStep(scan: Writer, dz: View): void {
    const dd = this.#kept();
    scan.call('policyBackward', { d: this.#d.at(), weight: this.#weight, dd, dz }, this.#sizes, this.#scalars);
  }

  /** dU += Σ dpᵀ z over all steps; z [T·B, A]. */
  weightGradients(z: View): void {
    const { prefix, rows, latentSize } = this.options;
    const gradient = this.context.gradient(`${prefix}.policy.weight`);
    this.context.addOuterProduct(this.#d.all(), policySize(rows), z, latentSize, gradient);
  }

  get #weight(): View {
    return this.context.weight(`${this.options.prefix}.policy.weight`);
  }

  get #sizes() {
    const { rows, latentSize } = this.options;
    return { b: this.context.batch, a: latentSize, p: policySize(rows) };
  }

  get #scalars() {
    return { offset: this.options.offset };
  }

  /** The sub-policies in the columns of [B, P]. Offsets are running sums of the sizes. */
  #slices(all: View): PolicyViews {
    const { x, h, ih, hh, b } = this.options.rows;
    const slice = (offset: number, size: number) => (size > 0 ? shifted(all, offset) : null);
    return {
      x: slice(0, x),
      h: slice(x, h),
      ih: slice(x + h, ih),
      hh: slice(x + h + ih, hh),
      b: slice(x + h + ih + hh, b),
    };
  }

  #kept(): View {
    if (this.#dd === null) throw new TypeError(`${this.options.prefix} was built without gradients.`);
    return this.#dd;
  }
}

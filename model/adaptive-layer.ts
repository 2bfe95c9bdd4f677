/**
 * One adaptive recurrent layer (paper section 4), composed of a latent, the policies made from it, and a cell:
 *
 *   v_t  = [x_t; h_{t−1}; ζ_t]                          what the latent sees
 *   z    = latent(v_t)                                   linear, feed-forward or recurrent
 *   d    = offset + tanh(U z_t)                          policies, as many as the adaptation keeps
 *   u    = d_ih ⊙ (W_ih (d_x ⊙ x)) + d_hh ⊙ (W_hh (d_h ⊙ h_{t−1})) + d_b ⊙ b
 *   h    = cell(u)                                       RNN, GRU or LSTM
 *
 * The backward goes through the same three the other way. Dims: B batch, I input, H hidden, A latent, P policy rows.
 */
import type { ModelConfig } from '../core/config.js';
import type { Stack, View, Writer } from '../core/program.js';
import type { PolicyRows } from '../core/parameters.js';
import type { Cell, CellOptions } from './cell.js';
import type { Context } from './context.js';
import type { Input } from './input.js';
import type { Latent, LatentInputs, LatentOptions } from './latent.js';
import { LstmCell } from './lstm-cell.js';
import { PartsCell } from './parts-cell.js';
import { Policies } from './policies.js';
import { ProjectedLatent } from './projected-latent.js';
import { RecurrentLatent } from './recurrent-latent.js';

export interface AdaptiveLayerOptions {
  readonly prefix: string; // 'layers.0'
  readonly inputSize: number; // I
  readonly hiddenSize: number; // H
  readonly latentSize: number; // A
  readonly policy: PolicyRows;
  readonly policyOffset: number;
  /** Whether x is known for all steps before the scan. */
  readonly hoistInput: boolean;
  readonly hiddenDropout: number;
  readonly latentDropout: number;
  /** Whether h before its mask is wanted (by the top layer). */
  readonly keepOutput: boolean;
}

export function makeCell(context: Context, kind: ModelConfig['cell'], options: CellOptions): Cell {
  return kind === 'lstm' ? new LstmCell(context, options) : new PartsCell(context, options, kind);
}

function makeLatent(context: Context, kind: ModelConfig['latent'], options: LatentOptions): Latent {
  if (kind === 'recurrent') return new RecurrentLatent(context, options);
  return new ProjectedLatent(context, options, kind === 'linear' ? 'identity' : 'relu');
}

export class AdaptiveLayer {
  readonly cell: Cell;
  readonly latent: Latent;
  readonly #policies: Policies;

  constructor(
    readonly context: Context,
    config: Pick<ModelConfig, 'cell' | 'latent'>,
    readonly options: AdaptiveLayerOptions,
  ) {
    const { prefix, inputSize, hiddenSize, latentSize, policy, policyOffset } = options;
    const sizes = { prefix, inputSize, hiddenSize };
    const { hiddenDropout, latentDropout, keepOutput, hoistInput } = options;
    this.cell = makeCell(context, config.cell, { ...sizes, policy, dropout: hiddenDropout, keepOutput });
    this.latent = makeLatent(context, config.latent, { ...sizes, latentSize, hoistInput, dropout: latentDropout });
    this.#policies = new Policies(context, { prefix, rows: policy, latentSize, offset: policyOffset });
  }

  hoistForward(x: Input): void {
    this.latent.hoistForward(x);
  }

  /** `zeta` is the latent that feeds this one, if there is more than one layer. */
  forwardStep(scan: Writer, x: Input, zeta: Input | null): void {
    this.latent.forwardStep(scan, this.#seen(x, zeta));
    this.#policies.forwardStep(scan, this.latent.z.at(1));
    this.cell.forwardStep(scan, x, this.#policies.views);
  }

  /**
   * `dy` is the gradient of the unmasked output; that of the masked one is in the cell's gradients. Adds to `dx`, the
   * gradient of x_t, and to `dzeta`, that of ζ_t.
   */
  backwardStep(scan: Writer, x: Input, zeta: Input | null, dy: View | null, dx: View, dzeta: View | null): void {
    const [dcell, dlatent] = [this.cell.gradients, this.latent.gradients];
    if (!dcell || !dlatent) throw new TypeError(`${this.options.prefix} was built without gradients.`);
    this.cell.backwardStep(scan, x, this.#policies.views, { policies: this.#policies.gradients, dy, dx });
    this.#policies.backwardStep(scan, dlatent.z);
    this.latent.backwardStep(scan, this.#seen(x, zeta), { dx, dh: dcell.h, dzeta });
  }

  /** After the backward scan: every weight's gradient, and the hoisted part of dx [T, B, I], which is added. */
  weightGradients(x: Input, zeta: Input | null, dx: Stack | null): void {
    this.cell.weightGradients(x, null);
    this.#policies.weightGradients(this.latent.z.all(1));
    this.latent.weightGradients(this.#seen(x, zeta), dx);
  }

  #seen(x: Input, zeta: Input | null): LatentInputs {
    return { x, h: this.cell.h, zeta };
  }
}

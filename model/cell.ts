/**
 * The recurrent cell of a layer: u from x and h_{t−1} through W_ih and W_hh, every operand and product scaled by its policy
 * (paper section 4), then the gates. Without policies it is the plain cell, and what depends on x alone is hoisted.
 */
import type { Stack, View, Writer } from '../core/program.js';
import type { PolicyRows } from '../core/parameters.js';
import type { Input } from './input.js';
import type { PolicyViews } from './policies.js';

export interface CellOptions {
  readonly prefix: string; // 'layers.0'
  readonly inputSize: number; // I
  readonly hiddenSize: number; // H
  /** null: a plain cell, whose products with x are made for all steps at once. */
  readonly policy: PolicyRows | null;
  readonly dropout: number;
  /** Whether h before its mask is wanted (by the top layer). */
  readonly keepOutput: boolean;
}

/** What a step backward starts from and adds to. */
export interface CellGradients {
  /** Of the policies, which are written; of none where there are none. */
  readonly policies: PolicyViews;
  /** Of the unmasked output; that of the masked one is in the cell's `gradients`. */
  readonly dy: View | null; // [B, H]
  /** null where it is formed after the scan. */
  readonly dx: View | null; // [B, I]
}

export interface Cell {
  /** Masked, with the one before the segment in slot 0. */
  readonly h: Stack; // [T + 1, B, H]
  /** h before its mask, where that differs and is wanted. */
  readonly y: Stack | null; // [T, B, H]
  readonly mask: View | null; // [B, H]
  /** What is carried from one segment to the next, by its name in ports. */
  readonly states: Readonly<Record<string, Stack>>;
  /** Gradients of the states that travel backwards in time, by the same names; null without training. */
  readonly gradients: Readonly<Record<'h', View> & Record<string, View>> | null;

  /** Before the forward scan of a plain cell: W_ih x + b over all steps. */
  hoistForward(x: Input): void;
  forwardStep(scan: Writer, x: Input, policies: PolicyViews): void;
  /** From `gradients` at step t to those at t − 1, as far as the cell itself carries them. */
  backwardStep(scan: Writer, x: Input, policies: PolicyViews, gradients: CellGradients): void;
  /** After the backward scan: the weights' gradients, and, where given, dx [T, B, I], which is written. */
  weightGradients(x: Input, dx: Stack | null): void;
}

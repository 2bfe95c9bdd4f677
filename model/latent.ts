/**
 * The latent state z of a layer, which its policies are made from: a function of v = [x; h_{t−1}; ζ], where ζ is the latent
 * of the layer below, or, for the bottom layer, that of the top one a step ago (paper section 4).
 */
import type { Stack, View, Writer } from '../core/program.js';
import type { Input } from './input.js';

export interface LatentOptions {
  readonly prefix: string; // 'layers.0'
  readonly inputSize: number; // I
  readonly hiddenSize: number; // H
  readonly latentSize: number; // A
  /** Whether x is known for all steps before the scan, so that what depends on x alone is hoisted. */
  readonly hoistInput: boolean;
  readonly dropout: number;
}

/** What a latent sees of its layer. */
export interface LatentInputs {
  readonly x: Input;
  /** h with the one before the segment in slot 0. */
  readonly h: Stack; // [T + 1, B, H]
  readonly zeta: Input | null;
}

/** Gradients that a step backward adds to. */
export interface LatentInputGradients {
  readonly dx: View; // [B, I]
  readonly dh: View; // [B, H]  of h_{t−1}
  readonly dzeta: View | null; // [B, A]
}

export interface Latent {
  /** Masked, with the one before the segment in slot 0. */
  readonly z: Stack; // [T + 1, B, A]
  /** What is carried from one segment to the next, by its name in ports. */
  readonly states: Readonly<Record<string, Stack>>;
  /** Gradients of the states that travel backwards in time, by the same names; null without training. */
  readonly gradients: Readonly<Record<'z', View> & Record<string, View>> | null;

  /** Before the forward scan: what x alone decides, over all steps at once. */
  hoistForward(x: Input): void;
  forwardStep(scan: Writer, inputs: LatentInputs): void;
  /** From `gradients` at step t to those at t − 1; adds to the gradients of the inputs. */
  backwardStep(scan: Writer, inputs: LatentInputs, gradients: LatentInputGradients): void;
  /** After the backward scan: the weights' gradients, and the hoisted part of dx [T, B, I]. */
  weightGradients(inputs: LatentInputs, dx: Stack | null): void;
}

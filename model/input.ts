/** What layers hand to each other. */
import type { Stack } from '../core/program.js';

/** A stacked tensor and the slot of it that step 0 reads: h_{t−1} is slot 0 of h, h_t is slot 1. */
export interface Input {
  readonly stack: Stack;
  readonly slot: number;
}

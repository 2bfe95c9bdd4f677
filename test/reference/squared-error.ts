/**
 *   losses_n = Σ_o (y − t)² / O
 *   dy = 2 (y − t) / (O · total), in place of y
 */
import type { Kernel } from './kernel.js';

export const squaredErrorForward: Kernel<'squaredErrorForward'> = (
  {
    y, // [N, O]
    targets, // [N, O]  t
    losses, // [N]
  },
  { n: N, o: O },
) => {
  for (let row = 0; row < N; row++) {
    let sum = 0;
    for (let j = 0; j < O; j++) sum += (y.get(row, j) - targets.get(row, j)) ** 2;
    losses.set(row, sum / O);
  }
};

export const squaredErrorBackward: Kernel<'squaredErrorBackward'> = (
  {
    y, // [N, O], then dy
    targets, // [N, O]  t
  },
  { n: N, total, o: O },
) => {
  for (let row = 0; row < N; row++) {
    for (let j = 0; j < O; j++) y.set(row, j, (2 * (y.get(row, j) - targets.get(row, j))) / (O * total));
  }
};

/** y = (1/total) Σ x. */
import type { Kernel } from './kernel.js';

export const mean: Kernel<'mean'> = (
  {
    x, // [N]
    y, // [1]
  },
  { n: N, total },
) => {
  let sum = 0;
  for (let i = 0; i < N; i++) sum += x.get(i);
  y.set(0, sum / total);
};

/** y_n += Σ_m x_mn: the gradient of a bias. */
import type { Kernel } from './kernel.js';

export const columnSum: Kernel<'columnSum'> = (
  {
    x, // [M, N]
    y, // [N]
  },
  { m: M, n: N },
) => {
  for (let n = 0; n < N; n++) {
    let sum = 0;
    for (let m = 0; m < M; m++) sum += x.get(m, n);
    y.add(n, sum);
  }
};

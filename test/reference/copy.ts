/** y [M, N] = x [M, N]. */
import type { Kernel } from './kernel.js';

export const copy: Kernel<'copy'> = ({ x, y }, { m: M, n: N }) => {
  for (let m = 0; m < M; m++) {
    for (let n = 0; n < N; n++) y.set(m, n, x.get(m, n));
  }
};

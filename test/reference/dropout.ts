/**
 *   mask_i = u_i ≥ p ? 1/(1 − p) : 0,  u_i the uniform at index first + i of (seed, stream, step)
 *   y_m = x_m ⊙ mask_{m mod period};  as its own backward, dx_m = dy_m ⊙ mask_{m mod period}
 */
import { Random } from '../../core/random.js';
import type { Kernel } from './kernel.js';

export const dropoutMask: Kernel<'dropoutMask'> = (
  {
    random, // [2]  seed, step
    mask, // [N]
  },
  { n: N, first, stream },
  { probability: p },
) => {
  const uniforms = new Random(random.get(0), stream, random.get(1));
  for (let i = 0; i < N; i++) mask.set(i, uniforms.uniform(first + i) >= p ? 1 / (1 - p) : 0);
};

export const applyMask: Kernel<'applyMask'> = (
  {
    x, // [M, N]
    mask, // [period, N]
    y, // [M, N]; may be x
  },
  { m: M, n: N, period },
) => {
  for (let m = 0; m < M; m++) {
    for (let n = 0; n < N; n++) y.set(m, n, x.get(m, n) * mask.get(m % period, n));
  }
};

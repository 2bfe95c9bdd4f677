/**
 * Matrix products; c is overwritten, or added to when `accumulate` is not 0.
 *   NT  c_mn = Σ_k a_mk b_nk + bias_n        a layer forward
 *   NN  c_mn = Σ_k a_mk b_kn                 the gradient of its input
 *   TN  c_mn = Σ_k a_km b_kn                 the gradient of its weight
 */
import type { Kernel } from './kernel.js';

export const productNT: Kernel<'productNT'> = (
  {
    a, // [M, K]
    b, // [N, K]
    bias, // [N]
    c, // [M, N]
  },
  { m: M, n: N, k: K, accumulate },
) => {
  for (let m = 0; m < M; m++) {
    for (let n = 0; n < N; n++) {
      let sum = bias ? bias.get(n) : 0;
      for (let k = 0; k < K; k++) sum += a.get(m, k) * b.get(n, k);
      c.set(m, n, accumulate ? c.get(m, n) + sum : sum);
    }
  }
};

export const productNN: Kernel<'productNN'> = (
  {
    a, // [M, K]
    b, // [K, N]
    c, // [M, N]
  },
  { m: M, n: N, k: K, accumulate },
) => {
  for (let m = 0; m < M; m++) {
    for (let n = 0; n < N; n++) {
      let sum = 0;
      for (let k = 0; k < K; k++) sum += a.get(m, k) * b.get(k, n);
      c.set(m, n, accumulate ? c.get(m, n) + sum : sum);
    }
  }
};

export const productTN: Kernel<'productTN'> = (
  {
    a, // [K, M]
    b, // [K, N]
    c, // [M, N]
  },
  { m: M, n: N, k: K, accumulate },
) => {
  for (let m = 0; m < M; m++) {
    for (let n = 0; n < N; n++) {
      let sum = 0;
      for (let k = 0; k < K; k++) sum += a.get(k, m) * b.get(k, n);
      c.set(m, n, accumulate ? c.get(m, n) + sum : sum);
    }
  }
};

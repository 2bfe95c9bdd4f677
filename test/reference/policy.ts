/**
 *   d = offset + tanh(U z)
 *   dp = dd ⊙ (1 − (d − offset)²) in place of d,  dz += dp U
 */
import type { Kernel } from './kernel.js';

export const policyForward: Kernel<'policyForward'> = (
  {
    z, // [B, A]
    weight, // [P, A]  U
    d, // [B, P]
  },
  { b: B, a: A, p: P },
  { offset },
) => {
  for (let row = 0; row < B; row++) {
    for (let k = 0; k < P; k++) {
      let s = 0;
      for (let j = 0; j < A; j++) s += weight.get(k, j) * z.get(row, j);
      d.set(row, k, offset + Math.tanh(s));
    }
  }
};

export const policyBackward: Kernel<'policyBackward'> = (
  {
    d, // [B, P], then dp
    weight, // [P, A]  U
    dd, // [B, P]
    dz, // [B, A]
  },
  { b: B, a: A, p: P },
  { offset },
) => {
  for (let row = 0; row < B; row++) {
    for (let k = 0; k < P; k++) d.set(row, k, dd.get(row, k) * (1 - (d.get(row, k) - offset) ** 2));
    for (let j = 0; j < A; j++) {
      let sum = 0;
      for (let k = 0; k < P; k++) sum += d.get(row, k) * weight.get(k, j);
      dz.add(row, j, sum);
    }
  }
};

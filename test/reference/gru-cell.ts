/**
 * With p = d_ih ⊙ (W_ih …) + d_b ⊙ b and q = d_hh ⊙ (W_hh …), three gates of H columns each:
 *   r = σ(p_r + q_r);  u = σ(p_u + q_u);  n = tanh(p_n + r ⊙ q_n);  y = (1 − u) ⊙ n + u ⊙ h′;  h = mask ⊙ y
 * A policy that is left out is 1; a bias that is left out is in p. Backward, from the gradient g of y, dy + mask ⊙ dh:
 *   dp_n = g ⊙ (1 − u) ⊙ (1 − n²),          dq_n = dp_n ⊙ r
 *   dp_r = dq_r = dp_n ⊙ q_n ⊙ r ⊙ (1 − r),  dp_u = dq_u = g ⊙ (h′ − n) ⊙ u ⊙ (1 − u);  dh′ = g ⊙ u
 */
import type { Kernel } from './kernel.js';
import { partsBackward, partsForward } from './parts.js';
import { factor } from './tensors.js';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

export const gruCellForward: Kernel<'gruCellForward'> = (
  {
    h, // [B, H]  h′
    inputPart, // [B, 3H]
    hiddenPart, // [B, 3H]
    bias, // [3H]
    policyIh, // [B, 3H]
    policyHh, // [B, 3H]
    policyB, // [B, 3H]
    mask, // [B, H]
    gates, // [B, 3H]  r u n
    y, // [B, H]
    hNext, // [B, H]
  },
  { b: B, h: H },
) => {
  const scaled = { inputPart, hiddenPart, bias, policyIh, policyHh, policyB };
  for (let row = 0; row < B; row++) {
    for (let j = 0; j < H; j++) {
      const [forR, forU, forN] = [0, 1, 2].map((gate) => partsForward(scaled, row, gate * H + j));
      if (!forR || !forU || !forN) throw new TypeError('A GRU has three gates.');
      const r = sigmoid(forR.p + forR.q);
      const u = sigmoid(forU.p + forU.q);
      const n = Math.tanh(forN.p + r * forN.q);
      const value = (1 - u) * n + u * h.get(row, j);
      [r, u, n].forEach((gate, at) => gates.set(row, at * H + j, gate));
      y?.set(row, j, value);
      hNext.set(row, j, factor(mask, row, j) * value);
    }
  }
};

export const gruCellBackward: Kernel<'gruCellBackward'> = (
  {
    h, // [B, H]  h′
    inputPart, // [B, 3H]
    hiddenPart, // [B, 3H]
    bias, // [3H]
    policyIh, // [B, 3H]
    policyHh, // [B, 3H]
    policyB, // [B, 3H]
    mask, // [B, H]
    dpolicyIh, // [B, 3H]
    dpolicyHh, // [B, 3H]
    dpolicyB, // [B, 3H]
    gates, // [B, 3H]  r u n, then d_b ⊙ dp
    dy, // [B, H]
    dh, // [B, H]  of h_t, then what u hands on to h′
  },
  { b: B, h: H },
) => {
  const scaled = { inputPart, hiddenPart, bias, policyIh, policyHh, policyB, dpolicyIh, dpolicyHh, dpolicyB, gates };
  for (let row = 0; row < B; row++) {
    for (let j = 0; j < H; j++) {
      const [r = 0, u = 0, n = 0] = [0, 1, 2].map((gate) => gates.get(row, gate * H + j));
      const { q } = partsForward(scaled, row, 2 * H + j);
      const g = (dy ? dy.get(row, j) : 0) + factor(mask, row, j) * dh.get(row, j);
      const dn = g * (1 - u) * (1 - n * n);
      const dr = dn * q * r * (1 - r);
      const du = g * (h.get(row, j) - n) * u * (1 - u);
      partsBackward(scaled, row, j, dr, dr);
      partsBackward(scaled, row, H + j, du, du);
      partsBackward(scaled, row, 2 * H + j, dn, dn * r);
      dh.set(row, j, g * u);
    }
  }
};

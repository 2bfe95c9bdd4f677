/**
 *   u = d_ih ⊙ p + d_b ⊙ b + d_hh ⊙ q;  y = tanh(u);  h = mask ⊙ y
 * A policy that is left out is 1; a bias that is left out is in p. Backward, from dy and dh:
 *   du = (dy + mask ⊙ dh) ⊙ (1 − y²)
 *   dd_ih = du ⊙ p,  dp = d_ih ⊙ du;  dd_hh = du ⊙ q,  dq = d_hh ⊙ du;  dd_b = du ⊙ b
 */
import type { Kernel } from './kernel.js';
import { partsBackward, partsForward } from './parts.js';
import { factor } from './tensors.js';

export const rnnCellForward: Kernel<'rnnCellForward'> = (
  {
    inputPart, // [B, H]  p
    hiddenPart, // [B, H]  q
    bias, // [H]
    policyIh, // [B, H]
    policyHh, // [B, H]
    policyB, // [B, H]
    mask, // [B, H]
    gates, // [B, H]  y
    y, // [B, H]
    hNext, // [B, H]
  },
  { b: B, h: H },
) => {
  const scaled = { inputPart, hiddenPart, bias, policyIh, policyHh, policyB };
  for (let row = 0; row < B; row++) {
    for (let j = 0; j < H; j++) {
      const { p, q } = partsForward(scaled, row, j);
      const value = Math.tanh(p + q);
      gates.set(row, j, value);
      y?.set(row, j, value);
      hNext.set(row, j, factor(mask, row, j) * value);
    }
  }
};

export const rnnCellBackward: Kernel<'rnnCellBackward'> = (
  {
    inputPart, // [B, H]  p, then d_ih ⊙ du
    hiddenPart, // [B, H]  q, then d_hh ⊙ du
    bias, // [H]
    policyIh, // [B, H]
    policyHh, // [B, H]
    policyB, // [B, H]
    mask, // [B, H]
    dpolicyIh, // [B, H]
    dpolicyHh, // [B, H]
    dpolicyB, // [B, H]
    gates, // [B, H]  y, then d_b ⊙ du
    dy, // [B, H]
    dh, // [B, H]  of h_t, then 0
  },
  { b: B, h: H },
) => {
  const scaled = { inputPart, hiddenPart, bias, policyIh, policyHh, policyB, dpolicyIh, dpolicyHh, dpolicyB, gates };
  for (let row = 0; row < B; row++) {
    for (let j = 0; j < H; j++) {
      const dyAll = (dy ? dy.get(row, j) : 0) + factor(mask, row, j) * dh.get(row, j);
      const du = dyAll * (1 - gates.get(row, j) ** 2);
      partsBackward(scaled, row, j, du, du);
      dh.set(row, j, 0);
    }
  }
};

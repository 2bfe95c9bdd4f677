/**
 *   r = W_x x + W_h h′ + W_ζ ζ + R z′ + b,  W = [W_x W_h W_ζ]
 *   z_c, z̃ = LSTM unit(r, z_c′),  z = mask ⊙ z̃
 * and, from dz and dz_c, with dr the gradient of r:
 *   dz′ = dr R,  dz_c′ as in the unit,  dx += dr W_x,  dh += dr W_h,  dζ += dr W_ζ
 */
import type { Kernel } from './kernel.js';
import { lstmBackward, lstmForward, readGates, writeGates } from './lstm.js';
import { factor } from './tensors.js';

export const latentCellForward: Kernel<'latentCellForward'> = (
  {
    x, // [B, I]; null when W_x x + b is in gates already
    h, // [B, H]  h′
    zeta, // [B, A]
    zPrevious, // [B, A]  z′
    zcPrevious, // [B, A]  z_c′
    weightX, // [4A, I]
    weightH, // [4A, H]
    weightZeta, // [4A, A]
    weightHh, // [4A, A]  R
    bias, // [4A]
    mask, // [B, A]
    gates, // [B, 4A]
    zc, // [B, A]
    z, // [B, A]
  },
  { b: B, i: I, h: H, a: A },
) => {
  for (let row = 0; row < B; row++) {
    for (let k = 0; k < 4 * A; k++) {
      let r = x ? bias.get(k) : gates.get(row, k);
      if (x && weightX) for (let j = 0; j < I; j++) r += weightX.get(k, j) * x.get(row, j);
      for (let j = 0; j < H; j++) r += weightH.get(k, j) * h.get(row, j);
      if (zeta && weightZeta) for (let j = 0; j < A; j++) r += weightZeta.get(k, j) * zeta.get(row, j);
      for (let j = 0; j < A; j++) r += weightHh.get(k, j) * zPrevious.get(row, j);
      gates.set(row, k, r);
    }
    for (let j = 0; j < A; j++) {
      const unit = lstmForward(readGates(gates, row, j, A), zcPrevious.get(row, j));
      writeGates(gates, row, j, A, unit.gates);
      zc.set(row, j, unit.c);
      z.set(row, j, factor(mask, row, j) * unit.y);
    }
  }
};

export const latentCellBackward: Kernel<'latentCellBackward'> = (
  {
    zcPrevious, // [B, A]  z_c′
    zc, // [B, A]
    weightX, // [4A, I]
    weightH, // [4A, H]
    weightZeta, // [4A, A]
    weightHh, // [4A, A]  R
    mask, // [B, A]
    gates, // [B, 4A]  i f g o, then dr
    dz, // [B, A]  of z_t, then of z′
    dzc, // [B, A]  of z_c,t, then of z_c′
    dh, // [B, H]
    dx, // [B, I]
    dzeta, // [B, A]
  },
  { b: B, i: I, h: H, a: A },
) => {
  for (let row = 0; row < B; row++) {
    for (let j = 0; j < A; j++) {
      const dy = factor(mask, row, j) * dz.get(row, j); // of z̃, before the mask
      const activated = readGates(gates, row, j, A);
      const unit = lstmBackward(activated, zcPrevious.get(row, j), zc.get(row, j), dy, dzc.get(row, j));
      writeGates(gates, row, j, A, unit.du);
      dzc.set(row, j, unit.dcPrevious);
    }
    // Σ_k dr_k weight_kj for one column of a weight.
    const through = (weight: { get(row: number, column: number): number }, column: number): number => {
      let sum = 0;
      for (let k = 0; k < 4 * A; k++) sum += gates.get(row, k) * weight.get(k, column);
      return sum;
    };
    for (let j = 0; j < A; j++) dz.set(row, j, through(weightHh, j));
    if (dx && weightX) for (let j = 0; j < I; j++) dx.add(row, j, through(weightX, j));
    for (let j = 0; j < H; j++) dh.add(row, j, through(weightH, j));
    if (dzeta && weightZeta) for (let j = 0; j < A; j++) dzeta.add(row, j, through(weightZeta, j));
  }
};

/**
 *   p = W_ih (d_x ⊙ x),  q = W_hh (d_h ⊙ h′)
 *   u = d_ih ⊙ p + d_hh ⊙ q + d_b ⊙ b;  c, y = LSTM unit(u, c′);  h = mask ⊙ y
 * A policy that is left out is 1. Backward, from dy, dh and dc, with du the gradient of u:
 *   dd_ih = du ⊙ p,  dp = d_ih ⊙ du,  da = dp W_ih,  dd_x = da ⊙ x,   dx += da ⊙ d_x
 *   dd_hh = du ⊙ q,  dq = d_hh ⊙ du,  de = dq W_hh,  dd_h = de ⊙ h′,  dh′ = de ⊙ d_h
 *   dd_b = du ⊙ b
 */
import type { Kernel } from './kernel.js';
import { lstmBackward, lstmForward, readGates, writeGates } from './lstm.js';
import { factor, type Matrix } from './tensors.js';

/** scaled = x ⊙ d for one row of N; kept in `keep`, if it is wanted. */
function scaleRow(
  x: Pick<Matrix, 'get'>,
  d: Pick<Matrix, 'get'> | null,
  row: number,
  N: number,
  keep: Pick<Matrix, 'set'> | null,
): Float64Array {
  const scaled = new Float64Array(N);
  for (let j = 0; j < N; j++) {
    const value = factor(d, row, j) * x.get(row, j);
    scaled[j] = value;
    if (d) keep?.set(row, j, value);
  }
  return scaled;
}

/** Row k of a weight [·, N] times x [N]. */
function dot(weight: Pick<Matrix, 'get'>, k: number, x: Float64Array): number {
  return x.reduce((sum, value, j) => sum + weight.get(k, j) * value, 0);
}

export const adaptiveCellForward: Kernel<'adaptiveCellForward'> = (
  {
    x, // [B, I]; null when p is in inputPart, or, without inputPart, p + b in gates
    h, // [B, H]  h′, masked
    cPrevious, // [B, H]  c′
    weightIh, // [4H, I]
    weightHh, // [4H, H]
    bias, // [4H]
    policyX, // [B, I]  d_x
    policyH, // [B, H]  d_h
    policyIh, // [B, 4H]  d_ih
    policyHh, // [B, 4H]  d_hh
    policyB, // [B, 4H]  d_b
    mask, // [B, H]
    scaledX, // [B, I]  d_x ⊙ x
    scaledH, // [B, H]  d_h ⊙ h′
    inputPart, // [B, 4H]  p
    hiddenPart, // [B, 4H]  q
    gates, // [B, 4H]
    c, // [B, H]
    y, // [B, H]
    hNext, // [B, H]
  },
  { b: B, i: I, h: H },
) => {
  for (let row = 0; row < B; row++) {
    const a = x && scaleRow(x, policyX, row, I, scaledX); // [I]
    const e = scaleRow(h, policyH, row, H, scaledH); // [H]
    for (let k = 0; k < 4 * H; k++) {
      const p = a ? dot(weightIh, k, a) : inputPart ? inputPart.get(row, k) : null;
      const q = dot(weightHh, k, e);
      const fromInput =
        p === null ? gates.get(row, k) : factor(policyIh, row, k) * p + factor(policyB, row, k) * bias.get(k);
      gates.set(row, k, fromInput + factor(policyHh, row, k) * q);
      if (p !== null) inputPart?.set(row, k, p);
      hiddenPart?.set(row, k, q);
    }
    for (let j = 0; j < H; j++) {
      const unit = lstmForward(readGates(gates, row, j, H), cPrevious.get(row, j));
      writeGates(gates, row, j, H, unit.gates);
      c.set(row, j, unit.c);
      y?.set(row, j, unit.y);
      hNext.set(row, j, factor(mask, row, j) * unit.y);
    }
  }
};

export const adaptiveCellBackward: Kernel<'adaptiveCellBackward'> = (
  {
    x, // [B, I]
    h, // [B, H]  h′
    cPrevious, // [B, H]  c′
    c, // [B, H]
    weightIh, // [4H, I]
    weightHh, // [4H, H]
    bias, // [4H]
    policyX, // [B, I]  d_x
    policyH, // [B, H]  d_h
    policyIh, // [B, 4H]  d_ih
    policyHh, // [B, 4H]  d_hh
    policyB, // [B, 4H]  d_b
    dpolicyX, // [B, I]
    dpolicyH, // [B, H]
    dpolicyIh, // [B, 4H]
    dpolicyHh, // [B, 4H]
    dpolicyB, // [B, 4H]
    mask, // [B, H]
    inputPart, // [B, 4H]  p, then dp
    hiddenPart, // [B, 4H]  q, then dq
    gates, // [B, 4H]  i f g o, then d_b ⊙ du
    dy, // [B, H]
    dh, // [B, H]  of h_t, then of h′
    dc, // [B, H]  of c_t, then of c′
    dx, // [B, I]
  },
  { b: B, i: I, h: H },
) => {
  for (let row = 0; row < B; row++) {
    for (let j = 0; j < H; j++) {
      const dyAll = (dy ? dy.get(row, j) : 0) + factor(mask, row, j) * dh.get(row, j);
      const activated = readGates(gates, row, j, H);
      const unit = lstmBackward(activated, cPrevious.get(row, j), c.get(row, j), dyAll, dc.get(row, j));
      writeGates(gates, row, j, H, unit.du);
      dc.set(row, j, unit.dcPrevious);
    }
    const dp = new Float64Array(4 * H);
    const dq = new Float64Array(4 * H);
    for (let k = 0; k < 4 * H; k++) {
      const du = gates.get(row, k);
      if (inputPart) dpolicyIh?.set(row, k, du * inputPart.get(row, k));
      if (hiddenPart) dpolicyHh?.set(row, k, du * hiddenPart.get(row, k));
      dpolicyB?.set(row, k, du * bias.get(k));
      dp[k] = factor(policyIh, row, k) * du;
      dq[k] = factor(policyHh, row, k) * du;
      inputPart?.set(row, k, factor(policyIh, row, k) * du);
      hiddenPart?.set(row, k, factor(policyHh, row, k) * du);
      gates.set(row, k, factor(policyB, row, k) * du);
    }
    for (let j = 0; j < I; j++) {
      const da = dp.reduce((sum, value, k) => sum + value * weightIh.get(k, j), 0);
      if (x) dpolicyX?.set(row, j, da * x.get(row, j));
      dx?.add(row, j, da * factor(policyX, row, j));
    }
    for (let j = 0; j < H; j++) {
      const de = dq.reduce((sum, value, k) => sum + value * weightHh.get(k, j), 0);
      dpolicyH?.set(row, j, de * h.get(row, j));
      dh.set(row, j, de * factor(policyH, row, j));
    }
  }
};

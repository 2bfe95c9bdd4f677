/**
 * The adaptive LSTM cell (paper, section 3.1):
 *   u = d_ih ⊙ (W_ih (d_x ⊙ x)) + d_hh ⊙ (W_hh (d_h ⊙ h′)) + d_b ⊙ b
 *   i, f, o = σ(u), g = tanh(u);  c = f ⊙ c′ + i ⊙ g;  y = o ⊙ tanh(c);  h = mask ⊙ y
 * with h′, c′ a step before. A policy that is absent is 1, and its operand is used as it is.
 *
 * inputPart and hiddenPart keep the two products apart. Where no policy scales a product, its part may be absent:
 * then it is summed into gates straight away.
 */
import { AdaptiveCellBackward, AdaptiveCellForward } from '../generated/arguments';
import { checkBackward, checkForward } from './adaptive-cell-check';
import { lstmBackward, lstmForward } from './lstm';
import { addScaled, scaleRowBackward } from './parts';
import { gemmNN, gemmNT } from './product';
import { at, fma, loadLanes, offset, rowOf, storeLanes } from './simd';

export function adaptiveCellForward(call: AdaptiveCellForward): void {
  checkForward(call);
  const b = call.B;
  const h = call.H;
  // Whether gates hold a part of u already; with x hoisted and no inputPart, the bias too.
  let begun = call.x == 0 && call.inputPart == 0;
  const bias = begun ? <usize>0 : call.bias;

  if (call.x) {
    if (call.policyX) {
      multiply(b, call.I, call.x, call.xLd, call.policyX, call.policyXLd, call.scaledX, call.scaledXLd);
    }
    const x = call.policyX ? call.scaledX : call.x;
    const ld = call.policyX ? call.scaledXLd : call.xLd;
    const to = call.inputPart ? call.inputPart : call.gates;
    const toLd = call.inputPart ? call.inputPartLd : call.gatesLd;
    gemmNT(b, 4 * h, call.I, x, ld, call.weightIh, call.weightIhLd, 0, to, toLd, false);
    begun = call.inputPart == 0;
  }
  if (call.policyH) {
    multiply(b, h, call.h, call.hLd, call.policyH, call.policyHLd, call.scaledH, call.scaledHLd);
  }
  const state = call.policyH ? call.scaledH : call.h;
  const ld = call.policyH ? call.scaledHLd : call.hLd;
  if (call.hiddenPart) {
    const to = call.hiddenPart;
    gemmNT(b, 4 * h, h, state, ld, call.weightHh, call.weightHhLd, 0, to, call.hiddenPartLd, false);
  } else {
    gemmNT(b, 4 * h, h, state, ld, call.weightHh, call.weightHhLd, 0, call.gates, call.gatesLd, begun);
    begun = true;
  }

  for (let row = 0; row < b; row++) {
    preActivation(call, row, bias, begun);
    lstmForward(
      h,
      at(call.gates, call.gatesLd, row, 0),
      at(call.cPrevious, call.cPreviousLd, row, 0),
      rowOf(call.mask, call.maskLd, row),
      at(call.c, call.cLd, row, 0),
      rowOf(call.y, call.yLd, row),
      at(call.hNext, call.hNextLd, row, 0),
    );
  }
}

/** Row of gates [4H] = (begun ? gates : 0) + d_ih ⊙ inputPart + d_hh ⊙ hiddenPart + d_b ⊙ bias. */
function preActivation(call: AdaptiveCellForward, row: i32, bias: usize, begun: bool): void {
  const n = 4 * call.H;
  const gates = at(call.gates, call.gatesLd, row, 0);
  const inputPart = rowOf(call.inputPart, call.inputPartLd, row);
  const hiddenPart = rowOf(call.hiddenPart, call.hiddenPartLd, row);
  const policyIh = rowOf(call.policyIh, call.policyIhLd, row);
  const policyHh = rowOf(call.policyHh, call.policyHhLd, row);
  const policyB = rowOf(call.policyB, call.policyBLd, row);
  for (let j = 0; j < n; j += 4) {
    const lanes = n - j;
    let u = begun ? loadLanes(offset(gates, j), lanes) : f32x4.splat(0);
    if (inputPart) u = addScaled(u, inputPart, policyIh, j, lanes);
    if (hiddenPart) u = addScaled(u, hiddenPart, policyHh, j, lanes);
    if (bias) u = addScaled(u, bias, policyB, j, lanes);
    storeLanes(offset(gates, j), u, lanes);
  }
}

/** to [M, N] = x [M, N] ⊙ d [M, N]. */
function multiply(m: i32, n: i32, x: usize, xLd: i32, d: usize, dLd: i32, to: usize, toLd: i32): void {
  for (let row = 0; row < m; row++) multiplyRow(n, at(x, xLd, row, 0), at(d, dLd, row, 0), at(to, toLd, row, 0));
}

function multiplyRow(n: i32, x: usize, d: usize, to: usize): void {
  for (let j = 0; j < n; j += 4) {
    const product = f32x4.mul(loadLanes(offset(x, j), n - j), loadLanes(offset(d, j), n - j));
    storeLanes(offset(to, j), product, n - j);
  }
}

/**
 * With du from lstm.ts:
 *   d(d_ih) = du ⊙ inputPart,  d(d_hh) = du ⊙ hiddenPart,  d(d_b) = du ⊙ b
 *   ds_x = (d_ih ⊙ du) · W_ih,  d(d_x) = x ⊙ ds_x,  dx += d_x ⊙ ds_x
 *   ds_h = (d_hh ⊙ du) · W_hh,  d(d_h) = h′ ⊙ ds_h,  dh′ = d_h ⊙ ds_h
 * A policy and its gradient come together; ds_x and ds_h pass through the memory of d(d_x) and d(d_h).
 */
export function adaptiveCellBackward(call: AdaptiveCellBackward): void {
  checkBackward(call);
  const b = call.B;
  const h = call.H;
  for (let row = 0; row < b; row++) {
    lstmBackward(
      h,
      at(call.gates, call.gatesLd, row, 0),
      at(call.cPrevious, call.cPreviousLd, row, 0),
      at(call.c, call.cLd, row, 0),
      rowOf(call.mask, call.maskLd, row),
      rowOf(call.dy, call.dyLd, row),
      at(call.dh, call.dhLd, row, 0),
      at(call.dc, call.dcLd, row, 0),
    );
    const du = at(call.gates, call.gatesLd, row, 0);
    const inputPart = rowOf(call.inputPart, call.inputPartLd, row);
    const hiddenPart = rowOf(call.hiddenPart, call.hiddenPartLd, row);
    const policyIh = rowOf(call.policyIh, call.policyIhLd, row);
    const policyHh = rowOf(call.policyHh, call.policyHhLd, row);
    const dpolicyIh = rowOf(call.dpolicyIh, call.dpolicyIhLd, row);
    const dpolicyHh = rowOf(call.dpolicyHh, call.dpolicyHhLd, row);
    if (inputPart) scaleRowBackward(4 * h, du, inputPart, policyIh, dpolicyIh, inputPart);
    if (hiddenPart) scaleRowBackward(4 * h, du, hiddenPart, policyHh, dpolicyHh, hiddenPart);
    if (call.policyB) multiplyRow(4 * h, du, call.bias, at(call.dpolicyB, call.dpolicyBLd, row, 0));
  }

  inputBackward(call);
  hiddenBackward(call);
  // Last, since without parts du in gates was the operand of the products.
  if (call.policyB) {
    multiply(b, 4 * h, call.gates, call.gatesLd, call.policyB, call.policyBLd, call.gates, call.gatesLd);
  }
}

function inputBackward(call: AdaptiveCellBackward): void {
  const b = call.B;
  const i = call.I;
  const du = call.inputPart ? call.inputPart : call.gates;
  const ld = call.inputPart ? call.inputPartLd : call.gatesLd;
  if (!call.policyX) {
    if (call.dx) gemmNN(b, i, 4 * call.H, du, ld, call.weightIh, call.weightIhLd, call.dx, call.dxLd, true);
    return;
  }
  gemmNN(b, i, 4 * call.H, du, ld, call.weightIh, call.weightIhLd, call.dpolicyX, call.dpolicyXLd, false);
  for (let row = 0; row < b; row++) {
    const x = at(call.x, call.xLd, row, 0);
    const policy = at(call.policyX, call.policyXLd, row, 0);
    const ds = at(call.dpolicyX, call.dpolicyXLd, row, 0);
    const dx = rowOf(call.dx, call.dxLd, row);
    for (let j = 0; j < i; j += 4) {
      const lanes = i - j;
      const gradient = loadLanes(offset(ds, j), lanes);
      if (dx) {
        const sum = fma(loadLanes(offset(policy, j), lanes), gradient, loadLanes(offset(dx, j), lanes));
        storeLanes(offset(dx, j), sum, lanes);
      }
      storeLanes(offset(ds, j), f32x4.mul(loadLanes(offset(x, j), lanes), gradient), lanes);
    }
  }
}

function hiddenBackward(call: AdaptiveCellBackward): void {
  const b = call.B;
  const h = call.H;
  const du = call.hiddenPart ? call.hiddenPart : call.gates;
  const ld = call.hiddenPart ? call.hiddenPartLd : call.gatesLd;
  if (!call.policyH) {
    gemmNN(b, h, 4 * h, du, ld, call.weightHh, call.weightHhLd, call.dh, call.dhLd, false);
    return;
  }
  gemmNN(b, h, 4 * h, du, ld, call.weightHh, call.weightHhLd, call.dpolicyH, call.dpolicyHLd, false);
  for (let row = 0; row < b; row++) {
    const ds = at(call.dpolicyH, call.dpolicyHLd, row, 0);
    multiplyRow(h, ds, at(call.policyH, call.policyHLd, row, 0), at(call.dh, call.dhLd, row, 0));
    multiplyRow(h, ds, at(call.h, call.hLd, row, 0), ds);
  }
}

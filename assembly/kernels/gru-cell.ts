/**
 * The gated recurrent unit, after its products (Cho et al. 2014; the reset gate after the product, as in cuDNN):
 *   p = d_ih ⊙ inputPart + d_b ⊙ b,  q = d_hh ⊙ hiddenPart
 *   r, u = σ(p + q);  n = tanh(p_n + r ⊙ q_n);  y = (1 − u) ⊙ n + u ⊙ h′;  h = mask ⊙ y
 * with h′ the state a step before. A policy that is absent is 1; a bias that is absent is in inputPart.
 */
import { GruCellBackward, GruCellForward } from '../generated/arguments';
import { check, checkMatrix, checkOptional, checkVector } from './check';
import { sigmoid, sigmoidSlope, tanh, tanhSlope } from './math';
import { addScaled, inputSide, scale, scaleBackward, scaleRowBackward } from './parts';
import { at, fma, loadLanes, offset, rowOf, storeLanes } from './simd';

export function gruCellForward(call: GruCellForward): void {
  checkForward(call);
  for (let row = 0; row < call.B; row++) forwardRow(call, row);
}

function forwardRow(call: GruCellForward, row: i32): void {
  const h = call.H;
  const before = at(call.h, call.hLd, row, 0);
  const inputPart = at(call.inputPart, call.inputPartLd, row, 0);
  const hiddenPart = at(call.hiddenPart, call.hiddenPartLd, row, 0);
  const bias = call.bias;
  const policyIh = rowOf(call.policyIh, call.policyIhLd, row);
  const policyHh = rowOf(call.policyHh, call.policyHhLd, row);
  const policyB = rowOf(call.policyB, call.policyBLd, row);
  const mask = rowOf(call.mask, call.maskLd, row);
  const gates = at(call.gates, call.gatesLd, row, 0);
  const y = rowOf(call.y, call.yLd, row);
  const hNext = at(call.hNext, call.hNextLd, row, 0);
  for (let j = 0; j < h; j += 4) {
    const lanes = h - j;
    const jU = h + j;
    const jN = 2 * h + j;
    const sumR = addScaled(inputSide(inputPart, policyIh, bias, policyB, j, lanes), hiddenPart, policyHh, j, lanes);
    const sumU = addScaled(inputSide(inputPart, policyIh, bias, policyB, jU, lanes), hiddenPart, policyHh, jU, lanes);
    const q = scale(loadLanes(offset(hiddenPart, jN), lanes), policyHh, jN, lanes);
    const r = sigmoid(sumR);
    const u = sigmoid(sumU);
    const n = tanh(fma(r, q, inputSide(inputPart, policyIh, bias, policyB, jN, lanes)));
    const output = fma(u, f32x4.sub(loadLanes(offset(before, j), lanes), n), n);
    storeLanes(offset(gates, j), r, lanes);
    storeLanes(offset(gates, jU), u, lanes);
    storeLanes(offset(gates, jN), n, lanes);
    if (y) storeLanes(offset(y, j), output, lanes);
    storeLanes(offset(hNext, j), scale(output, mask, j, lanes), lanes);
  }
}

/**
 * With g = dy + mask ⊙ dh, the gradient of y:
 *   dp_n = g ⊙ (1 − u) ⊙ (1 − n²),           dq_n = dp_n ⊙ r
 *   dp_r = dq_r = dp_n ⊙ q_n ⊙ r ⊙ (1 − r),  dp_u = dq_u = g ⊙ (h′ − n) ⊙ u ⊙ (1 − u)
 *   d(d_ih) = dp ⊙ inputPart,  d(d_hh) = dq ⊙ hiddenPart,  d(d_b) = dp ⊙ b
 * In place: inputPart = d_ih ⊙ dp, hiddenPart = d_hh ⊙ dq, gates = d_b ⊙ dp, dh = g ⊙ u.
 */
export function gruCellBackward(call: GruCellBackward): void {
  checkBackward(call);
  const h = call.H;
  for (let row = 0; row < call.B; row++) {
    const dp = at(call.gates, call.gatesLd, row, 0);
    const inputPart = at(call.inputPart, call.inputPartLd, row, 0);
    const hiddenPart = at(call.hiddenPart, call.hiddenPartLd, row, 0);
    const policyIh = rowOf(call.policyIh, call.policyIhLd, row);
    const policyHh = rowOf(call.policyHh, call.policyHhLd, row);
    const policyB = rowOf(call.policyB, call.policyBLd, row);
    const dpolicyIh = rowOf(call.dpolicyIh, call.dpolicyIhLd, row);
    const dpolicyHh = rowOf(call.dpolicyHh, call.dpolicyHhLd, row);
    const dpolicyB = rowOf(call.dpolicyB, call.dpolicyBLd, row);
    gatesBackward(call, row, dp, hiddenPart, policyHh, dpolicyHh);
    scaleRowBackward(3 * h, dp, inputPart, policyIh, dpolicyIh, inputPart);
    scaleRowBackward(2 * h, dp, hiddenPart, policyHh, dpolicyHh, hiddenPart);
    if (policyB) scaleRowBackward(3 * h, dp, call.bias, policyB, dpolicyB, dp);
  }
}

/** A row of gates: r, u, n become dp. What dq_n leads to is done here too, since there is no place for it beside dp_n. */
function gatesBackward(
  call: GruCellBackward, row: i32, gates: usize, hiddenPart: usize, policyHh: usize, dpolicyHh: usize,
): void {
  const h = call.H;
  const before = at(call.h, call.hLd, row, 0);
  const mask = rowOf(call.mask, call.maskLd, row);
  const dy = rowOf(call.dy, call.dyLd, row);
  const dh = at(call.dh, call.dhLd, row, 0);
  for (let j = 0; j < h; j += 4) {
    const lanes = h - j;
    const jU = h + j;
    const jN = 2 * h + j;
    const r = loadLanes(offset(gates, j), lanes);
    const u = loadLanes(offset(gates, jU), lanes);
    const n = loadLanes(offset(gates, jN), lanes);
    const q = scale(loadLanes(offset(hiddenPart, jN), lanes), policyHh, jN, lanes);
    let output = scale(loadLanes(offset(dh, j), lanes), mask, j, lanes);
    if (dy) output = f32x4.add(output, loadLanes(offset(dy, j), lanes));
    const dn = f32x4.mul(f32x4.mul(output, f32x4.sub(f32x4.splat(1), u)), tanhSlope(n));
    const dr = f32x4.mul(f32x4.mul(dn, q), sigmoidSlope(r));
    const change = f32x4.sub(loadLanes(offset(before, j), lanes), n);
    const du = f32x4.mul(f32x4.mul(output, change), sigmoidSlope(u));
    storeLanes(offset(gates, j), dr, lanes);
    storeLanes(offset(gates, jU), du, lanes);
    storeLanes(offset(gates, jN), dn, lanes);
    scaleBackward(f32x4.mul(dn, r), hiddenPart, policyHh, dpolicyHh, hiddenPart, jN, lanes);
    storeLanes(offset(dh, j), f32x4.mul(output, u), lanes);
  }
}

function checkForward(call: GruCellForward): void {
  const b = call.B;
  const h = call.H;
  checkMatrix(call.h, call.hLd, call.hEnd, b, h);
  checkMatrix(call.inputPart, call.inputPartLd, call.inputPartEnd, b, 3 * h);
  checkMatrix(call.hiddenPart, call.hiddenPartLd, call.hiddenPartEnd, b, 3 * h);
  if (call.bias) checkVector(call.bias, call.biasEnd, 3 * h);
  checkOptional(call.policyIh, call.policyIhLd, call.policyIhEnd, b, 3 * h);
  checkOptional(call.policyHh, call.policyHhLd, call.policyHhEnd, b, 3 * h);
  checkOptional(call.policyB, call.policyBLd, call.policyBEnd, b, 3 * h);
  checkOptional(call.mask, call.maskLd, call.maskEnd, b, h);
  checkMatrix(call.gates, call.gatesLd, call.gatesEnd, b, 3 * h);
  checkOptional(call.y, call.yLd, call.yEnd, b, h);
  checkMatrix(call.hNext, call.hNextLd, call.hNextEnd, b, h);
  check(!call.policyB || call.bias != 0, 'policyB needs a bias apart from inputPart');
}

function checkBackward(call: GruCellBackward): void {
  const b = call.B;
  const h = call.H;
  checkMatrix(call.h, call.hLd, call.hEnd, b, h);
  checkMatrix(call.inputPart, call.inputPartLd, call.inputPartEnd, b, 3 * h);
  checkMatrix(call.hiddenPart, call.hiddenPartLd, call.hiddenPartEnd, b, 3 * h);
  if (call.bias) checkVector(call.bias, call.biasEnd, 3 * h);
  checkOptional(call.policyIh, call.policyIhLd, call.policyIhEnd, b, 3 * h);
  checkOptional(call.policyHh, call.policyHhLd, call.policyHhEnd, b, 3 * h);
  checkOptional(call.policyB, call.policyBLd, call.policyBEnd, b, 3 * h);
  checkOptional(call.mask, call.maskLd, call.maskEnd, b, h);
  checkOptional(call.dpolicyIh, call.dpolicyIhLd, call.dpolicyIhEnd, b, 3 * h);
  checkOptional(call.dpolicyHh, call.dpolicyHhLd, call.dpolicyHhEnd, b, 3 * h);
  checkOptional(call.dpolicyB, call.dpolicyBLd, call.dpolicyBEnd, b, 3 * h);
  checkMatrix(call.gates, call.gatesLd, call.gatesEnd, b, 3 * h);
  checkOptional(call.dy, call.dyLd, call.dyEnd, b, h);
  checkMatrix(call.dh, call.dhLd, call.dhEnd, b, h);
  check(!call.policyIh == !call.dpolicyIh, 'policyIh and dpolicyIh come together');
  check(!call.policyHh == !call.dpolicyHh, 'policyHh and dpolicyHh come together');
  check(!call.policyB == !call.dpolicyB, 'policyB and dpolicyB come together');
  check(!call.policyB || call.bias != 0, 'policyB needs a bias apart from inputPart');
}

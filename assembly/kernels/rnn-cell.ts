/**
 * Elman's cell, after its products p = inputPart and q = hiddenPart (Elman 1990):
 *   u = d_ih ⊙ p + d_b ⊙ b + d_hh ⊙ q;  y = tanh(u);  h = mask ⊙ y
 * A policy that is absent is 1; a bias that is absent is in p.
 */
import { RnnCellBackward, RnnCellForward } from '../generated/arguments';
import { check, checkMatrix, checkOptional, checkVector } from './check';
import { tanh, tanhSlope } from './math';
import { addScaled, inputSide, scale, scaleRowBackward } from './parts';
import { at, loadLanes, offset, rowOf, storeLanes } from './simd';

export function rnnCellForward(call: RnnCellForward): void {
  checkForward(call);
  for (let row = 0; row < call.B; row++) forwardRow(call, row);
}

function forwardRow(call: RnnCellForward, row: i32): void {
  const n = call.H;
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
  for (let j = 0; j < n; j += 4) {
    const lanes = n - j;
    const p = inputSide(inputPart, policyIh, bias, policyB, j, lanes);
    const output = tanh(addScaled(p, hiddenPart, policyHh, j, lanes));
    storeLanes(offset(gates, j), output, lanes);
    if (y) storeLanes(offset(y, j), output, lanes);
    storeLanes(offset(hNext, j), scale(output, mask, j, lanes), lanes);
  }
}

/**
 *   du = (dy + mask ⊙ dh) ⊙ (1 − y²)
 *   d(d_ih) = du ⊙ p,  d(d_hh) = du ⊙ q,  d(d_b) = du ⊙ b
 * In place: inputPart = d_ih ⊙ du, hiddenPart = d_hh ⊙ du, gates = d_b ⊙ du, dh = 0.
 */
export function rnnCellBackward(call: RnnCellBackward): void {
  checkBackward(call);
  const n = call.H;
  for (let row = 0; row < call.B; row++) {
    const du = at(call.gates, call.gatesLd, row, 0);
    const inputPart = at(call.inputPart, call.inputPartLd, row, 0);
    const hiddenPart = at(call.hiddenPart, call.hiddenPartLd, row, 0);
    const policyIh = rowOf(call.policyIh, call.policyIhLd, row);
    const policyHh = rowOf(call.policyHh, call.policyHhLd, row);
    const policyB = rowOf(call.policyB, call.policyBLd, row);
    const dpolicyIh = rowOf(call.dpolicyIh, call.dpolicyIhLd, row);
    const dpolicyHh = rowOf(call.dpolicyHh, call.dpolicyHhLd, row);
    const dpolicyB = rowOf(call.dpolicyB, call.dpolicyBLd, row);
    tanhBackward(call, row, du);
    scaleRowBackward(n, du, inputPart, policyIh, dpolicyIh, inputPart);
    scaleRowBackward(n, du, hiddenPart, policyHh, dpolicyHh, hiddenPart);
    if (policyB) scaleRowBackward(n, du, call.bias, policyB, dpolicyB, du);
  }
}

/** A row of gates: y becomes du. */
function tanhBackward(call: RnnCellBackward, row: i32, gates: usize): void {
  const n = call.H;
  const mask = rowOf(call.mask, call.maskLd, row);
  const dy = rowOf(call.dy, call.dyLd, row);
  const dh = at(call.dh, call.dhLd, row, 0);
  for (let j = 0; j < n; j += 4) {
    const lanes = n - j;
    let output = scale(loadLanes(offset(dh, j), lanes), mask, j, lanes);
    if (dy) output = f32x4.add(output, loadLanes(offset(dy, j), lanes));
    const du = f32x4.mul(output, tanhSlope(loadLanes(offset(gates, j), lanes)));
    storeLanes(offset(gates, j), du, lanes);
    storeLanes(offset(dh, j), f32x4.splat(0), lanes);
  }
}

function checkForward(call: RnnCellForward): void {
  const b = call.B;
  const h = call.H;
  checkMatrix(call.inputPart, call.inputPartLd, call.inputPartEnd, b, h);
  checkMatrix(call.hiddenPart, call.hiddenPartLd, call.hiddenPartEnd, b, h);
  if (call.bias) checkVector(call.bias, call.biasEnd, h);
  checkOptional(call.policyIh, call.policyIhLd, call.policyIhEnd, b, h);
  checkOptional(call.policyHh, call.policyHhLd, call.policyHhEnd, b, h);
  checkOptional(call.policyB, call.policyBLd, call.policyBEnd, b, h);
  checkOptional(call.mask, call.maskLd, call.maskEnd, b, h);
  checkMatrix(call.gates, call.gatesLd, call.gatesEnd, b, h);
  checkOptional(call.y, call.yLd, call.yEnd, b, h);
  checkMatrix(call.hNext, call.hNextLd, call.hNextEnd, b, h);
  check(!call.policyB || call.bias != 0, 'policyB needs a bias apart from inputPart');
}

function checkBackward(call: RnnCellBackward): void {
  const b = call.B;
  const h = call.H;
  checkMatrix(call.inputPart, call.inputPartLd, call.inputPartEnd, b, h);
  checkMatrix(call.hiddenPart, call.hiddenPartLd, call.hiddenPartEnd, b, h);
  if (call.bias) checkVector(call.bias, call.biasEnd, h);
  checkOptional(call.policyIh, call.policyIhLd, call.policyIhEnd, b, h);
  checkOptional(call.policyHh, call.policyHhLd, call.policyHhEnd, b, h);
  checkOptional(call.policyB, call.policyBLd, call.policyBEnd, b, h);
  checkOptional(call.mask, call.maskLd, call.maskEnd, b, h);
  checkOptional(call.dpolicyIh, call.dpolicyIhLd, call.dpolicyIhEnd, b, h);
  checkOptional(call.dpolicyHh, call.dpolicyHhLd, call.dpolicyHhEnd, b, h);
  checkOptional(call.dpolicyB, call.dpolicyBLd, call.dpolicyBEnd, b, h);
  checkMatrix(call.gates, call.gatesLd, call.gatesEnd, b, h);
  checkOptional(call.dy, call.dyLd, call.dyEnd, b, h);
  checkMatrix(call.dh, call.dhLd, call.dhEnd, b, h);
  check(!call.policyIh == !call.dpolicyIh, 'policyIh and dpolicyIh come together');
  check(!call.policyHh == !call.dpolicyHh, 'policyHh and dpolicyHh come together');
  check(!call.policyB == !call.dpolicyB, 'policyB and dpolicyB come together');
  check(!call.policyB || call.bias != 0, 'policyB needs a bias apart from inputPart');
}

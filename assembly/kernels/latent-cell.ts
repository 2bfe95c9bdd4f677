/**
 * The recurrent latent: an LSTM of A units over v = [x; h; ζ] (paper, section 3.2, with the latents of all layers
 * chained as in a recurrent highway network).
 *   u = W_ih v + W_hh z′ + b;  i, f, o = σ(u), g = tanh(u);  zc = f ⊙ zc′ + i ⊙ g;  z = mask ⊙ o ⊙ tanh(zc)
 * with z′, zc′ a step before. W_ih's columns are x | h | ζ.
 */
import { LatentCellBackward, LatentCellForward } from '../generated/arguments';
import { checkMatrix, checkOptional, checkVector } from './check';
import { lstmBackward, lstmForward } from './lstm';
import { gemmNN, gemmNT } from './product';
import { at, offset, rowOf } from './simd';

export function latentCellForward(call: LatentCellForward): void {
  checkForward(call);
  const b = call.B;
  const a = call.A;
  const units = 4 * a;
  const gates = call.gates;
  const ld = call.gatesLd;
  const weight = call.weightIh;
  const weightLd = call.weightIhLd;
  if (call.x) gemmNT(b, units, call.I, call.x, call.xLd, weight, weightLd, call.bias, gates, ld, false);
  gemmNT(b, units, call.H, call.h, call.hLd, offset(weight, call.I), weightLd, 0, gates, ld, true);
  if (call.zeta) {
    const columns = offset(weight, call.I + call.H);
    gemmNT(b, units, a, call.zeta, call.zetaLd, columns, weightLd, 0, gates, ld, true);
  }
  gemmNT(b, units, a, call.zPrevious, call.zPreviousLd, call.weightHh, call.weightHhLd, 0, gates, ld, true);
  for (let row = 0; row < b; row++) {
    lstmForward(
      a,
      at(gates, ld, row, 0),
      at(call.zcPrevious, call.zcPreviousLd, row, 0),
      rowOf(call.mask, call.maskLd, row),
      at(call.zc, call.zcLd, row, 0),
      0,
      at(call.z, call.zLd, row, 0),
    );
  }
}

/** gates become du [B, 4A]: dv = du · W_ih, dz′ = du · W_hh. dz is the gradient of the masked z. */
export function latentCellBackward(call: LatentCellBackward): void {
  checkBackward(call);
  const b = call.B;
  const a = call.A;
  const units = 4 * a;
  const gates = call.gates;
  const ld = call.gatesLd;
  const weight = call.weightIh;
  const weightLd = call.weightIhLd;
  for (let row = 0; row < b; row++) {
    lstmBackward(
      a,
      at(gates, ld, row, 0),
      at(call.zcPrevious, call.zcPreviousLd, row, 0),
      at(call.zc, call.zcLd, row, 0),
      rowOf(call.mask, call.maskLd, row),
      0,
      at(call.dz, call.dzLd, row, 0),
      at(call.dzc, call.dzcLd, row, 0),
    );
  }
  gemmNN(b, a, units, gates, ld, call.weightHh, call.weightHhLd, call.dz, call.dzLd, false);
  gemmNN(b, call.H, units, gates, ld, offset(weight, call.I), weightLd, call.dh, call.dhLd, true);
  if (call.dx) gemmNN(b, call.I, units, gates, ld, weight, weightLd, call.dx, call.dxLd, true);
  if (call.dzeta) {
    gemmNN(b, a, units, gates, ld, offset(weight, call.I + call.H), weightLd, call.dzeta, call.dzetaLd, true);
  }
}

function checkForward(call: LatentCellForward): void {
  const b = call.B;
  const a = call.A;
  checkOptional(call.x, call.xLd, call.xEnd, b, call.I);
  checkMatrix(call.h, call.hLd, call.hEnd, b, call.H);
  checkOptional(call.zeta, call.zetaLd, call.zetaEnd, b, a);
  checkMatrix(call.zPrevious, call.zPreviousLd, call.zPreviousEnd, b, a);
  checkMatrix(call.zcPrevious, call.zcPreviousLd, call.zcPreviousEnd, b, a);
  const width = call.I + call.H + (call.zeta ? a : 0);
  checkMatrix(call.weightIh, call.weightIhLd, call.weightIhEnd, 4 * a, width);
  checkMatrix(call.weightHh, call.weightHhLd, call.weightHhEnd, 4 * a, a);
  checkVector(call.bias, call.biasEnd, 4 * a);
  checkOptional(call.mask, call.maskLd, call.maskEnd, b, a);
  checkMatrix(call.gates, call.gatesLd, call.gatesEnd, b, 4 * a);
  checkMatrix(call.zc, call.zcLd, call.zcEnd, b, a);
  checkMatrix(call.z, call.zLd, call.zEnd, b, a);
}

function checkBackward(call: LatentCellBackward): void {
  const b = call.B;
  const a = call.A;
  checkMatrix(call.zcPrevious, call.zcPreviousLd, call.zcPreviousEnd, b, a);
  checkMatrix(call.zc, call.zcLd, call.zcEnd, b, a);
  const width = call.I + call.H + (call.dzeta ? a : 0);
  checkMatrix(call.weightIh, call.weightIhLd, call.weightIhEnd, 4 * a, width);
  checkMatrix(call.weightHh, call.weightHhLd, call.weightHhEnd, 4 * a, a);
  checkOptional(call.mask, call.maskLd, call.maskEnd, b, a);
  checkMatrix(call.gates, call.gatesLd, call.gatesEnd, b, 4 * a);
  checkMatrix(call.dz, call.dzLd, call.dzEnd, b, a);
  checkMatrix(call.dzc, call.dzcLd, call.dzcEnd, b, a);
  checkMatrix(call.dh, call.dhLd, call.dhEnd, b, call.H);
  checkOptional(call.dx, call.dxLd, call.dxEnd, b, call.I);
  checkOptional(call.dzeta, call.dzetaLd, call.dzetaEnd, b, a);
}

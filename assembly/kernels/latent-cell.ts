/**
 * The recurrent latent: an LSTM of A units over v = [x; h; ζ] (paper, section 3.2, with the latents of all layers
 * chained as in a recurrent highway network).
 *   u = W_ih v + W_hh z′ + b;  i, f, o = σ(u), g = tanh(u);  zc = f ⊙ zc′ + i ⊙ g;  z = mask ⊙ o ⊙ tanh(zc)
 * with z′, zc′ a step before. W_ih's columns x | h | ζ come as three matrices.
 */
import { LatentCellBackward, LatentCellForward } from '../generated/arguments';
import { check, checkMatrix, checkOptional, checkVector, checkWeights } from './check';
import { lstmBackward, lstmForward } from './lstm';
import { gemmNN, gemmNT } from './product';
import { at, rowOf } from './simd';

export function latentCellForward(call: LatentCellForward): void {
  checkForward(call);
  const b = call.B;
  const a = call.A;
  const units = 4 * a;
  const gates = call.gates;
  const ld = call.gatesLd;
  if (call.x) {
    gemmNT(b, units, call.I, call.x, call.xLd, call.weightX, call.weightXLd, call.bias, gates, ld, false);
  }
  gemmNT(b, units, call.H, call.h, call.hLd, call.weightH, call.weightHLd, 0, gates, ld, true);
  if (call.zeta) {
    gemmNT(b, units, a, call.zeta, call.zetaLd, call.weightZeta, call.weightZetaLd, 0, gates, ld, true);
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
  gemmNN(b, call.H, units, gates, ld, call.weightH, call.weightHLd, call.dh, call.dhLd, true);
  if (call.dx) gemmNN(b, call.I, units, gates, ld, call.weightX, call.weightXLd, call.dx, call.dxLd, true);
  if (call.dzeta) {
    gemmNN(b, a, units, gates, ld, call.weightZeta, call.weightZetaLd, call.dzeta, call.dzetaLd, true);
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
  checkWeights(true, 4 * a, call.I, call.weightX, call.weightXLd, call.weightXEnd);
  checkWeights(true, 4 * a, call.H, call.weightH, call.weightHLd, call.weightHEnd);
  checkWeights(true, 4 * a, a, call.weightZeta, call.weightZetaLd, call.weightZetaEnd);
  checkWeights(true, 4 * a, a, call.weightHh, call.weightHhLd, call.weightHhEnd);
  check(!call.x || call.weightX != 0, 'x needs weightX');
  check(call.weightH != 0 && call.weightHh != 0, 'weightH and weightHh are needed');
  check(!call.zeta || call.weightZeta != 0, 'zeta needs weightZeta');
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
  checkWeights(false, 4 * a, call.I, call.weightX, call.weightXLd, call.weightXEnd);
  checkWeights(false, 4 * a, call.H, call.weightH, call.weightHLd, call.weightHEnd);
  checkWeights(false, 4 * a, a, call.weightZeta, call.weightZetaLd, call.weightZetaEnd);
  checkWeights(false, 4 * a, a, call.weightHh, call.weightHhLd, call.weightHhEnd);
  check(!call.dx || call.weightX != 0, 'dx needs weightX');
  check(call.weightH != 0 && call.weightHh != 0, 'weightH and weightHh are needed');
  check(!call.dzeta || call.weightZeta != 0, 'dzeta needs weightZeta');
  checkOptional(call.mask, call.maskLd, call.maskEnd, b, a);
  checkMatrix(call.gates, call.gatesLd, call.gatesEnd, b, 4 * a);
  checkMatrix(call.dz, call.dzLd, call.dzEnd, b, a);
  checkMatrix(call.dzc, call.dzcLd, call.dzcEnd, b, a);
  checkMatrix(call.dh, call.dhLd, call.dhEnd, b, call.H);
  checkOptional(call.dx, call.dxLd, call.dxEnd, b, call.I);
  checkOptional(call.dzeta, call.dzetaLd, call.dzetaEnd, b, a);
}

/**
 * d [B, P] = offset + tanh(z [B, A] · weight [P, A]ᵀ): all sub-policies of a layer at once (paper, eq. 8).
 * dp = dd ⊙ (1 − (d − offset)²), in place of d;  dz += dp · weight
 */
import { PolicyBackward, PolicyForward } from '../generated/arguments';
import { check, checkMatrix, checkWeights } from './check';
import { tanh } from './math';
import { gemmNN, gemmNT } from './product';
import { at, fnma, loadLanes, offset, storeLanes } from './simd';

export function policyForward(call: PolicyForward): void {
  const b = call.B;
  const p = call.P;
  checkMatrix(call.z, call.zLd, call.zEnd, b, call.A);
  checkWeights(true, p, call.A, call.weight, call.weightLd, call.weightEnd);
  check(call.weight != 0, 'weight is needed');
  checkMatrix(call.d, call.dLd, call.dEnd, b, p);
  gemmNT(b, p, call.A, call.z, call.zLd, call.weight, call.weightLd, 0, call.d, call.dLd, false);
  const shift = f32x4.splat(call.offset);
  for (let row = 0; row < b; row++) {
    const d = at(call.d, call.dLd, row, 0);
    for (let i = 0; i < p; i += 4) {
      storeLanes(offset(d, i), f32x4.add(shift, tanh(loadLanes(offset(d, i), p - i))), p - i);
    }
  }
}

/** d is left as dp, the operand of the weight's gradient. */
export function policyBackward(call: PolicyBackward): void {
  const b = call.B;
  const p = call.P;
  checkMatrix(call.d, call.dLd, call.dEnd, b, p);
  checkWeights(false, p, call.A, call.weight, call.weightLd, call.weightEnd);
  check(call.weight != 0, 'weight is needed');
  checkMatrix(call.dd, call.ddLd, call.ddEnd, b, p);
  checkMatrix(call.dz, call.dzLd, call.dzEnd, b, call.A);
  const shift = f32x4.splat(call.offset);
  for (let row = 0; row < b; row++) {
    const d = at(call.d, call.dLd, row, 0);
    const dd = at(call.dd, call.ddLd, row, 0);
    for (let i = 0; i < p; i += 4) {
      const squashed = f32x4.sub(loadLanes(offset(d, i), p - i), shift);
      const slope = fnma(squashed, squashed, f32x4.splat(1));
      storeLanes(offset(d, i), f32x4.mul(loadLanes(offset(dd, i), p - i), slope), p - i);
    }
  }
  gemmNN(b, call.A, p, call.d, call.dLd, call.weight, call.weightLd, call.dz, call.dzLd, true);
}

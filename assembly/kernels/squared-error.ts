/**
 * Over each row of y [N, O], with targets t:
 *   loss = Σ (y − t)² / O, summed in f64
 *   dy = 2 (y − t) / (O · total), in place of y
 */
import { SquaredErrorBackward, SquaredErrorForward } from '../generated/arguments';
import { checkMatrix, checkVector } from './check';
import { addWide, at, loadLanes, offset, storeLanes, sumWide } from './simd';

export function squaredErrorForward(call: SquaredErrorForward): void {
  const n = call.N;
  const o = call.O;
  checkMatrix(call.y, call.yLd, call.yEnd, n, o);
  checkMatrix(call.targets, call.targetsLd, call.targetsEnd, n, o);
  checkVector(call.losses, call.lossesEnd, n);
  for (let row = 0; row < n; row++) {
    const y = at(call.y, call.yLd, row, 0);
    const targets = at(call.targets, call.targetsLd, row, 0);
    let sum = f64x2.splat(0);
    for (let i = 0; i < o; i += 4) {
      const error = f32x4.sub(loadLanes(offset(y, i), o - i), loadLanes(offset(targets, i), o - i));
      sum = addWide(sum, f32x4.mul(error, error));
    }
    store<f32>(offset(call.losses, row), <f32>(sumWide(sum) / <f64>o));
  }
}

export function squaredErrorBackward(call: SquaredErrorBackward): void {
  const n = call.N;
  const o = call.O;
  checkMatrix(call.y, call.yLd, call.yEnd, n, o);
  checkMatrix(call.targets, call.targetsLd, call.targetsEnd, n, o);
  const scale = f32x4.splat(<f32>(2 / (<f64>o * <f64>call.total)));
  for (let row = 0; row < n; row++) {
    const y = at(call.y, call.yLd, row, 0);
    const targets = at(call.targets, call.targetsLd, row, 0);
    for (let i = 0; i < o; i += 4) {
      const error = f32x4.sub(loadLanes(offset(y, i), o - i), loadLanes(offset(targets, i), o - i));
      storeLanes(offset(y, i), f32x4.mul(error, scale), o - i);
    }
  }
}

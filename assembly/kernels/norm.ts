/** norm [1] = √ Σ x², squared and summed in f64: no f32 overflows on the way. */
import { Norm } from '../generated/arguments';
import { checkVector } from './check';
import { loadLanes, offset, sumWide } from './simd';

export function norm(call: Norm): void {
  const n = call.N;
  checkVector(call.x, call.xEnd, n);
  checkVector(call.norm, call.normEnd, 1);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let i = 0; i < n; i += 4) {
    const x = loadLanes(offset(call.x, i), n - i);
    const x01 = f64x2.promote_low_f32x4(x);
    const x23 = f64x2.promote_low_f32x4(f32x4.shuffle(x, x, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(x01, x01));
    high = f64x2.add(high, f64x2.mul(x23, x23));
  }
  store<f32>(call.norm, <f32>sqrt<f64>(sumWide(f64x2.add(low, high))));
}

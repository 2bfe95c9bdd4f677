/** y [1] = Σ x [N] / total, summed in f64. */
import { Mean } from '../generated/arguments';
import { checkVector } from './check';
import { addWide, loadLanes, offset, sumWide } from './simd';

export function mean(call: Mean): void {
  const n = call.N;
  checkVector(call.x, call.xEnd, n);
  checkVector(call.y, call.yEnd, 1);
  let sum = f64x2.splat(0);
  for (let i = 0; i < n; i += 4) sum = addWide(sum, loadLanes(offset(call.x, i), n - i));
  store<f32>(call.y, <f32>(sumWide(sum) / <f64>call.total));
}

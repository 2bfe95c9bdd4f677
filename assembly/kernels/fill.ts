/** x [n] = value. */
import { Fill } from '../generated/arguments';
import { checkVector } from './check';
import { offset, storeLanes } from './simd';

export function fill(call: Fill): void {
  const n = call.N;
  checkVector(call.x, call.xEnd, n);
  const value = f32x4.splat(call.value);
  for (let i = 0; i < n; i += 4) storeLanes(offset(call.x, i), value, n - i);
}

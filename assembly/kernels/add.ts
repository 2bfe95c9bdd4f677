/** y [N] += x [N]. */
import { Add } from '../generated/arguments';
import { checkVector } from './check';
import { loadLanes, offset, storeLanes } from './simd';

export function add(call: Add): void {
  const n = call.N;
  checkVector(call.x, call.xEnd, n);
  checkVector(call.y, call.yEnd, n);
  for (let i = 0; i < n; i += 4) {
    const sum = f32x4.add(loadLanes(offset(call.y, i), n - i), loadLanes(offset(call.x, i), n - i));
    storeLanes(offset(call.y, i), sum, n - i);
  }
}

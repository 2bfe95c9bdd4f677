/** y [N] += Σ_m x [m, N]: the gradient of a bias. */
import { ColumnSum } from '../generated/arguments';
import { checkMatrix, checkVector } from './check';
import { at, loadLanes, offset, storeLanes } from './simd';

export function columnSum(call: ColumnSum): void {
  const m = call.M;
  const n = call.N;
  checkMatrix(call.x, call.xLd, call.xEnd, m, n);
  checkVector(call.y, call.yEnd, n);
  const next = <usize>call.xLd << 2;
  let row = 0;
  // Four rows a pass: y is read and written a quarter as often, and the partial sums round less.
  for (; row + 4 <= m; row += 4) {
    const x = at(call.x, call.xLd, row, 0);
    for (let i = 0; i < n; i += 4) {
      const from = offset(x, i);
      const first = f32x4.add(loadLanes(from, n - i), loadLanes(from + next, n - i));
      const second = f32x4.add(loadLanes(from + 2 * next, n - i), loadLanes(from + 3 * next, n - i));
      const y = loadLanes(offset(call.y, i), n - i);
      storeLanes(offset(call.y, i), f32x4.add(y, f32x4.add(first, second)), n - i);
    }
  }
  for (; row < m; row++) {
    const x = at(call.x, call.xLd, row, 0);
    for (let i = 0; i < n; i += 4) {
      const y = loadLanes(offset(call.y, i), n - i);
      storeLanes(offset(call.y, i), f32x4.add(y, loadLanes(offset(x, i), n - i)), n - i);
    }
  }
}

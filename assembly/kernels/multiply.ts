/** y [M, N] = a ⊙ b, or y += a ⊙ b. As its own backward, da = dy ⊙ b and db = dy ⊙ a. */
import { Multiply } from '../generated/arguments';
import { checkMatrix, checkRepeatable } from './check';
import { at, fma, loadLanes, offset, storeLanes } from './simd';

export function multiply(call: Multiply): void {
  const m = call.M;
  const n = call.N;
  checkRepeatable(call.a, call.aLd, call.aEnd, m, n);
  checkRepeatable(call.b, call.bLd, call.bEnd, m, n);
  checkMatrix(call.y, call.yLd, call.yEnd, m, n);
  const accumulate = call.accumulate != 0;
  for (let row = 0; row < m; row++) {
    const a = at(call.a, call.aLd, row, 0);
    const b = at(call.b, call.bLd, row, 0);
    const y = at(call.y, call.yLd, row, 0);
    for (let i = 0; i < n; i += 4) {
      const left = loadLanes(offset(a, i), n - i);
      const right = loadLanes(offset(b, i), n - i);
      const product = accumulate ? fma(left, right, loadLanes(offset(y, i), n - i)) : f32x4.mul(left, right);
      storeLanes(offset(y, i), product, n - i);
    }
  }
}

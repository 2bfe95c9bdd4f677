/** y [M, N] = x [M, N], or one row of x for all M. */
import { Copy } from '../generated/arguments';
import { checkMatrix, checkRepeatable } from './check';
import { at } from './simd';

export function copy(call: Copy): void {
  checkRepeatable(call.x, call.xLd, call.xEnd, call.M, call.N);
  checkMatrix(call.y, call.yLd, call.yEnd, call.M, call.N);
  for (let row = 0; row < call.M; row++) {
    memory.copy(at(call.y, call.yLd, row, 0), at(call.x, call.xLd, row, 0), <usize>call.N << 2);
  }
}

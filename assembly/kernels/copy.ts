/** y [M, N] = x [M, N]. */
import { Copy } from '../generated/arguments';
import { checkMatrix } from './check';
import { at } from './simd';

export function copy(call: Copy): void {
  checkMatrix(call.x, call.xLd, call.xEnd, call.m, call.n);
  checkMatrix(call.y, call.yLd, call.yEnd, call.m, call.n);
  for (let row = 0; row < call.m; row++) {
    memory.copy(at(call.y, call.yLd, row, 0), at(call.x, call.xLd, row, 0), <usize>call.n << 2);
  }
}

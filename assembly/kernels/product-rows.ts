/** c [N] = a [K] · b [K, N], a vector by a matrix: b is read once, row by row. */
import { at, fma, loadLanes, offset, storeLanes } from './simd';

export function combineRows(n: i32, k: i32, a: usize, b: usize, ldb: i32, c: usize, accumulate: bool): void {
  if (!accumulate) memory.fill(c, 0, <usize>n << 2);
  let i = 0;
  for (; i + 4 <= k; i += 4) rowsTile4(n, offset(a, i), at(b, ldb, i, 0), ldb, c);
  for (; i < k; i++) rowsTile1(n, offset(a, i), at(b, ldb, i, 0), c);
}

/** c [N] += a [4] · b [4, N]: four steps of a vector–matrix product. */
function rowsTile4(n: i32, a: usize, b: usize, ld: i32, c: usize): void {
  const next = <usize>ld << 2;
  const x0 = v128.load32_splat(a);
  const x1 = v128.load32_splat(a, 4);
  const x2 = v128.load32_splat(a, 8);
  const x3 = v128.load32_splat(a, 12);
  for (let i = 0; i < n; i += 4) {
    const from = offset(b, i);
    const lanes = n - i;
    let sum = fma(x0, loadLanes(from, lanes), loadLanes(offset(c, i), lanes));
    sum = fma(x1, loadLanes(from + next, lanes), sum);
    sum = fma(x2, loadLanes(from + 2 * next, lanes), sum);
    sum = fma(x3, loadLanes(from + 3 * next, lanes), sum);
    storeLanes(offset(c, i), sum, lanes);
  }
}

/** c [N] += a [1] · b [1, N]. */
function rowsTile1(n: i32, a: usize, b: usize, c: usize): void {
  const x = v128.load32_splat(a);
  for (let i = 0; i < n; i += 4) {
    const sum = fma(x, loadLanes(offset(b, i), n - i), loadLanes(offset(c, i), n - i));
    storeLanes(offset(c, i), sum, n - i);
  }
}

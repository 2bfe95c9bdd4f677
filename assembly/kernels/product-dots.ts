/**
 * c [M, N] = a [M, K] · b [N, K]ᵀ for few rows of a: both run along K, so c is a set of dot products and b is read once,
 * as it lies. A tile of two rows by six has twelve chains, as the tall tile of product-tiles.ts.
 */
import { put } from './product-tiles';
import { vectorDots } from './product-vector';
import { at, fma, loadLanes, offset, sums } from './simd';
import { edgeTile } from './workspace';

const width: i32 = 6;
/** Columns of a block of a: six rows of b and twenty of a, 26 KiB, stay in a first-level cache. */
const blockK: i32 = 256;

export function dots(
  m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, bias: usize, c: usize, ldc: i32, accumulate: bool,
): void {
  if (m == 1) return vectorDots(n, k, a, b, ldb, bias, c, accumulate);
  for (let p = 0; p < k || p == 0; p += blockK) {
    const depth = min(blockK, k - p);
    const first = p == 0 ? bias : 0;
    for (let j = 0; j < n; j += width) {
      const shift = first ? offset(first, j) : 0;
      const rows = at(b, ldb, j, p);
      let i = 0;
      for (; i + 2 <= m; i += 2) {
        dotTile2x6(depth, at(a, lda, i, p), at(a, lda, i + 1, p), rows, ldb, n - j);
        putSix(at(c, ldc, i, j), edgeTile(), shift, n - j, accumulate || p > 0);
        putSix(at(c, ldc, i + 1, j), edgeTile() + 32, shift, n - j, accumulate || p > 0);
      }
      if (i < m) {
        // The last of an odd number of rows is its own neighbour.
        dotTile2x6(depth, at(a, lda, i, p), at(a, lda, i, p), rows, ldb, n - j);
        putSix(at(c, ldc, i, j), edgeTile(), shift, n - j, accumulate || p > 0);
      }
    }
  }
}

/** c [6] = sum [6] + bias (0: none) (+ c), as far as there are columns. */
function putSix(c: usize, sum: usize, bias: usize, columns: i32, accumulate: bool): void {
  let left = v128.load(sum);
  if (bias) left = f32x4.add(left, loadLanes(bias, columns));
  put(c, left, columns, accumulate);
  if (columns <= 4) return;
  const lanes = min(2, columns - 4);
  let right = v128.load64_zero(sum, 16);
  if (bias) right = f32x4.add(right, loadLanes(bias + 16, lanes));
  put(c + 16, right, lanes, accumulate);
}

/**
 * The sums of a [2, K] · b [6, K]ᵀ go to edgeTile, in rows of eight: as in product-tiles.ts nothing is called and nothing
 * decided while they are in registers.
 */
function dotTile2x6(depth: i32, a0: usize, a1: usize, b: usize, ld: i32, columns: i32): void {
  // At the right edge the last row of b stands in for those beyond it; their results are not stored.
  let b0 = b;
  let b1 = at(b, ld, min(1, columns - 1), 0);
  let b2 = at(b, ld, min(2, columns - 1), 0);
  let b3 = at(b, ld, min(3, columns - 1), 0);
  let b4 = at(b, ld, min(4, columns - 1), 0);
  let b5 = at(b, ld, min(5, columns - 1), 0);
  let s00 = f32x4.splat(0), s01 = s00, s02 = s00, s03 = s00, s04 = s00, s05 = s00;
  let s10 = s00, s11 = s00, s12 = s00, s13 = s00, s14 = s00, s15 = s00;
  for (const end = a0 + (<usize>(depth & ~3) << 2); a0 < end; a0 += 16) {
    const x = v128.load(a0);
    const y = v128.load(a1);
    let w = v128.load(b0);
    s00 = fma(x, w, s00);
    s10 = fma(y, w, s10);
    w = v128.load(b1);
    s01 = fma(x, w, s01);
    s11 = fma(y, w, s11);
    w = v128.load(b2);
    s02 = fma(x, w, s02);
    s12 = fma(y, w, s12);
    w = v128.load(b3);
    s03 = fma(x, w, s03);
    s13 = fma(y, w, s13);
    w = v128.load(b4);
    s04 = fma(x, w, s04);
    s14 = fma(y, w, s14);
    w = v128.load(b5);
    s05 = fma(x, w, s05);
    s15 = fma(y, w, s15);
    a1 += 16;
    b0 += 16;
    b1 += 16;
    b2 += 16;
    b3 += 16;
    b4 += 16;
    b5 += 16;
  }
  // One by one, in the first lane: a call here would send the sums out of their registers.
  for (let rest = depth & 3; rest > 0; rest--) {
    const x = v128.load32_zero(a0);
    const y = v128.load32_zero(a1);
    let w = v128.load32_zero(b0);
    s00 = fma(x, w, s00);
    s10 = fma(y, w, s10);
    w = v128.load32_zero(b1);
    s01 = fma(x, w, s01);
    s11 = fma(y, w, s11);
    w = v128.load32_zero(b2);
    s02 = fma(x, w, s02);
    s12 = fma(y, w, s12);
    w = v128.load32_zero(b3);
    s03 = fma(x, w, s03);
    s13 = fma(y, w, s13);
    w = v128.load32_zero(b4);
    s04 = fma(x, w, s04);
    s14 = fma(y, w, s14);
    w = v128.load32_zero(b5);
    s05 = fma(x, w, s05);
    s15 = fma(y, w, s15);
    a0 += 4;
    a1 += 4;
    b0 += 4;
    b1 += 4;
    b2 += 4;
    b3 += 4;
    b4 += 4;
    b5 += 4;
  }
  const pairs = sums(s04, s05, s14, s15);
  const to = edgeTile();
  v128.store(to, sums(s00, s01, s02, s03));
  v128.store_lane<i64>(to, pairs, 0, 16);
  v128.store(to, sums(s10, s11, s12, s13), 32);
  v128.store_lane<i64>(to, pairs, 1, 48);
}

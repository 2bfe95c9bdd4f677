/**
 * c [M, N] = a [M, K] · b [N, K]ᵀ for few rows of a: both run along K, so c is a set of dot products and b is read once,
 * as it lies. A tile of two rows by six has twelve chains, as the tall tile of product-tiles.ts.
 */
import { doTogether, jobFor, RowJob } from './crew';
import { put } from './product-tiles';
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

/** c [N] = a [K] · b [N, K]ᵀ + bias, on all threads that help. */
function vectorDots(
  n: i32, k: i32, a: usize, b: usize, ldb: i32, bias: usize, c: usize, accumulate: bool,
): void {
  const bytes = (n * k) << 2;
  const job = jobFor(bytes);
  if (!job) return rowDots(n, k, a, b, ldb, bias, c, accumulate);
  job.n = n;
  job.k = k;
  job.x = a;
  job.weight = b;
  job.next = ldb;
  job.bias = bias;
  job.y = c;
  job.accumulate = accumulate;
  doTogether(job, dotsPart, bytes);
}

function dotsPart(job: RowJob, first: i32, count: i32): void {
  const ld = <i32>job.next;
  const bias = job.bias ? offset(job.bias, first) : 0;
  rowDots(count, job.k, job.x, at(job.weight, ld, first, 0), ld, bias, offset(job.y, first), job.accumulate);
}

/**
 * One row of each quarter of b at a time: four unbroken runs, which a core fetches ahead. Four neighbouring rows would be
 * runs of one row each, with a jump after it, and from memory take twice as long.
 */
function rowDots(n: i32, k: i32, a: usize, b: usize, ldb: i32, bias: usize, c: usize, accumulate: bool): void {
  const quarter = (n + 3) >> 2;
  const last = n - 1;
  for (let i = 0; i < quarter; i++) {
    const i1 = i + quarter, i2 = i1 + quarter, i3 = i2 + quarter;
    const b1 = at(b, ldb, min(i1, last), 0);
    const b2 = at(b, ldb, min(i2, last), 0);
    const b3 = at(b, ldb, min(i3, last), 0);
    const value = dotTile1x4(k, a, at(b, ldb, i, 0), b1, b2, b3);
    putOne(i, f32x4.extract_lane(value, 0), bias, c, accumulate);
    if (i1 < n) putOne(i1, f32x4.extract_lane(value, 1), bias, c, accumulate);
    if (i2 < n) putOne(i2, f32x4.extract_lane(value, 2), bias, c, accumulate);
    if (i3 < n) putOne(i3, f32x4.extract_lane(value, 3), bias, c, accumulate);
  }
}

@inline
function putOne(i: i32, value: f32, bias: usize, c: usize, accumulate: bool): void {
  if (bias) value += load<f32>(offset(bias, i));
  if (accumulate) value += load<f32>(offset(c, i));
  store<f32>(offset(c, i), value);
}

/** Σ a [K] ⊙ b of four rows of b, two chains each. */
function dotTile1x4(depth: i32, a: usize, b0: usize, b1: usize, b2: usize, b3: usize): v128 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  let t0 = s0, t1 = s0, t2 = s0, t3 = s0;
  let k = 0;
  for (; k + 8 <= depth; k += 8) {
    const x = v128.load(a);
    s0 = fma(x, v128.load(b0), s0);
    s1 = fma(x, v128.load(b1), s1);
    s2 = fma(x, v128.load(b2), s2);
    s3 = fma(x, v128.load(b3), s3);
    const y = v128.load(a, 16);
    t0 = fma(y, v128.load(b0, 16), t0);
    t1 = fma(y, v128.load(b1, 16), t1);
    t2 = fma(y, v128.load(b2, 16), t2);
    t3 = fma(y, v128.load(b3, 16), t3);
    a += 32;
    b0 += 32;
    b1 += 32;
    b2 += 32;
    b3 += 32;
  }
  for (; k < depth; k += 4) {
    const rest = depth - k;
    const x = loadLanes(a, rest);
    s0 = fma(x, loadLanes(b0, rest), s0);
    s1 = fma(x, loadLanes(b1, rest), s1);
    s2 = fma(x, loadLanes(b2, rest), s2);
    s3 = fma(x, loadLanes(b3, rest), s3);
    a += 16;
    b0 += 16;
    b1 += 16;
    b2 += 16;
    b3 += 16;
  }
  return sums(f32x4.add(s0, t0), f32x4.add(s1, t1), f32x4.add(s2, t2), f32x4.add(s3, t3));
}

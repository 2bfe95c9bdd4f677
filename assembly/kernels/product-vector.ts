/** c [N] = a [K] · b [N, K]ᵀ + bias, on all threads that help. A vector by a matrix takes as long as that takes to read. */
import { doTogether, jobFor, RowJob } from './crew';
import { at, fma, loadLanes, offset, sums } from './simd';

export function vectorDots(
  n: i32, k: i32, a: usize, b: usize, ldb: i32, bias: usize, c: usize, accumulate: bool,
): void {
  const bytes = (n * k) << 2;
  const job = jobFor(bytes, n, k, a, b, ldb, bias, c, accumulate);
  if (job) doTogether(job, dotsPart, bytes);
  else rowDots(n, k, a, b, ldb, bias, c, accumulate);
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

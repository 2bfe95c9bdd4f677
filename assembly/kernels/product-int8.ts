/**
 * c [M, N] = x [M, K] · wᵀ + bias for a weight w [N, K] in whole numbers of 8 bits, w_nk = s_n q_nk:
 *   c_mn = s_n t_m Σ_k q_nk p_mk + bias_n,   p_mk = round(x_mk / t_m),   t_m = max_k |x_mk| / 2047
 * x is brought to 12 bits, once a product. The sums over k are whole numbers, and exact, so their order does not
 * count; what is lost is the rounding of x (docs/math/product.md has the bound). A weight lies in tiles of 4 rows by
 * 16 columns, so that four sums read one unbroken stream, with zeros beyond N and K; its scales follow:
 *
 *   q   [⌈N / 4⌉][⌈K / 16⌉][4][16] i8
 *   s   [N] f32
 */
import { doTogether, jobFor, RowJob } from './crew';
import { at, loadLanes, maxLane, offset, storeLanes } from './simd';
import { wholeX } from './workspace';

/** Columns whose sums stay below 2³¹: 8192 · 127 · 2047. Longer rows are summed in parts, each with its own t. */
const block: i32 = 8192;
const largestWhole: f32 = 2047;
/** The least normal number. A smaller t has no inverse; x then passes for 0. */
const leastStep: f32 = 1.1754943508222875e-38;

export function int8Product(
  m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, bias: usize, c: usize, ldc: i32, accumulate: bool,
): void {
  const next = tileRowBytes(k);
  const scales = b + ((<usize>n + 3) >> 2) * next;
  for (let row = 0; row < m; row++) {
    const x = at(a, lda, row, 0);
    const y = at(c, ldc, row, 0);
    for (let p = 0; p < k; p += block) {
      const depth = min(block, k - p);
      const step = toWhole(offset(x, p), depth);
      scaledSums(n, depth, step, b + (<usize>p << 2), next, scales, p == 0 ? bias : 0, y, accumulate || p > 0);
    }
  }
}

/** Four rows of q. */
@inline
function tileRowBytes(k: i32): usize {
  return ((<usize>k + 15) & ~15) << 2;
}

/** p [K] of x [K], with zeros up to a multiple of 16. Returns t; NaN if x is not finite. */
function toWhole(x: usize, k: i32): f32 {
  let largest = f32x4.splat(0);
  for (let i = 0; i < k; i += 4) largest = f32x4.max(largest, f32x4.abs(loadLanes(offset(x, i), k - i)));
  const step = maxLane(largest) / largestWhole;
  const inverse = f32x4.splat(step >= leastStep ? 1 / step : 0);
  let to = wholeX();
  for (let i = 0; i < k; i += 16) {
    v128.store(to, wholeEight(x, i, k, inverse));
    v128.store(to, wholeEight(x, i + 8, k, inverse), 16);
    to += 32;
  }
  return step;
}

@inline
function wholeEight(x: usize, i: i32, k: i32, inverse: v128): v128 {
  return i16x8.narrow_i32x4_s(wholeFour(x, i, k, inverse), wholeFour(x, i + 4, k, inverse));
}

@inline
function wholeFour(x: usize, i: i32, k: i32, inverse: v128): v128 {
  if (i >= k) return i32x4.splat(0);
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(loadLanes(offset(x, i), k - i), inverse)));
}

/** y [N] = (accumulate ? y : 0) + scales ⊙ step (q · p) + bias, on all threads that help. */
function scaledSums(
  n: i32, k: i32, step: f32, q: usize, next: usize, scales: usize, bias: usize, y: usize, accumulate: bool,
): void {
  const bytes = n * k;
  const job = jobFor(bytes, n, k, wholeX(), q, next, bias, y, accumulate);
  if (!job) return rowSums(n, k, step, wholeX(), q, next, scales, bias, y, accumulate);
  job.scales = scales;
  job.step = step;
  doTogether(job, sumsPart, bytes);
}

function sumsPart(job: RowJob, first: i32, count: i32): void {
  const q = job.weight + <usize>(first >> 2) * job.next;
  const bias = job.bias ? offset(job.bias, first) : 0;
  const scales = offset(job.scales, first);
  rowSums(count, job.k, job.step, job.x, q, job.next, scales, bias, offset(job.y, first), job.accumulate);
}

function rowSums(
  n: i32, k: i32, step: f32, p: usize, q: usize, next: usize, scales: usize, bias: usize, y: usize, accumulate: bool,
): void {
  const steps = f32x4.splat(step);
  for (let j = 0; j < n; j += 4) {
    const lanes = n - j;
    const scaled = f32x4.mul(f32x4.convert_i32x4_s(wholeSums(k, p, q)), steps);
    let value = f32x4.mul(scaled, loadLanes(offset(scales, j), lanes));
    if (bias) value = f32x4.add(value, loadLanes(offset(bias, j), lanes));
    if (accumulate) value = f32x4.add(value, loadLanes(offset(y, j), lanes));
    storeLanes(offset(y, j), value, lanes);
    q += next;
  }
}

/** [Σ q₀ p, Σ q₁ p, Σ q₂ p, Σ q₃ p] over K columns of four rows. */
function wholeSums(k: i32, p: usize, q: usize): v128 {
  let s0 = i32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (const end = q + tileRowBytes(k); q < end; q += 64) {
    const low = v128.load(p);
    const high = v128.load(p, 16);
    s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v128.load8x8_s(q), low));
    s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v128.load8x8_s(q, 16), low));
    s2 = i32x4.add(s2, i32x4.dot_i16x8_s(v128.load8x8_s(q, 32), low));
    s3 = i32x4.add(s3, i32x4.dot_i16x8_s(v128.load8x8_s(q, 48), low));
    s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v128.load8x8_s(q, 8), high));
    s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v128.load8x8_s(q, 24), high));
    s2 = i32x4.add(s2, i32x4.dot_i16x8_s(v128.load8x8_s(q, 40), high));
    s3 = i32x4.add(s3, i32x4.dot_i16x8_s(v128.load8x8_s(q, 56), high));
    p += 32;
  }
  const s01 = i32x4.add(i32x4.shuffle(s0, s1, 0, 4, 1, 5), i32x4.shuffle(s0, s1, 2, 6, 3, 7));
  const s23 = i32x4.add(i32x4.shuffle(s2, s3, 0, 4, 1, 5), i32x4.shuffle(s2, s3, 2, 6, 3, 7));
  return i32x4.add(i32x4.shuffle(s01, s23, 0, 1, 4, 5), i32x4.shuffle(s01, s23, 2, 3, 6, 7));
}

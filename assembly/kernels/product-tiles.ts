/**
 * The inner loops of the products: each keeps a tile of c in registers over the whole depth. WASM engines have
 * 16 vector registers on x64; eight accumulators, three operands and a temporary fit without spilling.
 */
import { fma, loadLanes, offset, storeLanes, sums } from './simd';

/** c [4 lanes] = value (+ c). */
@inline
function put(c: usize, value: v128, lanes: i32, accumulate: bool): void {
  storeLanes(c, accumulate ? f32x4.add(loadLanes(c, lanes), value) : value, lanes);
}

/** c [2, 4] of a [2, K] · b [4, K]ᵀ + bias [4] (0: none): dot products along K, both operands as they lie. */
export function dotTile2x4(
  depth: i32, a0: usize, a1: usize, b0: usize, b1: usize, b2: usize, b3: usize,
  bias: usize, c0: usize, c1: usize, columns: i32, accumulate: bool,
): void {
  let s00 = f32x4.splat(0), s01 = s00, s02 = s00, s03 = s00;
  let s10 = s00, s11 = s00, s12 = s00, s13 = s00;
  let k = 0;
  for (; k + 4 <= depth; k += 4) {
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
    a0 += 16;
    a1 += 16;
    b0 += 16;
    b1 += 16;
    b2 += 16;
    b3 += 16;
  }
  const rest = depth - k;
  if (rest > 0) {
    const x = loadLanes(a0, rest);
    const y = loadLanes(a1, rest);
    let w = loadLanes(b0, rest);
    s00 = fma(x, w, s00);
    s10 = fma(y, w, s10);
    w = loadLanes(b1, rest);
    s01 = fma(x, w, s01);
    s11 = fma(y, w, s11);
    w = loadLanes(b2, rest);
    s02 = fma(x, w, s02);
    s12 = fma(y, w, s12);
    w = loadLanes(b3, rest);
    s03 = fma(x, w, s03);
    s13 = fma(y, w, s13);
  }
  const shift = bias ? loadLanes(bias, columns) : f32x4.splat(0);
  put(c0, f32x4.add(sums(s00, s01, s02, s03), shift), columns, accumulate);
  put(c1, f32x4.add(sums(s10, s11, s12, s13), shift), columns, accumulate);
}

/** c [4] of a [K] · b [4, K]ᵀ + bias [4]: four rows of a matrix–vector product, two chains each. */
export function dotTile1x4(
  depth: i32, a: usize, b0: usize, b1: usize, b2: usize, b3: usize,
  bias: usize, c: usize, columns: i32, accumulate: bool,
): void {
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
  const value = sums(f32x4.add(s0, t0), f32x4.add(s1, t1), f32x4.add(s2, t2), f32x4.add(s3, t3));
  const shift = bias ? loadLanes(bias, columns) : f32x4.splat(0);
  put(c, f32x4.add(value, shift), columns, accumulate);
}

/** One row of a 4 × 8 tile, as far as it lies in c. */
@inline
function putRow(c: usize, left: v128, right: v128, columns: i32, accumulate: bool): void {
  put(c, left, columns, accumulate);
  if (columns > 4) put(c + 16, right, columns - 4, accumulate);
}

/** c [4, 8] of panels a [K, 4] and b [K, 8]: a sum of outer products; the first `rows` × `columns` are stored. */
export function outerTile4x8(
  depth: i32, a: usize, b: usize, c: usize, ld: i32, rows: i32, columns: i32, accumulate: bool,
): void {
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00;
  let s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  for (const end = a + (<usize>depth << 4); a < end; a += 16) {
    const left = v128.load(b);
    const right = v128.load(b, 16);
    let x = v128.load32_splat(a);
    s00 = fma(x, left, s00);
    s01 = fma(x, right, s01);
    x = v128.load32_splat(a, 4);
    s10 = fma(x, left, s10);
    s11 = fma(x, right, s11);
    x = v128.load32_splat(a, 8);
    s20 = fma(x, left, s20);
    s21 = fma(x, right, s21);
    x = v128.load32_splat(a, 12);
    s30 = fma(x, left, s30);
    s31 = fma(x, right, s31);
    b += 32;
  }
  const next = <usize>ld << 2;
  putRow(c, s00, s01, columns, accumulate);
  if (rows > 1) putRow(c + next, s10, s11, columns, accumulate);
  if (rows > 2) putRow(c + 2 * next, s20, s21, columns, accumulate);
  if (rows > 3) putRow(c + 3 * next, s30, s31, columns, accumulate);
}

/** c [N] += a [4] · b [4, N]: four steps of a vector–matrix product. */
export function rowsTile4(n: i32, a: usize, b: usize, ld: i32, c: usize): void {
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
export function rowsTile1(n: i32, a: usize, b: usize, c: usize): void {
  const x = v128.load32_splat(a);
  for (let i = 0; i < n; i += 4) {
    const sum = fma(x, loadLanes(offset(b, i), n - i), loadLanes(offset(c, i), n - i));
    storeLanes(offset(c, i), sum, n - i);
  }
}

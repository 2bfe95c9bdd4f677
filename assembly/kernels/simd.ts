/**
 * Vectors of four f32. A loop over n elements goes in steps of four with `lanes = min(4, n − i)`: `loadLanes` and
 * `storeLanes` touch exactly that many elements. The last, partial vector thus runs through the same instructions
 * as the full ones: an element's bits do not depend on where it stands.
 */

/** a · b + c, fused where the target has relaxed SIMD. The only place that knows. */
@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** c − a · b. */
@inline
export function fnma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c);
  return f32x4.sub(c, f32x4.mul(a, b));
}

/** The address of element [row, column] of a matrix of 32-bit elements. */
@inline
export function at(matrix: usize, ld: i32, row: i32, column: i32): usize {
  return matrix + ((<usize>row * <usize>ld + <usize>column) << 2);
}

/** The address of a row of a matrix that may be absent: 0 stays 0. */
@inline
export function rowOf(matrix: usize, ld: i32, row: i32): usize {
  return matrix ? at(matrix, ld, row, 0) : 0;
}

/** The address of element i of a vector of 32-bit elements. */
@inline
export function offset(vector: usize, i: i32): usize {
  return vector + (<usize>i << 2);
}

function loadTail(address: usize, lanes: i32): v128 {
  if (lanes == 1) return v128.load32_zero(address);
  const pair = v128.load64_zero(address);
  return lanes == 2 ? pair : v128.load_lane<f32>(address, pair, 2, 8);
}

function storeTail(address: usize, value: v128, lanes: i32): void {
  if (lanes == 1) return v128.store_lane<f32>(address, value, 0);
  v128.store_lane<i64>(address, value, 0);
  if (lanes == 3) v128.store_lane<f32>(address, value, 2, 8);
}

/** The first `lanes` ≥ 1 elements at an address (four, if there are more), the rest of the vector 0. */
@inline
export function loadLanes(address: usize, lanes: i32): v128 {
  return lanes >= 4 ? v128.load(address) : loadTail(address, lanes);
}

/** Stores the first `lanes` ≥ 1 elements of a vector (four, if more are asked for). */
@inline
export function storeLanes(address: usize, value: v128, lanes: i32): void {
  if (lanes >= 4) v128.store(address, value);
  else storeTail(address, value, lanes);
}

/** [Σa, Σb, Σc, Σd]. */
@inline
export function sums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(f32x4.shuffle(a, b, 0, 4, 1, 5), f32x4.shuffle(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(f32x4.shuffle(c, d, 0, 4, 1, 5), f32x4.shuffle(c, d, 2, 6, 3, 7));
  return f32x4.add(f32x4.shuffle(ab, cd, 0, 1, 4, 5), f32x4.shuffle(ab, cd, 2, 3, 6, 7));
}

/** The largest of four elements; NaN if one is NaN. */
@inline
export function maxLane(x: v128): f32 {
  const pair = f32x4.max(x, f32x4.shuffle(x, x, 2, 3, 0, 1));
  return max(f32x4.extract_lane(pair, 0), f32x4.extract_lane(pair, 1));
}

/** Adds four f32 to a running pair of f64. */
@inline
export function addWide(sum: v128, x: v128): v128 {
  const low = f64x2.promote_low_f32x4(x);
  const high = f64x2.promote_low_f32x4(f32x4.shuffle(x, x, 2, 3, 2, 3));
  return f64x2.add(sum, f64x2.add(low, high));
}

@inline
export function sumWide(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

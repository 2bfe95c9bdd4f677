/**
 * The inner loop of products of many rows: a tile of c stays in registers over the whole depth. WASM engines have
 * 15 or 16 vector registers on x64. An addition waits about four cycles for the one before it, and a core begins two a
 * cycle: eight chains just keep it busy, ten or twelve leave room for a load that comes late. So tiles are four to six
 * rows high and eight columns wide.
 */
import { fma, loadLanes, storeLanes } from './simd';
import { edgeTile } from './workspace';

/** The most rows of a tile. */
export const tallest: i32 = 6;

/** c [4 lanes] = value (+ c). */
@inline
export function put(c: usize, value: v128, lanes: i32, accumulate: bool): void {
  storeLanes(c, accumulate ? f32x4.add(loadLanes(c, lanes), value) : value, lanes);
}

/**
 * c [rows ≤ 6, columns ≤ 8] of panels a [K, 8], of which the first `rows` columns count, and b [K, 8].
 *
 * Given `from`, b is not packed yet: its sixteen columns lie there, `step` bytes from one row to the next, and become
 * this panel and the one after it while the tile is computed. Sixteen are a cache line, which is thus fetched once, and
 * copying has no time of its own.
 */
export function outerTile(
  depth: i32, a: usize, b: usize, c: usize, ld: i32, rows: i32, columns: i32, accumulate: bool,
  from: usize = 0, step: usize = 0,
): void {
  if (rows >= 4 && columns >= 8) return tall(rows, depth, a, b, c, <usize>ld << 2, accumulate, from, step);
  tall(rows, depth, a, b, edgeTile(), 32, false, from, step);
  putEdge(rows, columns, c, <usize>ld << 2, accumulate);
}

/**
 * Each tile is a function of its own, with one loop: engines keep its sums in registers then. (A function that is called
 * from one place only would be written out there by the compiler; these are called from two.)
 */
@inline
function tall(
  rows: i32,
  depth: i32, a: usize, b: usize, c: usize, next: usize, accumulate: bool, from: usize, step: usize,
): void {
  if (from) {
    if (rows == 6) packingTile6x8(depth, a, b, c, next, accumulate, from, step);
    else if (rows == 5) packingTile5x8(depth, a, b, c, next, accumulate, from, step);
    else packingTile4x8(depth, a, b, c, next, accumulate, from, step);
  } else {
    if (rows == 6) tile6x8(depth, a, b, c, next, accumulate);
    else if (rows == 5) tile5x8(depth, a, b, c, next, accumulate);
    else tile4x8(depth, a, b, c, next, accumulate);
  }
}

/** The part of a tile that lies in c. */
function putEdge(rows: i32, columns: i32, c: usize, next: usize, accumulate: bool): void {
  let from = edgeTile();
  for (let row = 0; row < rows; row++) {
    put(c, v128.load(from), columns, accumulate);
    if (columns > 4) put(c + 16, v128.load(from, 16), columns - 4, accumulate);
    from += 32;
    c += next;
  }
}

function tile4x8(depth: i32, a: usize, b: usize, c: usize, next: usize, accumulate: bool): void {
  tile(4, false, depth, a, b, c, next, accumulate, 0, 0);
}

function tile5x8(depth: i32, a: usize, b: usize, c: usize, next: usize, accumulate: bool): void {
  tile(5, false, depth, a, b, c, next, accumulate, 0, 0);
}

function tile6x8(depth: i32, a: usize, b: usize, c: usize, next: usize, accumulate: bool): void {
  tile(6, false, depth, a, b, c, next, accumulate, 0, 0);
}

function packingTile4x8(
  depth: i32, a: usize, b: usize, c: usize, next: usize, accumulate: bool, from: usize, step: usize,
): void {
  tile(4, true, depth, a, b, c, next, accumulate, from, step);
}

function packingTile5x8(
  depth: i32, a: usize, b: usize, c: usize, next: usize, accumulate: bool, from: usize, step: usize,
): void {
  tile(5, true, depth, a, b, c, next, accumulate, from, step);
}

function packingTile6x8(
  depth: i32, a: usize, b: usize, c: usize, next: usize, accumulate: bool, from: usize, step: usize,
): void {
  tile(6, true, depth, a, b, c, next, accumulate, from, step);
}

/**
 * `height` and `packing` are constants where this is written out, and what is not theirs falls away. Nothing is called
 * here and nothing decided after the loop: either would send the sums out of their registers. `next` is in bytes.
 */
@inline
function tile(
  height: i32, packing: bool,
  depth: i32, a: usize, b: usize, c: usize, next: usize, accumulate: bool, from: usize, step: usize,
): void {
  const panel = <usize>depth << 5;
  const c1 = c + next, c2 = c1 + next, c3 = c2 + next, c4 = c3 + next, c5 = c4 + next;
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00;
  let s30 = s00, s31 = s00, s40 = s00, s41 = s00, s50 = s00, s51 = s00;
  if (accumulate) {
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    s10 = v128.load(c1);
    s11 = v128.load(c1, 16);
    s20 = v128.load(c2);
    s21 = v128.load(c2, 16);
    s30 = v128.load(c3);
    s31 = v128.load(c3, 16);
    if (height > 4) {
      s40 = v128.load(c4);
      s41 = v128.load(c4, 16);
    }
    if (height > 5) {
      s50 = v128.load(c5);
      s51 = v128.load(c5, 16);
    }
  }
  for (const end = a + panel; a < end; a += 32) {
    const left = v128.load(packing ? from : b);
    const right = v128.load(packing ? from : b, 16);
    if (packing) {
      v128.store(b, left);
      v128.store(b, right, 16);
      v128.store(b + panel, v128.load(from, 32));
      v128.store(b + panel, v128.load(from, 48), 16);
      from += step;
    }
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
    if (height > 4) {
      x = v128.load32_splat(a, 16);
      s40 = fma(x, left, s40);
      s41 = fma(x, right, s41);
    }
    if (height > 5) {
      x = v128.load32_splat(a, 20);
      s50 = fma(x, left, s50);
      s51 = fma(x, right, s51);
    }
    b += 32;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
  if (height > 4) {
    v128.store(c4, s40);
    v128.store(c4, s41, 16);
  }
  if (height > 5) {
    v128.store(c5, s50);
    v128.store(c5, s51, 16);
  }
}

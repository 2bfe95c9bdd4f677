/**
 * Matrix products, f32, row-major with leading dimensions; c is overwritten or added to.
 *   NT  c [M, N] = a [M, K] · b [N, K]ᵀ + bias [N]   a layer forward
 *   NN  c [M, N] = a [M, K] · b [K, N]               the gradient of its input
 *   TN  c [M, N] = a [K, M]ᵀ · b [K, N]              the gradient of its weight
 * All are sums of outer products over panels packed into scratch (Goto & van de Geijn 2008). For few rows packing does
 * not pay; then NT, whose operands both run along K, is a set of dot products.
 */
import { ProductNN, ProductNT, ProductTN } from '../generated/arguments';
import { int8Mark, packedMark } from '../generated/marks';
import { check, checkMatrix, checkVector, checkWeights } from './check';
import { int8Product } from './product-int8';
import { dots } from './product-dots';
import { packLeft, packRight } from './product-pack';
import { blockK, blockM, packedProduct, panelTiles } from './product-packed';
import { combineRows } from './product-rows';
import { at, loadLanes, offset, storeLanes } from './simd';
import { packedA, packedB } from './workspace';

/** Columns of a block of b: 128 KiB packed, beside the block of a in a second-level cache of 256 KiB. */
const blockN: i32 = 128;

/** Rows of a below which packing b costs more than dot tiles lose. */
const packedFrom: i32 = 40;

export function gemmNT(
  m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, bias: usize, c: usize, ldc: i32, accumulate: bool,
): void {
  if (ldb == int8Mark) return int8Product(m, n, k, a, lda, b, bias, c, ldc, accumulate);
  if (ldb == packedMark) {
    if (bias) addBias(m, n, bias, c, ldc, accumulate);
    return packedProduct(m, n, k, a, lda, b, c, ldc, accumulate || bias != 0);
  }
  if (m < packedFrom) return dots(m, n, k, a, lda, b, ldb, bias, c, ldc, accumulate);
  if (bias) addBias(m, n, bias, c, ldc, accumulate);
  blocked(true, true, m, n, k, a, lda, b, ldb, c, ldc, accumulate || bias != 0);
}

export function gemmNN(
  m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, accumulate: bool,
): void {
  if (ldb == packedMark) return packedProduct(m, n, k, a, lda, b, c, ldc, accumulate);
  if (m == 1) return combineRows(n, k, a, b, ldb, c, accumulate);
  blocked(true, false, m, n, k, a, lda, b, ldb, c, ldc, accumulate);
}

export function gemmTN(
  m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, accumulate: bool,
): void {
  blocked(false, false, m, n, k, a, lda, b, ldb, c, ldc, accumulate);
}

/** c [M, N] = (accumulate ? c : 0) + bias [N]. */
function addBias(m: i32, n: i32, bias: usize, c: usize, ldc: i32, accumulate: bool): void {
  for (let row = 0; row < m; row++) {
    const to = at(c, ldc, row, 0);
    for (let j = 0; j < n; j += 4) {
      const shift = loadLanes(offset(bias, j), n - j);
      storeLanes(offset(to, j), accumulate ? f32x4.add(loadLanes(offset(to, j), n - j), shift) : shift, n - j);
    }
  }
}

/** Any of the three: an operand is `along` when its rows run along K, else its columns do. */
function blocked(
  aAlong: bool, bAlong: bool, m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, accumulate: bool,
): void {
  if (k == 0 && !accumulate) {
    for (let row = 0; row < m; row++) memory.fill(at(c, ldc, row, 0), 0, <usize>n << 2);
  }
  if (m <= blockM) return fewRows(aAlong, bAlong, m, n, k, a, lda, b, ldb, c, ldc, accumulate);
  for (let j = 0; j < n; j += blockN) {
    const columns = min(blockN, n - j);
    for (let p = 0; p < k; p += blockK) {
      const depth = min(blockK, k - p);
      packRight(bAlong, corner(bAlong, b, ldb, j, p), ldb, depth, columns, packedB());
      for (let i = 0; i < m; i += blockM) {
        const rows = min(blockM, m - i);
        packLeft(aAlong, corner(aAlong, a, lda, i, p), lda, depth, rows, packedA());
        tiles(rows, columns, depth, at(c, ldc, i, j), ldc, accumulate || p > 0);
      }
    }
  }
}

/** One block of a is all of it. It is packed once, and b two panels at a time, which are used while they are near. */
function fewRows(
  aAlong: bool, bAlong: bool, m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, accumulate: bool,
): void {
  for (let p = 0; p < k; p += blockK) {
    const depth = min(blockK, k - p);
    const add = accumulate || p > 0;
    packLeft(aAlong, corner(aAlong, a, lda, 0, p), lda, depth, m, packedA());
    for (let j = 0; j < n; j += 16) {
      const columns = min(16, n - j);
      const from = corner(bAlong, b, ldb, j, p);
      if (bAlong || columns < 16) {
        packRight(bAlong, from, ldb, depth, columns, packedB());
        tiles(m, columns, depth, at(c, ldc, 0, j), ldc, add);
      } else {
        panelTiles(m, depth, packedB(), at(c, ldc, 0, j), ldc, 8, add, from, <usize>ldb << 2);
        panelTiles(m, depth, packedB() + (<usize>depth << 5), at(c, ldc, 0, j + 8), ldc, 8, add);
      }
    }
  }
}

/** Where the block of an operand begins whose first row or column of c is i, and whose first of the sum is p. */
@inline
function corner(along: bool, operand: usize, ld: i32, i: i32, p: i32): usize {
  return along ? at(operand, ld, i, p) : at(operand, ld, p, i);
}

/** c [M, N] of the packed blocks. */
function tiles(m: i32, n: i32, depth: i32, c: usize, ldc: i32, accumulate: bool): void {
  for (let j = 0; j < n; j += 8) {
    const b = packedB() + ((<usize>j * <usize>depth) << 2);
    panelTiles(m, depth, b, at(c, ldc, 0, j), ldc, n - j, accumulate);
  }
}

export function productNT(call: ProductNT): void {
  checkMatrix(call.a, call.aLd, call.aEnd, call.M, call.K);
  checkWeights(true, call.N, call.K, call.b, call.bLd, call.bEnd);
  check(call.b != 0 || call.N == 0 || call.K == 0, 'b is needed');
  checkMatrix(call.c, call.cLd, call.cEnd, call.M, call.N);
  if (call.bias) checkVector(call.bias, call.biasEnd, call.N);
  gemmNT(
    call.M, call.N, call.K, call.a, call.aLd, call.b, call.bLd, call.bias, call.c, call.cLd, call.accumulate != 0,
  );
}

export function productNN(call: ProductNN): void {
  checkMatrix(call.a, call.aLd, call.aEnd, call.M, call.K);
  checkMatrix(call.b, call.bLd, call.bEnd, call.K, call.N);
  checkMatrix(call.c, call.cLd, call.cEnd, call.M, call.N);
  gemmNN(call.M, call.N, call.K, call.a, call.aLd, call.b, call.bLd, call.c, call.cLd, call.accumulate != 0);
}

export function productTN(call: ProductTN): void {
  checkMatrix(call.a, call.aLd, call.aEnd, call.K, call.M);
  checkMatrix(call.b, call.bLd, call.bEnd, call.K, call.N);
  checkMatrix(call.c, call.cLd, call.cEnd, call.M, call.N);
  gemmTN(call.M, call.N, call.K, call.a, call.aLd, call.b, call.bLd, call.c, call.cLd, call.accumulate != 0);
}

/**
 * Matrix products, f32, row-major with leading dimensions; c is overwritten or added to.
 *   NT  c [M, N] = a [M, K] · b [N, K]ᵀ + bias [N]   a layer forward
 *   NN  c [M, N] = a [M, K] · b [K, N]               the gradient of its input
 *   TN  c [M, N] = a [K, M]ᵀ · b [K, N]              the gradient of its weight
 * All are sums of outer products over panels packed into static scratch (Goto & van de Geijn 2008). For few rows
 * packing does not pay; then NT, whose operands both run along K, is a set of dot products.
 */
import { ProductNN, ProductNT, ProductTN } from '../generated/arguments';
import { int8Mark, packedMark } from '../generated/marks';
import { check, checkMatrix, checkVector, checkWeights } from './check';
import { int8Product } from './product-int8';
import { packColumns, packRows } from './product-pack';
import { packedProduct } from './product-packed';
import { dotTile1x4, dotTile2x4, outerTile4x8, rowsTile1, rowsTile4 } from './product-tiles';
import { at, loadLanes, offset, storeLanes } from './simd';
import { packedA, packedB } from './workspace';

// A block of a [64, 256] and one of b [256, 128] stand packed at once: 64 KiB and 128 KiB, within a 256 KiB L2.
const blockM: i32 = 64;
const blockN: i32 = 128;
const blockK: i32 = 256;

/** Rows of a below which packing b costs more than dot tiles lose. */
const packedFrom: i32 = 12;

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

/** NT for few rows of a, down to a matrix–vector product: b is read once, as it lies. */
function dots(
  m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, bias: usize, c: usize, ldc: i32, accumulate: bool,
): void {
  for (let j = 0; j < n; j += 4) {
    // At the right edge the last row of b stands in for those beyond it; their results are not stored.
    const b0 = at(b, ldb, j, 0);
    const b1 = at(b, ldb, min(j + 1, n - 1), 0);
    const b2 = at(b, ldb, min(j + 2, n - 1), 0);
    const b3 = at(b, ldb, min(j + 3, n - 1), 0);
    const shift = bias ? offset(bias, j) : 0;
    let i = 0;
    for (; i + 2 <= m; i += 2) {
      const a0 = at(a, lda, i, 0);
      const a1 = at(a, lda, i + 1, 0);
      const c0 = at(c, ldc, i, j);
      const c1 = at(c, ldc, i + 1, j);
      dotTile2x4(k, a0, a1, b0, b1, b2, b3, shift, c0, c1, n - j, accumulate);
    }
    if (i < m) dotTile1x4(k, at(a, lda, i, 0), b0, b1, b2, b3, shift, at(c, ldc, i, j), n - j, accumulate);
  }
}

/** NN for one row of a, c [N] = a [K] · b [K, N]: b is read once, row by row. */
function combineRows(n: i32, k: i32, a: usize, b: usize, ldb: i32, c: usize, accumulate: bool): void {
  if (!accumulate) memory.fill(c, 0, <usize>n << 2);
  let i = 0;
  for (; i + 4 <= k; i += 4) rowsTile4(n, offset(a, i), at(b, ldb, i, 0), ldb, c);
  for (; i < k; i++) rowsTile1(n, offset(a, i), at(b, ldb, i, 0), c);
}

/** Any of the three: an operand is `along` when its rows run along K, else its columns do. */
function blocked(
  aAlong: bool, bAlong: bool, m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, accumulate: bool,
): void {
  if (k == 0 && !accumulate) {
    for (let row = 0; row < m; row++) memory.fill(at(c, ldc, row, 0), 0, <usize>n << 2);
  }
  for (let j = 0; j < n; j += blockN) {
    const columns = min(blockN, n - j);
    for (let p = 0; p < k; p += blockK) {
      const depth = min(blockK, k - p);
      if (bAlong) packRows(at(b, ldb, j, p), ldb, depth, columns, 8, packedB());
      else packColumns(at(b, ldb, p, j), ldb, depth, columns, 8, packedB());
      for (let i = 0; i < m; i += blockM) {
        const rows = min(blockM, m - i);
        if (aAlong) packRows(at(a, lda, i, p), lda, depth, rows, 4, packedA());
        else packColumns(at(a, lda, p, i), lda, depth, rows, 4, packedA());
        tiles(rows, columns, depth, at(c, ldc, i, j), ldc, accumulate || p > 0);
      }
    }
  }
}

function tiles(m: i32, n: i32, depth: i32, c: usize, ldc: i32, accumulate: bool): void {
  for (let j = 0; j < n; j += 8) {
    const b = packedB() + ((<usize>j * <usize>depth) << 2);
    for (let i = 0; i < m; i += 4) {
      const a = packedA() + ((<usize>i * <usize>depth) << 2);
      outerTile4x8(depth, a, b, at(c, ldc, i, j), ldc, m - i, n - j, accumulate);
    }
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

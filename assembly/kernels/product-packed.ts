/**
 * Products whose right operand was packed beforehand: a weight that stays the same through a scan is laid out in
 * panels once, before it, instead of at every step. A packed operand has a mark for its leading dimension and is
 *
 *   [N / 8 panels][K][8]   for c [M, N] = a [M, K] · b, whatever b's own orientation was
 *
 * with zeros where the last panel reaches beyond N.
 */
import { packColumns, packRows } from './product-pack';
import { outerTile4x8 } from './product-tiles';
import { at } from './simd';
import { packedA } from './workspace';

// A block of a, 64 rows by 256, stays in the second-level cache, a panel's part of b (8 KiB) in the first.
const blockM: i32 = 64;
const blockK: i32 = 256;

/** Packs weight [rows, columns] for x · weightᵀ (`along`) or dy · weight. */
export function packWeight(weight: usize, ld: i32, rows: i32, columns: i32, along: bool, to: usize): void {
  if (along) packRows(weight, ld, columns, rows, 8, to);
  else packColumns(weight, ld, rows, columns, 8, to);
}

/** c [M, N] = (accumulate ? c : 0) + a [M, K] · packed b. */
export function packedProduct(
  m: i32, n: i32, k: i32, a: usize, lda: i32, b: usize, c: usize, ldc: i32, accumulate: bool,
): void {
  const left = packedA();
  for (let p = 0; p < k; p += blockK) {
    const depth = min(blockK, k - p);
    for (let i = 0; i < m; i += blockM) {
      const rows = min(blockM, m - i);
      packRows(at(a, lda, i, p), lda, depth, rows, 4, left);
      for (let j = 0; j < n; j += 8) {
        const panel = b + ((<usize>j * <usize>k + (<usize>p << 3)) << 2);
        for (let row = 0; row < rows; row += 4) {
          const from = left + ((<usize>row * <usize>depth) << 2);
          const to = at(c, ldc, i + row, j);
          outerTile4x8(depth, from, panel, to, ldc, rows - row, n - j, accumulate || p > 0);
        }
      }
    }
  }
}

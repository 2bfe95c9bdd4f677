/**
 * Products whose right operand was packed beforehand: a weight that stays the same through a scan is laid out in
 * panels once, before it, instead of at every step. A packed operand has a mark for its leading dimension and is
 *
 *   [K / 256 blocks][N / 8 panels][256 or what is left of K][8]
 *
 * for c [M, N] = a [M, K] · b, whatever b's own orientation was, with zeros where the last panel reaches beyond N. That is
 * the order in which it is read: one unbroken run, which a core fetches ahead, where the weights of a step do not fit
 * its caches.
 */
import { packLeft, packRight, panelsOf, panelStart } from './product-pack';
import { outerTile } from './product-tiles';
import { at } from './simd';
import { packedA } from './workspace';

// A block of a, 88 KiB packed, stays in the second-level cache, a panel's part of b (8 KiB) in the first.
export const blockM: i32 = 66;
export const blockK: i32 = 256;

/** Packs weight [rows, columns] for x · weightᵀ (`along`) or dy · weight. */
export function packWeight(weight: usize, ld: i32, rows: i32, columns: i32, along: bool, to: usize): void {
  const n = along ? rows : columns;
  const k = along ? columns : rows;
  for (let p = 0; p < k; p += blockK) {
    const depth = min(blockK, k - p);
    packRight(along, along ? at(weight, ld, 0, p) : at(weight, ld, p, 0), ld, depth, n, to);
    to += blockBytes(n, depth);
  }
}

/** All panels of a block. */
@inline
function blockBytes(n: i32, depth: i32): usize {
  return <usize>((n + 7) >> 3) * (<usize>depth << 5);
}

/** c [M, N] = (accumulate ? c : 0) + a [M, K] · packed b. */
export function packedProduct(
  m: i32, n: i32, k: i32, a: usize, lda: i32, b: usize, c: usize, ldc: i32, accumulate: bool,
): void {
  for (let p = 0; p < k; p += blockK) {
    const depth = min(blockK, k - p);
    for (let i = 0; i < m; i += blockM) {
      const rows = min(blockM, m - i);
      packLeft(true, at(a, lda, i, p), lda, depth, rows, packedA());
      for (let j = 0; j < n; j += 8) {
        const panel = b + ((<usize>j * <usize>depth) << 2);
        panelTiles(rows, depth, panel, at(c, ldc, i, j), ldc, n - j, accumulate || p > 0);
      }
    }
    b += blockBytes(n, depth);
  }
}

/** c [rows, 8] of the packed block of a and one panel of b, which may be packed on the way (`from`, `step`). */
export function panelTiles(
  rows: i32, depth: i32, b: usize, c: usize, ldc: i32, columns: i32, accumulate: bool, from: usize = 0, step: usize = 0,
): void {
  const panels = panelsOf(rows);
  let a = packedA();
  let first = 0;
  for (let panel = 1; panel <= panels; panel++) {
    const next = panelStart(rows, panels, panel);
    outerTile(depth, a, b, at(c, ldc, first, 0), ldc, next - first, columns, accumulate, from, step);
    from = 0;
    a += <usize>depth << 5;
    first = next;
  }
}

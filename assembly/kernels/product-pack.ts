/**
 * Panels for the tiles of product-tiles.ts. A panel holds `width` (4 or 8) neighbouring columns of a [depth, …]
 * operand, one row of `width` after the other, so that a tile reads one unbroken stream. Columns beyond the
 * operand's edge are 0 in the panel and are never stored by a tile.
 */
import { at, loadLanes, offset } from './simd';

/**
 * Packs columns of source [depth, columns] (contiguous along columns). Four rows at a time across all panels: going
 * down one panel after the other would touch a new cache line, often of the same set, for every eight elements.
 */
export function packColumns(source: usize, ld: i32, depth: i32, columns: i32, width: i32, to: usize): void {
  const next = <usize>ld << 2;
  for (let k = 0; k < depth; k += 4) {
    const rows = min(4, depth - k);
    for (let column = 0; column < columns; column += width) {
      const from = at(source, ld, k, column);
      const panel = to + ((<usize>column * <usize>depth + <usize>k * <usize>width) << 2);
      const there = columns - column;
      if (width == 8) {
        if (there >= 8) copyEight(from, next, rows, panel);
        else copyEdge(from, next, rows, there, 8, panel);
      } else {
        if (there >= 4) copyFour(from, next, rows, panel);
        else copyEdge(from, next, rows, there, 4, panel);
      }
    }
  }
}

@inline
function copyEight(from: usize, next: usize, rows: i32, to: usize): void {
  for (let row = 0; row < rows; row++) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    from += next;
    to += 32;
  }
}

@inline
function copyFour(from: usize, next: usize, rows: i32, to: usize): void {
  for (let row = 0; row < rows; row++) {
    v128.store(to, v128.load(from));
    from += next;
    to += 16;
  }
}

function copyEdge(from: usize, next: usize, rows: i32, there: i32, width: i32, to: usize): void {
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < width; j += 4) {
      v128.store(to, j < there ? loadLanes(offset(from, j), there - j) : i32x4.splat(0));
      to += 16;
    }
    from += next;
  }
}

/**
 * Packs rows of source [rows, depth] (contiguous along depth), so that each becomes a column of a panel. Four rows
 * at a time; a panel of eight is two such halves side by side.
 */
export function packRows(source: usize, ld: i32, depth: i32, rows: i32, width: i32, to: usize): void {
  const step = <usize>width << 2;
  for (let row = 0; row < rows; row += width) {
    for (let half = 0; half < width; half += 4) {
      transpose(at(source, ld, row + half, 0), <usize>ld << 2, depth, rows - row - half, step, to + (<usize>half << 2));
    }
    to += <usize>depth * step;
  }
}

/** Stores columns k = 0 … depth − 1 of four rows (0 for those that are not there), `step` bytes apart. */
function transpose(from: usize, next: usize, depth: i32, rows: i32, step: usize, to: usize): void {
  const zero = i32x4.splat(0);
  for (let k = 0; k < depth; k += 4) {
    const lanes = depth - k;
    const a = rows > 0 ? loadLanes(from, lanes) : zero;
    const b = rows > 1 ? loadLanes(from + next, lanes) : zero;
    const c = rows > 2 ? loadLanes(from + 2 * next, lanes) : zero;
    const d = rows > 3 ? loadLanes(from + 3 * next, lanes) : zero;
    const ab = f32x4.shuffle(a, b, 0, 4, 1, 5);
    const cd = f32x4.shuffle(c, d, 0, 4, 1, 5);
    v128.store(to, f32x4.shuffle(ab, cd, 0, 1, 4, 5));
    if (lanes > 1) v128.store(to + step, f32x4.shuffle(ab, cd, 2, 3, 6, 7));
    const ab2 = f32x4.shuffle(a, b, 2, 6, 3, 7);
    const cd2 = f32x4.shuffle(c, d, 2, 6, 3, 7);
    if (lanes > 2) v128.store(to + 2 * step, f32x4.shuffle(ab2, cd2, 0, 1, 4, 5));
    if (lanes > 3) v128.store(to + 3 * step, f32x4.shuffle(ab2, cd2, 2, 3, 6, 7));
    from += 16;
    to += 4 * step;
  }
}

/**
 * Panels for the tiles of product-tiles.ts: [depth, 8], one row of eight after the other, so that a tile reads one
 * unbroken stream. Columns beyond the operand's edge are 0 in the panel or never stored by a tile.
 *
 * The right operand is cut into panels of eight columns of c. The left one is cut into as few panels of at most six rows
 * of c as there can be, all of about one height: 20 rows make four of five rather than three of six and one of two.
 */
import { tallest } from './product-tiles';
import { at, loadLanes, offset } from './simd';

/** Panels that `rows` rows of the left operand make. */
export function panelsOf(rows: i32): i32 {
  return (rows + tallest - 1) / tallest;
}

/** The first row of panel `index` of `panels`. */
export function panelStart(rows: i32, panels: i32, index: i32): i32 {
  return (rows * index) / panels;
}

/** The left operand, [rows, depth] when it is `along`, else [depth, rows]. */
export function packLeft(along: bool, source: usize, ld: i32, depth: i32, rows: i32, to: usize): void {
  const panels = panelsOf(rows);
  if (!along) return packColumns(source, ld, depth, rows, panels, to);
  for (let panel = 0; panel < panels; panel++) {
    const first = panelStart(rows, panels, panel);
    const height = panelStart(rows, panels, panel + 1) - first;
    packRows(at(source, ld, first, 0), ld, depth, height, to);
    to += <usize>depth << 5;
  }
}

/** The right operand, [columns, depth] when it is `along`, else [depth, columns]. */
export function packRight(along: bool, source: usize, ld: i32, depth: i32, columns: i32, to: usize): void {
  if (!along) return packColumns(source, ld, depth, columns, 0, to);
  for (let column = 0; column < columns; column += 8) {
    packRows(at(source, ld, column, 0), ld, depth, columns - column, to);
    to += <usize>depth << 5;
  }
}

/**
 * Columns of source [depth, columns], in panels of eight or, when `panels` is given, in so many. Four rows at a time
 * across all panels: going down one panel after the other would touch a new cache line, often of the same set, for
 * every eight elements.
 */
function packColumns(source: usize, ld: i32, depth: i32, columns: i32, panels: i32, to: usize): void {
  const next = <usize>ld << 2;
  const count = panels ? panels : (columns + 7) / 8;
  for (let k = 0; k < depth; k += 4) {
    const rows = min(4, depth - k);
    for (let panel = 0; panel < count; panel++) {
      const column = panels ? panelStart(columns, panels, panel) : 8 * panel;
      const from = at(source, ld, k, column);
      const into = to + ((<usize>panel * <usize>depth + <usize>k) << 5);
      if (column + 8 <= columns) copyEight(from, next, rows, into);
      else copyEdge(from, next, rows, columns - column, into);
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

function copyEdge(from: usize, next: usize, rows: i32, there: i32, to: usize): void {
  for (let row = 0; row < rows; row++) {
    v128.store(to, loadLanes(from, there));
    v128.store(to, there > 4 ? loadLanes(offset(from, 4), there - 4) : i32x4.splat(0), 16);
    from += next;
    to += 32;
  }
}

/** Rows of source [rows, depth] (eight of them, if there are more), each a column of one panel. */
function packRows(source: usize, ld: i32, depth: i32, rows: i32, to: usize): void {
  const next = <usize>ld << 2;
  transpose(source, next, depth, rows, to);
  transpose(source + 4 * next, next, depth, rows - 4, to + 16);
}

/** Stores columns k = 0 … depth − 1 of four rows (0 for those that are not there), 32 bytes apart. */
function transpose(from: usize, next: usize, depth: i32, rows: i32, to: usize): void {
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
    if (lanes > 1) v128.store(to, f32x4.shuffle(ab, cd, 2, 3, 6, 7), 32);
    const ab2 = f32x4.shuffle(a, b, 2, 6, 3, 7);
    const cd2 = f32x4.shuffle(c, d, 2, 6, 3, 7);
    if (lanes > 2) v128.store(to, f32x4.shuffle(ab2, cd2, 0, 1, 4, 5), 64);
    if (lanes > 3) v128.store(to, f32x4.shuffle(ab2, cd2, 2, 3, 6, 7), 96);
    from += 16;
    to += 128;
  }
}

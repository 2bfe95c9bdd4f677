/**
 * Panels for the tiles of product-tiles.ts. A panel holds `width` (4 or 8) neighbouring columns of a [depth, …]
 * operand, one row of `width` after the other, so that a tile reads one unbroken stream. Columns beyond the
 * operand's edge are 0 in the panel and are never stored by a tile.
 */
import { at, loadLanes } from './simd';

/** Packs columns of source [depth, columns] (contiguous along columns), panel after panel. */
export function packColumns(source: usize, ld: i32, depth: i32, columns: i32, width: i32, to: usize): void {
  const next = <usize>ld << 2;
  for (let column = 0; column < columns; column += width) {
    let from = source + (<usize>column << 2);
    const there = columns - column;
    if (there >= width) {
      for (let k = 0; k < depth; k++) {
        v128.store(to, v128.load(from));
        if (width == 8) v128.store(to, v128.load(from, 16), 16);
        from += next;
        to += <usize>width << 2;
      }
    } else {
      for (let k = 0; k < depth; k++) {
        for (let j = 0; j < width; j += 4) {
          v128.store(to + (<usize>j << 2), j < there ? loadLanes(from + (<usize>j << 2), there - j) : i32x4.splat(0));
        }
        from += next;
        to += <usize>width << 2;
      }
    }
  }
}

/** Packs rows of source [rows, depth] (contiguous along depth) as panels of four: each block is transposed. */
export function packRows(source: usize, ld: i32, depth: i32, rows: i32, to: usize): void {
  const zero = i32x4.splat(0);
  for (let row = 0; row < rows; row += 4) {
    const there = rows - row;
    let r0 = at(source, ld, row, 0);
    let r1 = at(source, ld, row + 1, 0);
    let r2 = at(source, ld, row + 2, 0);
    let r3 = at(source, ld, row + 3, 0);
    for (let k = 0; k < depth; k += 4) {
      const lanes = depth - k;
      const a = loadLanes(r0, lanes);
      const b = there > 1 ? loadLanes(r1, lanes) : zero;
      const c = there > 2 ? loadLanes(r2, lanes) : zero;
      const d = there > 3 ? loadLanes(r3, lanes) : zero;
      const ab = f32x4.shuffle(a, b, 0, 4, 1, 5);
      const cd = f32x4.shuffle(c, d, 0, 4, 1, 5);
      v128.store(to, f32x4.shuffle(ab, cd, 0, 1, 4, 5));
      if (lanes > 1) v128.store(to, f32x4.shuffle(ab, cd, 2, 3, 6, 7), 16);
      if (lanes > 2) {
        const ab2 = f32x4.shuffle(a, b, 2, 6, 3, 7);
        const cd2 = f32x4.shuffle(c, d, 2, 6, 3, 7);
        v128.store(to, f32x4.shuffle(ab2, cd2, 0, 1, 4, 5), 32);
        if (lanes > 3) v128.store(to, f32x4.shuffle(ab2, cd2, 2, 3, 6, 7), 48);
      }
      r0 += 16;
      r1 += 16;
      r2 += 16;
      r3 += 16;
      to += <usize>min(lanes, 4) << 4;
    }
  }
}

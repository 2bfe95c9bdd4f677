/** What the debug build asserts when a kernel is entered. In a release build nothing of it remains. */
import { int8Mark, packedMark } from '../generated/marks';

/** All of matrix [rows, columns] lies before `end`, its rows do not overlap, and it is there at all. */
@inline
export function checkMatrix(matrix: usize, ld: i32, end: usize, rows: i32, columns: i32): void {
  if (ASC_NO_ASSERT) return;
  assert(rows >= 0 && columns >= 0, 'a size is negative');
  if (rows == 0 || columns == 0) return;
  assert(matrix != 0, 'an operand is missing');
  assert((matrix & 3) == 0, 'an operand is not aligned to its elements');
  assert(rows == 1 || ld >= columns, 'the rows of a matrix overlap');
  const last = <u64>matrix + ((<u64>(rows - 1) * <u64>ld + <u64>columns) << 2);
  assert(last <= <u64>end, 'a matrix reaches beyond the end of its buffer');
}

/** The same for an operand that is one row for all where its leading dimension is 0. */
@inline
export function checkRepeatable(matrix: usize, ld: i32, end: usize, rows: i32, columns: i32): void {
  checkMatrix(matrix, ld, end, ld == 0 ? min(rows, 1) : rows, columns);
}

/** The same for a matrix that may be absent. */
@inline
export function checkOptional(matrix: usize, ld: i32, end: usize, rows: i32, columns: i32): void {
  if (ASC_NO_ASSERT) return;
  if (matrix) checkMatrix(matrix, ld, end, rows, columns);
}

/**
 * The right operand of a product may be packed (product-packed.ts says how) or in int8 (product-int8.ts); absent is
 * allowed. [rows, columns] is the weight's shape; `along` that the product runs along its columns (NT), not its rows
 * (NN).
 */
@inline
export function checkWeights(along: bool, rows: i32, columns: i32, weight: usize, ld: i32, end: usize): void {
  if (ASC_NO_ASSERT) return;
  if (ld >= 0) return checkOptional(weight, ld, end, rows, columns);
  if (ld == int8Mark) return checkInt8(along, rows, columns, weight, end);
  assert(ld == packedMark, 'a weight lies in no way that is known');
  const depth = along ? columns : rows;
  const panels = ((along ? rows : columns) + 7) >> 3;
  assert((weight & 15) == 0, 'a packed weight is not aligned to its vectors');
  assert(<u64>weight + ((<u64>depth * <u64>panels) << 5) <= <u64>end, 'a packed weight reaches beyond its buffer');
}

/** Tiles of 4 rows by 16 columns, then a scale for each row. */
function checkInt8(along: bool, rows: i32, columns: i32, weight: usize, end: usize): void {
  assert(along, 'a weight in int8 has no product along its rows');
  assert((weight & 15) == 0, 'a weight in int8 is not aligned to its vectors');
  const tiles = ((<u64>rows + 3) >> 2) * ((<u64>columns + 15) >> 4);
  assert(<u64>weight + (tiles << 6) + (<u64>rows << 2) <= <u64>end, 'a weight in int8 reaches beyond its room');
}

/** All n elements of a vector lie before `end`. */
@inline
export function checkVector(vector: usize, end: usize, n: i32): void {
  checkMatrix(vector, n, end, 1, n);
}

/** ids [n] lie before `end`, and each is from 0 to limit − 1. */
@inline
export function checkIds(ids: usize, end: usize, n: i32, limit: i32): void {
  if (ASC_NO_ASSERT) return;
  checkVector(ids, end, n);
  for (let i = 0; i < n; i++) {
    assert(load<u32>(ids + (<usize>i << 2)) < <u32>limit, 'an id is out of range');
  }
}

/** Something that holds of the arguments together. */
@inline
export function check(holds: bool, message: string): void {
  if (ASC_NO_ASSERT) return;
  assert(holds, message);
}

// Products for few rows: a workgroup of 256 has a tile of 16 rows and 16 columns. Its four slices of 64 threads share K
// out among them; a thread sums for four rows of one column, and ends with the whole sum of one element.

const ROW_TILE = 16u;
const ROW_PITCH = 17u; // no two rows on one bank
const ROW_SLICE = 544u; // 2 · 16 · 17: x tile, then w tile

var<workgroup> row_tiles: array<f32, 2176>; // four slices

// What stands on the left: x ⊙ s, or, of a gradient through s = offset + tanh, x ⊙ (1 − (s − offset)²).
struct LeftOperand {
  x: Place, // [B, K]
  s: Place, // [B, K]; may be absent
  through_tanh: bool,
  offset: f32,
}

fn scaled(x: Place, s: Place) -> LeftOperand {
  return LeftOperand(x, s, false, 0.0);
}

fn through_tanh(dd: Place, d: Place, offset: f32) -> LeftOperand {
  return LeftOperand(dd, d, true, offset);
}

fn left_element(left: LeftOperand, row: u32, k: u32) -> f32 {
  let f = factor(left.s, row, k) - left.offset;
  return load(left.x, row, k) * select(f, 1.0 - f * f, left.through_tanh);
}

// Adds the products of this slice's tiles to its sums: rows r, r + 4, r + 8, r + 12 of one column.
fn add_row_tiles(sums: ptr<function, vec4f>, thread: u32) {
  let lane = thread % 64u;
  let x0 = (thread / 64u) * ROW_SLICE + (lane / ROW_TILE) * ROW_PITCH;
  let w0 = (thread / 64u) * ROW_SLICE + ROW_TILE * ROW_PITCH + lane % ROW_TILE;
  for (var k = 0u; k < ROW_TILE; k++) {
    let left = vec4f(
      row_tiles[x0 + k],
      row_tiles[x0 + 4u * ROW_PITCH + k],
      row_tiles[x0 + 8u * ROW_PITCH + k],
      row_tiles[x0 + 12u * ROW_PITCH + k],
    );
    *sums += left * row_tiles[w0 + k * ROW_PITCH];
  }
}

// The whole sum, over all slices, of row thread / 16 and column thread % 16 of the tile.
fn sum_of_slices(sums: vec4f, thread: u32) -> f32 {
  let at = (thread / 64u) * 256u + thread % 64u;
  row_tiles[at] = sums.x;
  row_tiles[at + 64u] = sums.y;
  row_tiles[at + 128u] = sums.z;
  row_tiles[at + 192u] = sums.w;
  workgroupBarrier();
  let total = (row_tiles[thread] + row_tiles[256u + thread]) + (row_tiles[512u + thread] + row_tiles[768u + thread]);
  workgroupBarrier();
  return total;
}

// Σ_k left [row, k] · w [k, column] (or w [column, k] when transposed) over first_k ≤ k < end_k, of row thread / 16 and
// column thread % 16 of the tile.
fn row_product(
  operand: LeftOperand, // [B, K]
  w: Place, // [K, N] or [N, K]
  transposed: bool,
  B: u32,
  N: u32,
  first_k: u32,
  end_k: u32,
  first_row: u32,
  first_column: u32,
  thread: u32,
) -> f32 {
  let lane = thread % 64u;
  let slice = thread / 64u;
  let length = blocks(blocks(end_k - first_k, 4u), ROW_TILE) * ROW_TILE;
  let x_tile = slice * ROW_SLICE;
  let w_tile = x_tile + ROW_TILE * ROW_PITCH;
  var sums = vec4f(0.0);
  for (var step = 0u; step < length; step += ROW_TILE) {
    let k0 = first_k + slice * length + step;
    for (var i = lane; i < ROW_TILE * ROW_TILE; i += 64u) {
      let slow = i / ROW_TILE;
      let fast = i % ROW_TILE;
      let row = first_row + slow;
      var left = 0.0;
      if (row < B && k0 + fast < end_k) {
        left = left_element(operand, row, k0 + fast);
      }
      row_tiles[x_tile + slow * ROW_PITCH + fast] = left;
      // Neighbouring threads read neighbouring words of the weight; in the tile it lies as [k, column].
      let k = select(slow, fast, transposed);
      let c = select(fast, slow, transposed);
      var right = 0.0;
      if (k0 + k < end_k && first_column + c < N) {
        right = load(w, select(k0 + k, first_column + c, transposed), select(first_column + c, k0 + k, transposed));
      }
      row_tiles[w_tile + k * ROW_PITCH + c] = right;
    }
    workgroupBarrier();
    add_row_tiles(&sums, thread);
    workgroupBarrier();
  }
  return sum_of_slices(sums, thread);
}

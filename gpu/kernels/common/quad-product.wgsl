// Products where a shader runs on the vector units of a CPU. There a barrier costs as much as hundreds of operations, and
// memory of a workgroup is no nearer than any other; what counts is the number of loads for each multiplication, for a load
// by four invocations is four checked ones, as long as twenty multiplications. So four neighbouring invocations, a quad,
// are a workgroup of their own, with a tile of up to 32 rows and 32 columns in their own variables. Each loads a quarter of
// the left operand and has the rest from the others, by swaps, which take less time than broadcasts.

override ROW_QUADS: u32 = 4u; // fours of rows in a tile, 1 … 8

fn quad_rows() -> u32 {
  return 4u * ROW_QUADS;
}

const QUAD_WIDTH = 32u;
const QUAD_UNITS = 8u;

// Fours of rows p = 0 … 7 at the first four columns of an invocation, then at its second four. The columns of a matrix are
// rows of the tile, in an order that differs from one invocation to the next (quad_row), and their elements that row's at
// the four columns. Not an array: what is indexed by a variable is not in registers.
struct QuadSums {
  a0: mat4x4f,
  a1: mat4x4f,
  a2: mat4x4f,
  a3: mat4x4f,
  a4: mat4x4f,
  a5: mat4x4f,
  a6: mat4x4f,
  a7: mat4x4f,
  b0: mat4x4f,
  b1: mat4x4f,
  b2: mat4x4f,
  b3: mat4x4f,
  b4: mat4x4f,
  b5: mat4x4f,
  b6: mat4x4f,
  b7: mat4x4f,
}

// A quad's tile, as one of its invocations sees it.
struct QuadTile {
  first_row: u32,
  row: u32, // of the left operand, to load; and 4, 8, … after it
  column: u32, // its first of four; 16 after it the second four
}

fn quad_tile(group: vec3u, lane: u32) -> QuadTile {
  let first_row = group.y * quad_rows();
  return QuadTile(first_row, first_row + lane, group.x * QUAD_WIDTH + lane * 4u);
}

// Four lines of four neighbours: (row, column …), (row + pitch, column …), …. What lies outside of [rows, columns] is 0, or,
// with VECTORS, any number: there the depth of a product is a multiple of four, and other rows and columns are nobody's.
fn lines(p: Place, row: u32, pitch: u32, column: u32, rows: u32, columns: u32) -> mat4x4f {
  if (VECTORS) {
    let step = pitch * p.ld;
    let at = p.offset + row * p.ld + column;
    let next = at + step + step;
    return mat4x4f(
      four_at(p.arena, at), four_at(p.arena, at + step), four_at(p.arena, next), four_at(p.arena, next + step));
  }
  var all: mat4x4f;
  for (var i = 0u; i < 4u; i++) {
    all[i] = guarded_line(p, row + i * pitch, column, rows, columns);
  }
  return all;
}

fn guarded_line(p: Place, row: u32, column: u32, rows: u32, columns: u32) -> vec4f {
  var values = vec4f(0.0);
  if (row < rows) {
    for (var i = 0u; i < 4u && column + i < columns; i++) {
      values[i] = load(p, row, column + i);
    }
  }
  return values;
}

fn line(p: Place, row: u32, column: u32, rows: u32, columns: u32) -> vec4f {
  if (VECTORS) {
    return four_at(p.arena, p.offset + row * p.ld + column);
  }
  return guarded_line(p, row, column, rows, columns);
}

// The same, ⊙ what may be left out.
fn scaled_line(p: Place, scale: Place, row: u32, column: u32, rows: u32, columns: u32) -> vec4f {
  if (scale.arena == ABSENT) {
    return line(p, row, column, rows, columns);
  }
  return line(p, row, column, rows, columns) * line(scale, row, column, rows, columns);
}

// The vectors of the quad: column i is that of invocation `lane` xor i.
fn swapped(x: vec4f) -> mat4x4f {
  return mat4x4f(x, quadSwapX(x), quadSwapY(x), quadSwapDiagonal(x));
}

// sums += w · (x ⊙ scale) at k … k + 3, where w [column, k] are matrices of four by four, and the invocation loads rows `row`,
// row + 4, … of x [B, K]. Each four of rows is loaded where it is needed, so that few are under way.
fn accumulate(
  sums: ptr<function, QuadSums>, first: mat4x4f, second: mat4x4f, x: Place, scale: Place, B: u32, K: u32, row: u32, k: u32,
) {
  let x0 = swapped(scaled_line(x, scale, row, k, B, K));
  (*sums).a0 += first * x0;
  (*sums).b0 += second * x0;
  if (ROW_QUADS > 1u) {
    let x1 = swapped(scaled_line(x, scale, row + 4u, k, B, K));
    (*sums).a1 += first * x1;
    (*sums).b1 += second * x1;
  }
  if (ROW_QUADS > 2u) {
    let x2 = swapped(scaled_line(x, scale, row + 8u, k, B, K));
    (*sums).a2 += first * x2;
    (*sums).b2 += second * x2;
  }
  if (ROW_QUADS > 3u) {
    let x3 = swapped(scaled_line(x, scale, row + 12u, k, B, K));
    (*sums).a3 += first * x3;
    (*sums).b3 += second * x3;
  }
  if (ROW_QUADS > 4u) {
    let x4 = swapped(scaled_line(x, scale, row + 16u, k, B, K));
    (*sums).a4 += first * x4;
    (*sums).b4 += second * x4;
  }
  if (ROW_QUADS > 5u) {
    let x5 = swapped(scaled_line(x, scale, row + 20u, k, B, K));
    (*sums).a5 += first * x5;
    (*sums).b5 += second * x5;
  }
  if (ROW_QUADS > 6u) {
    let x6 = swapped(scaled_line(x, scale, row + 24u, k, B, K));
    (*sums).a6 += first * x6;
    (*sums).b6 += second * x6;
  }
  if (ROW_QUADS > 7u) {
    let x7 = swapped(scaled_line(x, scale, row + 28u, k, B, K));
    (*sums).a7 += first * x7;
    (*sums).b7 += second * x7;
  }
}

// sums += x [B, K] · w [N, K]ᵀ from row `row` of x. An invocation's columns are rows first, first + pitch, … of w, and
// second, ….
fn add_quad_nt(
  sums: ptr<function, QuadSums>, x: Place, w: Place, B: u32, N: u32, K: u32, row: u32, first: u32, second: u32, pitch: u32,
) {
  for (var k = 0u; k < K; k += 4u) {
    let w0 = transpose(lines(w, first, pitch, k, N, K));
    let w1 = transpose(lines(w, second, pitch, k, N, K));
    accumulate(sums, w0, w1, x, nowhere(), B, K, row, k);
  }
}

// sums += (x ⊙ scale) [B, K] · w [K, N].
fn add_quad_nn(
  sums: ptr<function, QuadSums>, x: Place, scale: Place, w: Place, B: u32, N: u32, K: u32, tile: QuadTile,
) {
  for (var k = 0u; k < K; k += 4u) {
    let w0 = lines(w, k, 1u, tile.column, K, N);
    let w1 = lines(w, k, 1u, tile.column + 16u, K, N);
    accumulate(sums, w0, w1, x, scale, B, K, tile.row, k);
  }
}

// sums += xᵀ · w of x [K, B] and w [K, N]; ROW_QUADS is 4 or 8. Of x an invocation loads four neighbours, which are rows of
// the tile, and four that are 16 rows after them.
fn add_quad_tn(sums: ptr<function, QuadSums>, x: Place, w: Place, B: u32, N: u32, K: u32, tile: QuadTile) {
  let column = tile.first_row + 4u * (tile.row - tile.first_row);
  for (var k = 0u; k < K; k += 4u) {
    let w0 = lines(w, k, 1u, tile.column, K, N);
    let w1 = lines(w, k, 1u, tile.column + 16u, K, N);
    let own = lines(x, k, 1u, column, K, B);
    let x0 = transpose(own);
    (*sums).a0 += w0 * x0;
    (*sums).b0 += w1 * x0;
    let x1 = transpose(mat4x4f(quadSwapX(own[0]), quadSwapX(own[1]), quadSwapX(own[2]), quadSwapX(own[3])));
    (*sums).a1 += w0 * x1;
    (*sums).b1 += w1 * x1;
    let x2 = transpose(mat4x4f(quadSwapY(own[0]), quadSwapY(own[1]), quadSwapY(own[2]), quadSwapY(own[3])));
    (*sums).a2 += w0 * x2;
    (*sums).b2 += w1 * x2;
    let x3 = transpose(mat4x4f(quadSwapDiagonal(own[0]), quadSwapDiagonal(own[1]), quadSwapDiagonal(own[2]), quadSwapDiagonal(own[3])));
    (*sums).a3 += w0 * x3;
    (*sums).b3 += w1 * x3;
    if (ROW_QUADS > 4u) {
      let more = lines(x, k, 1u, column + 16u, K, B);
      let x4 = transpose(more);
      (*sums).a4 += w0 * x4;
      (*sums).b4 += w1 * x4;
      let x5 = transpose(mat4x4f(quadSwapX(more[0]), quadSwapX(more[1]), quadSwapX(more[2]), quadSwapX(more[3])));
      (*sums).a5 += w0 * x5;
      (*sums).b5 += w1 * x5;
      let x6 = transpose(mat4x4f(quadSwapY(more[0]), quadSwapY(more[1]), quadSwapY(more[2]), quadSwapY(more[3])));
      (*sums).a6 += w0 * x6;
      (*sums).b6 += w1 * x6;
      let x7 = transpose(mat4x4f(quadSwapDiagonal(more[0]), quadSwapDiagonal(more[1]), quadSwapDiagonal(more[2]), quadSwapDiagonal(more[3])));
      (*sums).a7 += w0 * x7;
      (*sums).b7 += w1 * x7;
    }
  }
}

// The same sums, to be walked through: those of the first four columns, or first unit, by rows, then those of the second.
alias QuadResults = array<mat4x4f, 16>;

fn quad_results(sums: QuadSums) -> QuadResults {
  return QuadResults(
    sums.a0, sums.a1, sums.a2, sums.a3, sums.a4, sums.a5, sums.a6, sums.a7,
    sums.b0, sums.b1, sums.b2, sums.b3, sums.b4, sums.b5, sums.b6, sums.b7);
}

// Four neighbours of the product, or the gates of a unit.
struct QuadRow {
  row: u32, //  in the whole
  half: u32, // 0 for the first four columns, or the first unit, and 1 for the second
  values: vec4f,
}

// Number i of 2 · quad_rows(). Its row is that of the tile with the bits of `order` changed: the invocation, after
// add_quad_nt and add_quad_nn, and four times that after add_quad_tn.
fn quad_row(results: ptr<function, QuadResults>, i: u32, first_row: u32, order: u32) -> QuadRow {
  let half = select(0u, 1u, i >= quad_rows());
  let r = i - half * quad_rows();
  return QuadRow(first_row + (r ^ order), half, (*results)[8u * half + (r >> 2u)][r & 3u]);
}

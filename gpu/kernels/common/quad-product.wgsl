// Products where a shader runs on the vector units of a CPU. There a barrier costs as much as hundreds of operations, and
// memory of a workgroup is no nearer than any other; what counts is the number of loads for each multiplication. So four
// neighbouring invocations, a quad, are a workgroup of their own, with a tile of 16 rows and 32 columns in their own
// variables. Each loads a quarter of the left operand and has it from the others by `quadBroadcast`.

override ROW_QUADS: u32 = 4u; // fours of rows in a tile, 1 … 4

const QUAD_WIDTH = 32u;
const QUAD_UNITS = 8u;

// Fours of rows p = 0 … 3 at the first four columns of an invocation, then at its second four. Column r of a matrix is
// row 4p + r of the tile, and its elements are that row's at the four columns. Not an array: what is indexed by a variable
// is not in registers.
struct QuadSums {
  a0: mat4x4f,
  a1: mat4x4f,
  a2: mat4x4f,
  a3: mat4x4f,
  b0: mat4x4f,
  b1: mat4x4f,
  b2: mat4x4f,
  b3: mat4x4f,
}

// A quad's tile, as one of its invocations sees it.
struct QuadTile {
  first_row: u32,
  row: u32, // of the left operand, to load; and 4, 8, 12 after it
  column: u32, // its first of four; 16 after it the second four
}

fn quad_tile(group: vec3u, lane: u32) -> QuadTile {
  let first_row = group.y * 4u * ROW_QUADS;
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

// The quad's four vectors, side by side.
fn spread(x: vec4f) -> mat4x4f {
  return mat4x4f(quadBroadcast(x, 0u), quadBroadcast(x, 1u), quadBroadcast(x, 2u), quadBroadcast(x, 3u));
}

// The fours of rows p += w · x, where x [k, row] and w [column, k] are matrices of four by four.
fn accumulate(sums: ptr<function, QuadSums>, first: mat4x4f, second: mat4x4f, x: Left) {
  (*sums).a0 += first * x.x0;
  (*sums).b0 += second * x.x0;
  if (ROW_QUADS > 1u) {
    (*sums).a1 += first * x.x1;
    (*sums).b1 += second * x.x1;
  }
  if (ROW_QUADS > 2u) {
    (*sums).a2 += first * x.x2;
    (*sums).b2 += second * x.x2;
  }
  if (ROW_QUADS > 3u) {
    (*sums).a3 += first * x.x3;
    (*sums).b3 += second * x.x3;
  }
}

// The left operand of a tile at k … k + 3, as [k, row], a four of rows each.
struct Left {
  x0: mat4x4f,
  x1: mat4x4f,
  x2: mat4x4f,
  x3: mat4x4f,
}

// Of x [B, K] ⊙ scale, of which an invocation loads rows `row`, row + 4, ….
fn left_by_rows(x: Place, scale: Place, B: u32, K: u32, row: u32, k: u32) -> Left {
  var left: Left;
  left.x0 = spread(scaled_line(x, scale, row, k, B, K));
  if (ROW_QUADS > 1u) {
    left.x1 = spread(scaled_line(x, scale, row + 4u, k, B, K));
  }
  if (ROW_QUADS > 2u) {
    left.x2 = spread(scaled_line(x, scale, row + 8u, k, B, K));
  }
  if (ROW_QUADS > 3u) {
    left.x3 = spread(scaled_line(x, scale, row + 12u, k, B, K));
  }
  return left;
}

// sums += x [B, K] · w [N, K]ᵀ from row `row` of x. An invocation's columns are rows first, first + pitch, … of w, and
// second, ….
fn add_quad_nt(
  sums: ptr<function, QuadSums>, x: Place, w: Place, B: u32, N: u32, K: u32, row: u32, first: u32, second: u32, pitch: u32,
) {
  for (var k = 0u; k < K; k += 4u) {
    let w0 = transpose(lines(w, first, pitch, k, N, K));
    let w1 = transpose(lines(w, second, pitch, k, N, K));
    accumulate(sums, w0, w1, left_by_rows(x, nowhere(), B, K, row, k));
  }
}

// sums += (x ⊙ scale) [B, K] · w [K, N].
fn add_quad_nn(
  sums: ptr<function, QuadSums>, x: Place, scale: Place, w: Place, B: u32, N: u32, K: u32, tile: QuadTile,
) {
  for (var k = 0u; k < K; k += 4u) {
    let w0 = lines(w, k, 1u, tile.column, K, N);
    let w1 = lines(w, k, 1u, tile.column + 16u, K, N);
    accumulate(sums, w0, w1, left_by_rows(x, scale, B, K, tile.row, k));
  }
}

// sums += xᵀ · w of x [K, B] and w [K, N]. Of x an invocation loads four neighbours, which are rows of the tile.
fn add_quad_tn(sums: ptr<function, QuadSums>, x: Place, w: Place, B: u32, N: u32, K: u32, tile: QuadTile) {
  let column = tile.first_row + 4u * (tile.row - tile.first_row);
  for (var k = 0u; k < K; k += 4u) {
    let own = lines(x, k, 1u, column, K, B);
    let a = spread(own[0]);
    let b = spread(own[1]);
    let c = spread(own[2]);
    let d = spread(own[3]);
    let x0 = transpose(mat4x4f(a[0], b[0], c[0], d[0]));
    let x1 = transpose(mat4x4f(a[1], b[1], c[1], d[1]));
    let x2 = transpose(mat4x4f(a[2], b[2], c[2], d[2]));
    let x3 = transpose(mat4x4f(a[3], b[3], c[3], d[3]));
    let w0 = lines(w, k, 1u, tile.column, K, N);
    let w1 = lines(w, k, 1u, tile.column + 16u, K, N);
    accumulate(sums, w0, w1, Left(x0, x1, x2, x3));
  }
}

// The same sums, to be walked through: those of the first four columns, or first unit, by rows, then those of the second.
alias QuadResults = array<mat4x4f, 8>;

fn quad_results(sums: QuadSums) -> QuadResults {
  return QuadResults(sums.a0, sums.a1, sums.a2, sums.a3, sums.b0, sums.b1, sums.b2, sums.b3);
}

// How many fours of columns, or units, an invocation has sums of: of rows 4 · ROW_QUADS and more there are none.
const QUAD_RESULTS = 32u;

fn is_quad_row(i: u32) -> bool {
  return (i & 15u) < 4u * ROW_QUADS;
}

fn quad_result(results: ptr<function, QuadResults>, i: u32) -> vec4f {
  return (*results)[i >> 2u][i & 3u];
}

// One element of the product, with its place in the whole; `e` counts the elements of all results.
struct QuadElement {
  row: u32,
  column: u32,
  value: f32,
}

// Rows outside of the tile are far outside of any matrix.
fn quad_element(results: ptr<function, QuadResults>, e: u32, tile: QuadTile) -> QuadElement {
  let i = e >> 2u;
  let row = select(0xffffffffu, tile.first_row + (i & 15u), is_quad_row(i));
  return QuadElement(row, tile.column + 16u * (i >> 4u) + (e & 3u), quad_result(results, i)[e & 3u]);
}

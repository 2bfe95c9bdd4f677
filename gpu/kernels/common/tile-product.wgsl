// Products by tiles. A workgroup has a tile of c and walks K through workgroup memory; a thread has 8 × 8 sums of it in
// registers, which for each k are 64 multiply-adds on 16 floats read. Of both operands the tiles lie as [k, along], along
// being the rows or columns of c. They come in blocks of four of K by four along, which a thread turns as they should lie
// and holds in registers from before the multiplications of the tile before until after them.

override TILE_ROWS: u32 = 64u; //    32, 64 or 128
override TILE_COLUMNS: u32 = 64u; // 64 or 128
override TILE_THREADS: u32 = TILE_ROWS * TILE_COLUMNS / 64u;
const DEPTH = 8u;

// In fours. With 4 more floats a k, two blocks of one row of an operand are stored to different banks.
override ROW_PITCH: u32 = TILE_ROWS / 4u + 1u;
override COLUMN_PITCH: u32 = TILE_COLUMNS / 4u + 1u;
override ROW_TILE: u32 = DEPTH * COLUMN_PITCH; // where it begins
override TILE_FOURS: u32 = DEPTH * (COLUMN_PITCH + ROW_PITCH);

var<workgroup> tiles: array<vec4f, TILE_FOURS>; // of columns, then of rows

// Blocks of the columns, then of the rows. With 32 rows some threads have two.
override COLUMN_BLOCKS: u32 = DEPTH / 4u * (TILE_COLUMNS / 4u);
override BLOCKS: u32 = COLUMN_BLOCKS + DEPTH / 4u * (TILE_ROWS / 4u);

struct TileOperand {
  view: Place, // [K, count] or [count, K]
  k_in_rows: bool,
  count: u32, // of rows or columns of c
  first: u32, // of them that the tile has
}

struct Block {
  exists: bool,
  arena: u32,
  at: u32, // its first word, of the tile to be loaded next
  step: u32, // words to the same of the tile after it
  ld: u32,
  k_in_rows: bool,
  along: u32, // how many of its rows or columns c has, from its first
  k: u32, // its first
  to: u32, // its four in `tiles`
  pitch: u32,
}

fn block_of(i: u32, rows: TileOperand, columns: TileOperand, first_k: u32) -> Block {
  if (i < COLUMN_BLOCKS) {
    return placed_block(i, columns, TILE_COLUMNS / 4u, first_k, 0u, COLUMN_PITCH);
  }
  return placed_block(i - COLUMN_BLOCKS, rows, TILE_ROWS / 4u, first_k, ROW_TILE, ROW_PITCH);
}

// Neighbouring threads load what lies side by side in the arena.
fn placed_block(i: u32, by: TileOperand, fours: u32, first_k: u32, tile: u32, pitch: u32) -> Block {
  let k = 4u * select(i % 2u, i / fours, by.k_in_rows);
  let four = select(i / 2u, i % fours, by.k_in_rows);
  let along = by.first + 4u * four;
  let at = index(by.view, select(along, first_k + k, by.k_in_rows), select(first_k + k, along, by.k_in_rows));
  let step = select(DEPTH, DEPTH * by.view.ld, by.k_in_rows);
  let exists = i < DEPTH / 4u * fours;
  let count = by.count - min(along, by.count);
  let to = tile + k * pitch + four;
  return Block(exists, by.view.arena, at, step, by.view.ld, by.k_in_rows, count, first_k + k, to, pitch);
}

// [k, along]; 0 from end_k on. Rows and columns outside of c are 0, or, with VECTORS, any number: they are nobody's.
fn load_block(own: Block, end_k: u32) -> mat4x4f {
  var values: mat4x4f;
  if (own.exists && own.k < end_k) {
    let next = own.at + 2u * own.ld;
    if (VECTORS) {
      values = mat4x4f(
        four_at(own.arena, own.at), four_at(own.arena, own.at + own.ld),
        four_at(own.arena, next), four_at(own.arena, next + own.ld));
    } else {
      let count = select(end_k - own.k, own.along, own.k_in_rows);
      let lines = select(own.along, end_k - own.k, own.k_in_rows);
      values = mat4x4f(
        bounded_four(own.arena, own.at, select(0u, count, lines > 0u)),
        bounded_four(own.arena, own.at + own.ld, select(0u, count, lines > 1u)),
        bounded_four(own.arena, next, select(0u, count, lines > 2u)),
        bounded_four(own.arena, next + own.ld, select(0u, count, lines > 3u)),
      );
    }
  }
  if (own.k_in_rows) {
    return values;
  }
  return transpose(values);
}

// The first `count` words from i, then 0.
fn bounded_four(arena: u32, i: u32, count: u32) -> vec4f {
  let words = vec4u(word_at(arena, i), word_at(arena, i + 1u), word_at(arena, i + 2u), word_at(arena, i + 3u));
  return select(vec4f(0.0), bitcast<vec4f>(words), vec4u(0u, 1u, 2u, 3u) < vec4u(count));
}

fn store_block(own: Block, values: mat4x4f) {
  if (own.exists) {
    tiles[own.to] = values[0];
    tiles[own.to + own.pitch] = values[1];
    tiles[own.to + 2u * own.pitch] = values[2];
    tiles[own.to + 3u * own.pitch] = values[3];
  }
}

// sums [row, column] += a bᵀ; column r of the matrix is row r of the sums.
fn add_outer(sums: ptr<function, mat4x4f>, a: vec4f, b: vec4f) {
  (*sums)[0] += a.x * b;
  (*sums)[1] += a.y * b;
  (*sums)[2] += a.z * b;
  (*sums)[3] += a.w * b;
}

// Which fours of rows and columns a thread has: these, and those half a tile after them. Lanes in the order x₀ y₀ x₁ y₁ x₂:
// of a warp's 8 × 4, neighbours share rows and neighbours but one columns.
fn four_of(thread: u32) -> vec2u {
  let x = (thread & 1u) | ((thread >> 1u) & 2u) | ((thread >> 2u) & 4u);
  let y = ((thread >> 1u) & 1u) | ((thread >> 2u) & 2u);
  let warp = thread / 32u;
  return vec2u(x + 8u * (warp % (TILE_COLUMNS / 64u)), y + 4u * (warp / (TILE_COLUMNS / 64u)));
}

struct TileSums {
  upper_left: mat4x4f,
  upper_right: mat4x4f,
  lower_left: mat4x4f,
  lower_right: mat4x4f,
}

// Σ_k of first_k ≤ k < end_k.
fn tile_product(rows: TileOperand, columns: TileOperand, first_k: u32, end_k: u32, thread: u32) -> TileSums {
  let four = four_of(thread);
  var upper_left: mat4x4f;
  var upper_right: mat4x4f;
  var lower_left: mat4x4f;
  var lower_right: mat4x4f;
  var one = block_of(thread, rows, columns, first_k);
  var other = block_of(thread + TILE_THREADS, rows, columns, first_k);
  // A tile is loaded while the one before it is multiplied; so there is one time more than tiles.
  for (var k0 = first_k; k0 < end_k + DEPTH; k0 += DEPTH) {
    let waiting = load_block(one, end_k);
    one.at += one.step;
    one.k += DEPTH;
    var other_waiting: mat4x4f;
    if (BLOCKS > TILE_THREADS) {
      other_waiting = load_block(other, end_k);
      other.at += other.step;
      other.k += DEPTH;
    }
    if (k0 > first_k) {
      for (var k = 0u; k < DEPTH; k++) {
        let row = ROW_TILE + k * ROW_PITCH + four.y;
        let column = k * COLUMN_PITCH + four.x;
        let upper = tiles[row];
        let lower = tiles[row + TILE_ROWS / 8u];
        let left = tiles[column];
        let right = tiles[column + TILE_COLUMNS / 8u];
        add_outer(&upper_left, upper, left);
        add_outer(&upper_right, upper, right);
        add_outer(&lower_left, lower, left);
        add_outer(&lower_right, lower, right);
      }
    }
    workgroupBarrier();
    store_block(one, waiting);
    if (BLOCKS > TILE_THREADS) {
      store_block(other, other_waiting);
    }
    workgroupBarrier();
  }
  return TileSums(upper_left, upper_right, lower_left, lower_right);
}

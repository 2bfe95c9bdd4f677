// Matrix products; c is overwritten, or added to when `accumulate` is not 0.
//   NT  c_mn = Σ_k a_mk b_nk + bias_n        a layer forward
//   NN  c_mn = Σ_k a_mk b_kn                 the gradient of its input
//   TN  c_mn = Σ_k a_km b_kn                 the gradient of its weight
// By common/tile-product.wgsl. Where c has too few tiles for a GPU, PARTS workgroups share out the K of each; they leave
// their sums in `scratch`, and a second dispatch adds them up, always in the same order.
// requires words-by-four memory tile-product

override a_arena: u32;
override b_arena: u32;
override bias_arena: u32 = 0u;
override c_arena: u32;
override scratch_arena: u32;
override PARTS: u32 = 1u;

struct ProductNT {
  a: vec2u, //    [M, K]
  b: vec2u, //    [N, K]
  bias: vec2u, // [N]
  c: vec2u, //    [M, N]
  scratch: vec2u, // [PARTS, M, N in fours]; nothing when there is one part
  M: u32,
  N: u32,
  K: u32,
  accumulate: u32,
}
@group(0) @binding(2) var<uniform> nt: ProductNT;

struct ProductNN {
  a: vec2u, // [M, K]
  b: vec2u, // [K, N]
  c: vec2u, // [M, N]
  scratch: vec2u,
  M: u32,
  N: u32,
  K: u32,
  accumulate: u32,
}
@group(0) @binding(2) var<uniform> nn: ProductNN;

struct ProductTN {
  a: vec2u, // [K, M]
  b: vec2u, // [K, N]
  c: vec2u, // [M, N]
  scratch: vec2u,
  M: u32,
  N: u32,
  K: u32,
  accumulate: u32,
}
@group(0) @binding(2) var<uniform> tn: ProductTN;

// What all three have; how a and b lie tells them apart.
struct Operands {
  a: Place,
  b: Place,
  bias: Place, // [N]; may be absent
  c: Place, //    [M, N]
  scratch: u32,
  M: u32,
  N: u32,
  K: u32,
  accumulate: u32,
}

fn operands_nt() -> Operands {
  let a = place(a_arena, nt.a);
  let b = place(b_arena, nt.b);
  let bias = place(bias_arena, nt.bias);
  return Operands(a, b, bias, place(c_arena, nt.c), nt.scratch.x, nt.M, nt.N, nt.K, nt.accumulate);
}

fn operands_nn() -> Operands {
  let a = place(a_arena, nn.a);
  let b = place(b_arena, nn.b);
  return Operands(a, b, nowhere(), place(c_arena, nn.c), nn.scratch.x, nn.M, nn.N, nn.K, nn.accumulate);
}

fn operands_tn() -> Operands {
  let a = place(a_arena, tn.a);
  let b = place(b_arena, tn.b);
  return Operands(a, b, nowhere(), place(c_arena, tn.c), tn.scratch.x, tn.M, tn.N, tn.K, tn.accumulate);
}

fn finish_element(value: f32, m: u32, n: u32, to: Operands) {
  if (m < to.M && n < to.N) {
    var sum = value;
    if (to.bias.arena != ABSENT) {
      sum += load(to.bias, 0u, n);
    }
    if (to.accumulate != 0u) {
      sum += load(to.c, m, n);
    }
    store(to.c, m, n, sum);
  }
}

fn finish_four(values: vec4f, m: u32, n: u32, to: Operands) {
  if (!VECTORS || n + 4u > to.N) {
    for (var i = 0u; i < 4u; i++) {
      finish_element(values[i], m, n + i, to);
    }
  } else if (m < to.M) {
    var sums = values;
    if (to.bias.arena != ABSENT) { // a vector may begin anywhere
      sums += vec4f(load(to.bias, 0u, n), load(to.bias, 0u, n + 1u), load(to.bias, 0u, n + 2u), load(to.bias, 0u, n + 3u));
    }
    let at = index(to.c, m, n);
    if (to.accumulate != 0u) {
      sums += four_at(to.c.arena, at);
    }
    set_four(to.c.arena, at, sums);
  }
}

fn finish_rows(sums: mat4x4f, m: u32, n: u32, to: Operands) {
  var rows = sums;
  for (var r = 0u; r < 4u; r++) {
    finish_four(rows[r], m + r, n, to);
  }
}

// [M, N], rows in whole fours.
fn part_of(by: Operands, part: u32) -> Place {
  let ld = 4u * blocks(by.N, 4u);
  return Place(scratch_arena, by.scratch + part * by.M * ld, ld);
}

fn product(by: Operands, a_k_in_rows: bool, b_k_in_rows: bool, group: vec3u, thread: u32) {
  let first_row = group.y * TILE_ROWS;
  let first_column = group.x * TILE_COLUMNS;
  let rows = TileOperand(by.a, a_k_in_rows, by.M, first_row);
  let columns = TileOperand(by.b, b_k_in_rows, by.N, first_column);
  var to = by;
  var first_k = 0u;
  var end_k = by.K;
  if (PARTS > 1u) {
    let length = DEPTH * blocks(by.K, DEPTH * PARTS);
    first_k = group.z * length;
    end_k = min(by.K, first_k + length);
    to.c = part_of(by, group.z);
    to.bias = nowhere();
    to.accumulate = 0u;
  }
  let sums = tile_product(rows, columns, first_k, end_k, thread);
  let four = four_of(thread);
  let m = first_row + 4u * four.y;
  let n = first_column + 4u * four.x;
  finish_rows(sums.upper_left, m, n, to);
  finish_rows(sums.upper_right, m, n + TILE_COLUMNS / 2u, to);
  finish_rows(sums.lower_left, m + TILE_ROWS / 2u, n, to);
  finish_rows(sums.lower_right, m + TILE_ROWS / 2u, n + TILE_COLUMNS / 2u, to);
}

// A workgroup has 64 columns of a row.
fn add_parts(by: Operands, group: vec3u, thread: u32) {
  let n = group.x * 64u + thread;
  if (n < by.N) {
    var sum = 0.0;
    for (var part = 0u; part < PARTS; part++) {
      sum += load(part_of(by, part), group.y, n);
    }
    finish_element(sum, group.y, n, by);
  }
}

@compute @workgroup_size(TILE_THREADS)
fn productNT(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  product(operands_nt(), false, false, group, thread);
}

@compute @workgroup_size(64)
fn productNTParts(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  add_parts(operands_nt(), group, thread);
}

@compute @workgroup_size(TILE_THREADS)
fn productNN(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  product(operands_nn(), false, true, group, thread);
}

@compute @workgroup_size(64)
fn productNNParts(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  add_parts(operands_nn(), group, thread);
}

@compute @workgroup_size(TILE_THREADS)
fn productTN(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  product(operands_tn(), true, true, group, thread);
}

@compute @workgroup_size(64)
fn productTNParts(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  add_parts(operands_tn(), group, thread);
}

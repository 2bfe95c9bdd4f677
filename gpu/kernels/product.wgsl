// Matrix products; c is overwritten, or added to when `accumulate` is not 0.
//   NT  c_mn = Σ_k a_mk b_nk + bias_n        a layer forward
//   NN  c_mn = Σ_k a_mk b_kn                 the gradient of its input
//   TN  c_mn = Σ_k a_km b_kn                 the gradient of its weight
// A workgroup has a tile of 64 × 64 of c and walks K 16 at a time through workgroup memory; a thread has 4 × 4 of it in
// registers: rows y, y + 16, y + 32, y + 48 and columns x, x + 16, …, so that neighbours write neighbouring words.
// requires memory

override a_arena: u32;
override b_arena: u32;
override bias_arena: u32 = 0u;
override c_arena: u32;

struct ProductNT {
  a: vec2u, //    [M, K]
  b: vec2u, //    [N, K]
  bias: vec2u, // [N]
  c: vec2u, //    [M, N]
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
  M: u32,
  N: u32,
  K: u32,
  accumulate: u32,
}
@group(0) @binding(2) var<uniform> tn: ProductTN;

const TILE = 64u;
const DEPTH = 16u;
const PITCH = 65u; // no two of a column on one bank

var<workgroup> a_tile: array<f32, 1040>; // [DEPTH, PITCH]
var<workgroup> b_tile: array<f32, 1040>; // [DEPTH, PITCH]

// Rows y, y + 16, y + 32, y + 48. Not an array: what is indexed by a variable may not be in registers.
struct Sums {
  r0: vec4f,
  r1: vec4f,
  r2: vec4f,
  r3: vec4f,
}

// What all three have; how a and b lie tells them apart.
struct Operands {
  a: Place,
  b: Place,
  bias: Place, // [N]; may be absent
  c: Place, //    [M, N]
  M: u32,
  N: u32,
  K: u32,
  accumulate: u32,
}

fn operands_nt() -> Operands {
  let bias = place(bias_arena, nt.bias);
  return Operands(place(a_arena, nt.a), place(b_arena, nt.b), bias, place(c_arena, nt.c), nt.M, nt.N, nt.K, nt.accumulate);
}

fn operands_nn() -> Operands {
  let c = place(c_arena, nn.c);
  return Operands(place(a_arena, nn.a), place(b_arena, nn.b), nowhere(), c, nn.M, nn.N, nn.K, nn.accumulate);
}

fn operands_tn() -> Operands {
  let c = place(c_arena, tn.c);
  return Operands(place(a_arena, tn.a), place(b_arena, tn.b), nowhere(), c, tn.M, tn.N, tn.K, tn.accumulate);
}

// Element i of a tile of 64 rows or columns from `first` and 16 of K from k0; 0 outside. K may be the operand's rows or its
// columns: neighbouring threads read neighbouring words.
struct TileElement {
  at: u32, // in the tile
  value: f32,
}

fn tile_element(p: Place, k_in_rows: bool, i: u32, first: u32, k0: u32, count: u32, K: u32) -> TileElement {
  let along = select(i / DEPTH, i % TILE, k_in_rows);
  let k = select(i % DEPTH, i / TILE, k_in_rows);
  var value = 0.0;
  if (first + along < count && k0 + k < K) {
    value = load(p, select(first + along, k0 + k, k_in_rows), select(k0 + k, first + along, k_in_rows));
  }
  return TileElement(k * PITCH + along, value);
}

fn multiply_tiles(sums: ptr<function, Sums>, thread: u32) {
  let y = thread / 16u;
  let x = thread % 16u;
  for (var k = 0u; k < DEPTH; k++) {
    let at = k * PITCH;
    let b = vec4f(b_tile[at + x], b_tile[at + x + 16u], b_tile[at + x + 32u], b_tile[at + x + 48u]);
    (*sums).r0 += a_tile[at + y] * b;
    (*sums).r1 += a_tile[at + y + 16u] * b;
    (*sums).r2 += a_tile[at + y + 32u] * b;
    (*sums).r3 += a_tile[at + y + 48u] * b;
  }
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

fn finish_row(values: vec4f, m: u32, n: u32, to: Operands) {
  finish_element(values.x, m, n, to);
  finish_element(values.y, m, n + 16u, to);
  finish_element(values.z, m, n + 32u, to);
  finish_element(values.w, m, n + 48u, to);
}

fn product(by: Operands, a_k_in_rows: bool, b_k_in_rows: bool, group: vec3u, thread: u32) {
  let first_row = group.y * TILE;
  let first_column = group.x * TILE;
  var sums: Sums;
  for (var k0 = 0u; k0 < by.K; k0 += DEPTH) {
    for (var i = thread; i < TILE * DEPTH; i += 256u) {
      let a = tile_element(by.a, a_k_in_rows, i, first_row, k0, by.M, by.K);
      a_tile[a.at] = a.value;
      let b = tile_element(by.b, b_k_in_rows, i, first_column, k0, by.N, by.K);
      b_tile[b.at] = b.value;
    }
    workgroupBarrier();
    multiply_tiles(&sums, thread);
    workgroupBarrier();
  }
  let m = first_row + thread / 16u;
  let n = first_column + thread % 16u;
  finish_row(sums.r0, m, n, by);
  finish_row(sums.r1, m + 16u, n, by);
  finish_row(sums.r2, m + 32u, n, by);
  finish_row(sums.r3, m + 48u, n, by);
}

@compute @workgroup_size(256)
fn productNT(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  product(operands_nt(), false, false, group, thread);
}

@compute @workgroup_size(256)
fn productNN(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  product(operands_nn(), false, true, group, thread);
}

@compute @workgroup_size(256)
fn productTN(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  product(operands_tn(), true, true, group, thread);
}

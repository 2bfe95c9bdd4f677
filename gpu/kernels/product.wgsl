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

// Element (i, k) of an operand with its own count of rows and columns, 0 outside.
fn element(p: Place, row: u32, column: u32, rows: u32, columns: u32) -> f32 {
  if (row < rows && column < columns) {
    return load(p, row, column);
  }
  return 0.0;
}

// Where thread `i` reads in a tile whose rows of 16 run along K: (along the tile, along K).
fn along_depth(i: u32) -> vec2u {
  return vec2u(i / DEPTH, i % DEPTH);
}

// The same where rows of 64 run along the tile.
fn along_tile(i: u32) -> vec2u {
  return vec2u(i % TILE, i / TILE);
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

struct Result {
  bias: Place, // [N]; may be absent
  c: Place, // [M, N]
  M: u32,
  N: u32,
  accumulate: u32,
}

fn finish_element(value: f32, m: u32, n: u32, to: Result) {
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

fn finish_row(values: vec4f, m: u32, n: u32, to: Result) {
  finish_element(values.x, m, n, to);
  finish_element(values.y, m, n + 16u, to);
  finish_element(values.z, m, n + 32u, to);
  finish_element(values.w, m, n + 48u, to);
}

fn finish(sums: Sums, group: vec3u, thread: u32, to: Result) {
  let m = group.y * TILE + thread / 16u;
  let n = group.x * TILE + thread % 16u;
  finish_row(sums.r0, m, n, to);
  finish_row(sums.r1, m + 16u, n, to);
  finish_row(sums.r2, m + 32u, n, to);
  finish_row(sums.r3, m + 48u, n, to);
}

@compute @workgroup_size(256)
fn productNT(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let a = place(a_arena, nt.a);
  let b = place(b_arena, nt.b);
  var sums: Sums;
  for (var k0 = 0u; k0 < nt.K; k0 += DEPTH) {
    for (var i = thread; i < TILE * DEPTH; i += 256u) {
      let at = along_depth(i);
      a_tile[at.y * PITCH + at.x] = element(a, group.y * TILE + at.x, k0 + at.y, nt.M, nt.K);
      b_tile[at.y * PITCH + at.x] = element(b, group.x * TILE + at.x, k0 + at.y, nt.N, nt.K);
    }
    workgroupBarrier();
    multiply_tiles(&sums, thread);
    workgroupBarrier();
  }
  let to = Result(place(bias_arena, nt.bias), place(c_arena, nt.c), nt.M, nt.N, nt.accumulate);
  finish(sums, group, thread, to);
}

@compute @workgroup_size(256)
fn productNN(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let a = place(a_arena, nn.a);
  let b = place(b_arena, nn.b);
  var sums: Sums;
  for (var k0 = 0u; k0 < nn.K; k0 += DEPTH) {
    for (var i = thread; i < TILE * DEPTH; i += 256u) {
      let at = along_depth(i);
      a_tile[at.y * PITCH + at.x] = element(a, group.y * TILE + at.x, k0 + at.y, nn.M, nn.K);
      let bt = along_tile(i);
      b_tile[bt.y * PITCH + bt.x] = element(b, k0 + bt.y, group.x * TILE + bt.x, nn.K, nn.N);
    }
    workgroupBarrier();
    multiply_tiles(&sums, thread);
    workgroupBarrier();
  }
  let to = Result(place(ABSENT, vec2u()), place(c_arena, nn.c), nn.M, nn.N, nn.accumulate);
  finish(sums, group, thread, to);
}

@compute @workgroup_size(256)
fn productTN(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let a = place(a_arena, tn.a);
  let b = place(b_arena, tn.b);
  var sums: Sums;
  for (var k0 = 0u; k0 < tn.K; k0 += DEPTH) {
    for (var i = thread; i < TILE * DEPTH; i += 256u) {
      let at = along_tile(i);
      a_tile[at.y * PITCH + at.x] = element(a, k0 + at.y, group.y * TILE + at.x, tn.K, tn.M);
      b_tile[at.y * PITCH + at.x] = element(b, k0 + at.y, group.x * TILE + at.x, tn.K, tn.N);
    }
    workgroupBarrier();
    multiply_tiles(&sums, thread);
    workgroupBarrier();
  }
  let to = Result(place(ABSENT, vec2u()), place(c_arena, tn.c), tn.M, tn.N, tn.accumulate);
  finish(sums, group, thread, to);
}

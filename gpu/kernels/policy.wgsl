//   d = offset + tanh(U z)
//   dp = dd ⊙ (1 − (d − offset)²) in place of d,  dz += dp U
// Backward, everybody who multiplies by dp makes it from d and dd; only then is d overwritten: two dispatches.
// requires memory math row-product

override z_arena: u32 = 0u;
override weight_arena: u32 = 0u;
override d_arena: u32;
override dd_arena: u32 = 0u;
override dz_arena: u32 = 0u;

struct PolicyForward {
  z: vec2u, //      [B, A]
  weight: vec2u, // [P, A]  U
  d: vec2u, //      [B, P]
  B: u32,
  A: u32,
  P: u32,
  offset: f32,
}
@group(0) @binding(2) var<uniform> forward: PolicyForward;

struct PolicyBackward {
  d: vec2u, //      [B, P], then dp
  weight: vec2u, // [P, A]  U
  dd: vec2u, //     [B, P]
  dz: vec2u, //     [B, A]
  B: u32,
  A: u32,
  P: u32,
  offset: f32,
}
@group(0) @binding(2) var<uniform> backward: PolicyBackward;

// Forward, A is short and P long: a workgroup has 16 rows and 64 columns, and a thread four rows of a column.
const WIDTH = 64u;
const WIDTH_PITCH = 65u;
const DEPTH = 16u;

var<workgroup> z_tile: array<f32, 272>; // [16 rows, DEPTH + 1]
var<workgroup> weight_tile: array<f32, 1040>; // [DEPTH, WIDTH_PITCH]

@compute @workgroup_size(256)
fn policyForward(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let z = place(z_arena, forward.z);
  let weight = place(weight_arena, forward.weight);
  let first_row = group.y * ROW_TILE;
  let first_column = group.x * WIDTH;
  let row = first_row + thread / WIDTH; // and 4, 8, 12 after it
  let column = first_column + thread % WIDTH;
  var sums = vec4f(0.0);
  for (var k0 = 0u; k0 < forward.A; k0 += DEPTH) {
    let k = k0 + thread % DEPTH;
    var left = 0.0;
    if (first_row + thread / DEPTH < forward.B && k < forward.A) {
      left = load(z, first_row + thread / DEPTH, k);
    }
    z_tile[(thread / DEPTH) * ROW_PITCH + thread % DEPTH] = left;
    for (var c = thread / DEPTH; c < WIDTH; c += 16u) {
      var right = 0.0;
      if (first_column + c < forward.P && k < forward.A) {
        right = load(weight, first_column + c, k);
      }
      weight_tile[(thread % DEPTH) * WIDTH_PITCH + c] = right;
    }
    workgroupBarrier();
    let z0 = (thread / WIDTH) * ROW_PITCH;
    for (var i = 0u; i < DEPTH; i++) {
      let rows = vec4f(
        z_tile[z0 + i],
        z_tile[z0 + 4u * ROW_PITCH + i],
        z_tile[z0 + 8u * ROW_PITCH + i],
        z_tile[z0 + 12u * ROW_PITCH + i],
      );
      sums += rows * weight_tile[i * WIDTH_PITCH + thread % WIDTH];
    }
    workgroupBarrier();
  }
  store_policy(row, column, sums.x);
  store_policy(row + 4u, column, sums.y);
  store_policy(row + 8u, column, sums.z);
  store_policy(row + 12u, column, sums.w);
}

fn store_policy(row: u32, column: u32, p: f32) {
  if (row < forward.B && column < forward.P) {
    store(place(d_arena, forward.d), row, column, forward.offset + tangent(p));
  }
}

@compute @workgroup_size(256)
fn policyBackward(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let dp = through_tanh(place(dd_arena, backward.dd), place(d_arena, backward.d), backward.offset);
  let weight = place(weight_arena, backward.weight);
  let first_row = group.y * ROW_TILE;
  let first_column = group.x * ROW_TILE;
  let sum = row_product(
    dp, weight, false, backward.B, backward.A, 0u, backward.P, first_row, first_column, thread);
  let row = first_row + thread / ROW_TILE;
  let column = first_column + thread % ROW_TILE;
  if (row < backward.B && column < backward.A) {
    add_to(place(dz_arena, backward.dz), row, column, sum);
  }
}

@compute @workgroup_size(256)
fn policyBackwardInPlace(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let d = place(d_arena, backward.d);
  let dp = through_tanh(place(dd_arena, backward.dd), d, backward.offset);
  for (var i = id.x; i < backward.B * backward.P; i += groups.x * 256u) {
    store(d, i / backward.P, i % backward.P, left_element(dp, i / backward.P, i % backward.P));
  }
}

//   d = tanh(U z)
//   dp = dd ⊙ (1 − d²) in place of dd,  dz += dp U
// Backward, everybody who multiplies by dp makes it from dd; only then is dd overwritten: two dispatches.
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
}
@group(0) @binding(2) var<uniform> forward: PolicyForward;

struct PolicyBackward {
  d: vec2u, //      [B, P]
  weight: vec2u, // [P, A]  U
  dd: vec2u, //     [B, P], then dp
  dz: vec2u, //     [B, A]
  B: u32,
  A: u32,
  P: u32,
}
@group(0) @binding(2) var<uniform> backward: PolicyBackward;

@compute @workgroup_size(256)
fn policyForward(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let z = place(z_arena, forward.z);
  let weight = place(weight_arena, forward.weight);
  let first_row = group.y * ROW_TILE;
  let first_column = group.x * ROW_TILE;
  let nothing = place(ABSENT, vec2u());
  let p = row_product(
    z, nothing, false, weight, true, forward.B, forward.P, 0u, forward.A, first_row, first_column, thread);
  let row = first_row + thread / ROW_TILE;
  let column = first_column + thread % ROW_TILE;
  if (row < forward.B && column < forward.P) {
    store(place(d_arena, forward.d), row, column, tangent(p));
  }
}

@compute @workgroup_size(256)
fn policyBackward(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let d = place(d_arena, backward.d);
  let dd = place(dd_arena, backward.dd);
  let weight = place(weight_arena, backward.weight);
  let first_row = group.y * ROW_TILE;
  let first_column = group.x * ROW_TILE;
  let sum = row_product(
    dd, d, true, weight, false, backward.B, backward.A, 0u, backward.P, first_row, first_column, thread);
  let row = first_row + thread / ROW_TILE;
  let column = first_column + thread % ROW_TILE;
  if (row < backward.B && column < backward.A) {
    add_to(place(dz_arena, backward.dz), row, column, sum);
  }
}

@compute @workgroup_size(256)
fn policyBackwardInPlace(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let d = place(d_arena, backward.d);
  let dd = place(dd_arena, backward.dd);
  for (var i = id.x; i < backward.B * backward.P; i += groups.x * 256u) {
    store(dd, i / backward.P, i % backward.P, left_element(dd, d, true, i / backward.P, i % backward.P));
  }
}

//   r = W_x x + W_h h′ + W_ζ ζ + R z′ + b,  W = [W_x W_h W_ζ]
//   z_c, z̃ = LSTM unit(r, z_c′),  z = mask ⊙ z̃
// and, from dz and dz_c, with dr the gradient of r:
//   dz′ = dr R,  dz_c′ as in the unit,  dx += dr W_x,  dh += dr W_h,  dζ += dr W_ζ
// Forward is one dispatch. Backward, dr stands where the gates were before anything is multiplied by it: two.
// requires memory math lstm gate-product row-product latent-products

override x_arena: u32 = 0u;
override h_arena: u32 = 0u;
override zeta_arena: u32 = 0u;
override zPrevious_arena: u32 = 0u;
override zcPrevious_arena: u32;
override weightX_arena: u32 = 0u;
override weightH_arena: u32;
override weightZeta_arena: u32 = 0u;
override weightHh_arena: u32;
override bias_arena: u32 = 0u;
override mask_arena: u32 = 0u;
override gates_arena: u32;
override zc_arena: u32;
override z_arena: u32 = 0u;
override dz_arena: u32 = 0u;
override dzc_arena: u32 = 0u;
override dh_arena: u32 = 0u;
override dx_arena: u32 = 0u;
override dzeta_arena: u32 = 0u;

struct LatentCellForward {
  x: vec2u, //          [B, I]; absent when W_x x + b is in gates already
  h: vec2u, //          [B, H]  h′
  zeta: vec2u, //       [B, A]
  zPrevious: vec2u, //  [B, A]  z′
  zcPrevious: vec2u, // [B, A]  z_c′
  weightX: vec2u, //    [4A, I]
  weightH: vec2u, //    [4A, H]
  weightZeta: vec2u, // [4A, A]
  weightHh: vec2u, //   [4A, A]  R
  bias: vec2u, //       [4A]
  mask: vec2u, //       [B, A]
  gates: vec2u, //      [B, 4A]
  zc: vec2u, //         [B, A]
  z: vec2u, //          [B, A]
  B: u32,
  I: u32,
  H: u32,
  A: u32,
}
@group(0) @binding(2) var<uniform> forward: LatentCellForward;

struct LatentCellBackward {
  zcPrevious: vec2u, // [B, A]  z_c′
  zc: vec2u, //         [B, A]
  weightX: vec2u, //    [4A, I]
  weightH: vec2u, //    [4A, H]
  weightZeta: vec2u, // [4A, A]
  weightHh: vec2u, //   [4A, A]  R
  mask: vec2u, //       [B, A]
  gates: vec2u, //      [B, 4A]  i f g o, then dr
  dz: vec2u, //         [B, A]  of z_t, then of z′
  dzc: vec2u, //        [B, A]  of z_c,t, then of z_c′
  dh: vec2u, //         [B, H]
  dx: vec2u, //         [B, I]
  dzeta: vec2u, //      [B, A]
  B: u32,
  I: u32,
  H: u32,
  A: u32,
}
@group(0) @binding(2) var<uniform> backward: LatentCellBackward;

@compute @workgroup_size(256)
fn latentCellForward(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let B = forward.B;
  let A = forward.A;
  let nothing = nowhere();
  let weight_x = place(weightX_arena, forward.weightX);
  let weight_h = place(weightH_arena, forward.weightH);
  let weight_zeta = place(weightZeta_arena, forward.weightZeta);
  let weight_hh = place(weightHh_arena, forward.weightHh);
  var sums: GateSums;
  if (x_arena != ABSENT) {
    add_gates(&sums, place(x_arena, forward.x), nothing, nothing, weight_x, B, A, forward.I, group, thread);
  }
  add_gates(&sums, place(h_arena, forward.h), nothing, nothing, weight_h, B, A, forward.H, group, thread);
  if (zeta_arena != ABSENT) {
    add_gates(&sums, place(zeta_arena, forward.zeta), nothing, nothing, weight_zeta, B, A, A, group, thread);
  }
  add_gates(&sums, place(zPrevious_arena, forward.zPrevious), nothing, nothing, weight_hh, B, A, A, group, thread);
  let r = reduce_gates(sums, thread);
  let row = group.y * GATE_ROWS + thread / GATE_UNITS;
  let j = group.x * GATE_UNITS + thread % GATE_UNITS;
  if (thread < GATE_ROWS * GATE_UNITS && row < B && j < A) {
    finish_unit(row, j, r);
  }
}

// From the products to the unit's state.
fn finish_unit(row: u32, j: u32, products: vec4f) {
  let A = forward.A;
  let gates = place(gates_arena, forward.gates);
  var r = products;
  if (x_arena != ABSENT) {
    r += load_gates(place(bias_arena, forward.bias), 0u, j, A);
  } else {
    r += load_gates(gates, row, j, A);
  }
  let unit = activate(r);
  let zc = unit.y * load(place(zcPrevious_arena, forward.zcPrevious), row, j) + unit.x * unit.z;
  let z = unit.w * tangent(zc);
  keep_gates(gates, row, j, A, unit);
  store(place(zc_arena, forward.zc), row, j, zc);
  store(place(z_arena, forward.z), row, j, z * factor(place(mask_arena, forward.mask), row, j));
}

// First: gates become dr, dz_c goes on to z_c′.
@compute @workgroup_size(64)
fn latentCellBackwardUnits(@builtin(global_invocation_id) id: vec3u) {
  let A = backward.A;
  if (id.x >= backward.B * A) {
    return;
  }
  let row = id.x / A;
  let j = id.x % A;
  let gates = place(gates_arena, backward.gates);
  let dzc = place(dzc_arena, backward.dzc);
  let dy = factor(place(mask_arena, backward.mask), row, j) * load(place(dz_arena, backward.dz), row, j);
  let zc_previous = load(place(zcPrevious_arena, backward.zcPrevious), row, j);
  var dc = load(dzc, row, j);
  let zc = load(place(zc_arena, backward.zc), row, j);
  let dr = unit_backward(load_gates(gates, row, j, A), zc_previous, zc, dy, &dc);
  keep_gates(gates, row, j, A, dr);
  store(dzc, row, j, dc);
}

fn latent_targets() -> LatentTargets {
  return LatentTargets(
    LatentTarget(place(weightHh_arena, backward.weightHh), place(dz_arena, backward.dz), backward.A, false),
    LatentTarget(place(weightH_arena, backward.weightH), place(dh_arena, backward.dh), backward.H, true),
    LatentTarget(place(weightX_arena, backward.weightX), place(dx_arena, backward.dx), backward.I, true),
    LatentTarget(place(weightZeta_arena, backward.weightZeta), place(dzeta_arena, backward.dzeta), backward.A, true),
  );
}

// Then: dr times each weight.
@compute @workgroup_size(256)
fn latentCellBackward(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let B = backward.B;
  let dr = place(gates_arena, backward.gates);
  let first_row = group.y * ROW_TILE;
  let tile = latent_tile(latent_targets(), group.x, ROW_TILE);
  let one = tile.to_whom;
  let sum = row_product(
    scaled(dr, nowhere()), one.weight, false, B, one.width, 0u, 4u * backward.A, first_row, tile.first_column, thread);
  let row = first_row + thread / ROW_TILE;
  let column = tile.first_column + thread % ROW_TILE;
  if (row < B && column < one.width) {
    finish_latent(one, row, column, sum);
  }
}

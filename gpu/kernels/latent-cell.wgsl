//   r = W_x x + W_h h′ + W_ζ ζ + R z′ + b,  W = [W_x W_h W_ζ]
//   z_c, z̃ = LSTM unit(r, z_c′),  z = mask ⊙ z̃
// and, from dz and dz_c, with dr the gradient of r:
//   dz′ = dr R,  dz_c′ as in the unit,  dx += dr W_x,  dh += dr W_h,  dζ += dr W_ζ
// Forward is one dispatch. Backward, dr stands where the gates were before anything is multiplied by it: two.
// requires memory math lstm gate-product row-product

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
  let nothing = place(ABSENT, vec2u());
  let gates = place(gates_arena, forward.gates);
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
  var r = reduce_gates(sums, thread);

  let row = group.y * GATE_ROWS + thread / GATE_UNITS;
  let j = group.x * GATE_UNITS + thread % GATE_UNITS;
  if (thread >= GATE_ROWS * GATE_UNITS || row >= B || j >= A) {
    return;
  }
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

// Then: dr times each weight. The columns of R, W_h, W_x and W_ζ stand side by side in tiles of 16.
@compute @workgroup_size(256)
fn latentCellBackward(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let B = backward.B;
  let A = backward.A;
  let nothing = place(ABSENT, vec2u());
  let dr = place(gates_arena, backward.gates);
  let first_row = group.y * ROW_TILE;
  let row = first_row + thread / ROW_TILE;

  var tile = group.x;
  var weight = place(weightHh_arena, backward.weightHh);
  var width = A;
  var which = 0u;
  if (tile >= blocks(A, ROW_TILE)) {
    tile -= blocks(A, ROW_TILE);
    weight = place(weightH_arena, backward.weightH);
    width = backward.H;
    which = 1u;
    if (tile >= blocks(backward.H, ROW_TILE)) {
      tile -= blocks(backward.H, ROW_TILE);
      let x_tiles = select(0u, blocks(backward.I, ROW_TILE), dx_arena != ABSENT);
      if (tile < x_tiles) {
        weight = place(weightX_arena, backward.weightX);
        width = backward.I;
        which = 2u;
      } else {
        tile -= x_tiles;
        weight = place(weightZeta_arena, backward.weightZeta);
        width = A;
        which = 3u;
      }
    }
  }
  let first_column = tile * ROW_TILE;
  let sum = row_product(dr, nothing, false, weight, false, B, width, 0u, 4u * A, first_row, first_column, thread);
  let column = first_column + thread % ROW_TILE;
  if (row >= B || column >= width) {
    return;
  }
  switch (which) {
    case 0u: {
      store(place(dz_arena, backward.dz), row, column, sum);
    }
    case 1u: {
      add_to(place(dh_arena, backward.dh), row, column, sum);
    }
    case 2u: {
      add_to(place(dx_arena, backward.dx), row, column, sum);
    }
    default: {
      add_to(place(dzeta_arena, backward.dzeta), row, column, sum);
    }
  }
}

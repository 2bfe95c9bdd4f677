// The policy's backward and the latent cell's after it, as one: two dispatches instead of four.
//   dp = dd ⊙ (1 − (d − offset)²) in place of d,  dz += dp U
//   dr, dz_c′ from dz, as in the latent cell;  dz′ = dr R,  dx += dr W_x,  dh += dr W_h,  dζ += dr W_ζ
// Who multiplies by dr needs all of dp U before. So the first dispatch leaves sums over parts of P, side by side, and in
// the second everybody who needs an element of dr adds these up for himself. What the second overwrites and others still
// have to see (gates, dz, dz_c) the first has copied. The order of every sum is fixed.
// requires memory math lstm row-product latent-products

override zcPrevious_arena: u32;
override zc_arena: u32;
override weightX_arena: u32;
override weightH_arena: u32;
override weightZeta_arena: u32;
override weightHh_arena: u32;
override mask_arena: u32;
override gates_arena: u32;
override dz_arena: u32;
override dzc_arena: u32;
override dh_arena: u32;
override dx_arena: u32;
override dzeta_arena: u32;
override d_arena: u32;
override weight_arena: u32;
override dd_arena: u32;
override scratch_arena: u32;

struct PolicyLatentBackward {
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
  d: vec2u, //          [B, P], then dp
  weight: vec2u, //     [P, A]  U
  dd: vec2u, //         [B, P]
  scratch: vec2u, //    [6 + C, B, A]  gates, dz and dz_c as they were; sums over C parts of P
  B: u32,
  I: u32,
  H: u32,
  A: u32,
  P: u32,
  offset: f32,
}
@group(0) @binding(2) var<uniform> args: PolicyLatentBackward;

const COPIES = 6u;

// Plane `plane` of scratch.
fn plane_at(plane: u32) -> Place {
  return Place(scratch_arena, args.scratch.x + plane * args.B * args.A, args.A);
}

@compute @workgroup_size(256)
fn policyLatentParts(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let dp = through_tanh(place(dd_arena, args.dd), place(d_arena, args.d), args.offset);
  let weight = place(weight_arena, args.weight);
  let first_row = group.y * ROW_TILE;
  let first_column = group.x * ROW_TILE;
  let length = blocks(args.P, groups.z);
  let first_k = min(group.z * length, args.P);
  let end_k = min(first_k + length, args.P);
  let sum = row_product(
    dp, weight, false, args.B, args.A, first_k, end_k, first_row, first_column, thread);
  let row = first_row + thread / ROW_TILE;
  let j = first_column + thread % ROW_TILE;
  if (row >= args.B || j >= args.A) {
    return;
  }
  store(plane_at(COPIES + group.z), row, j, sum);
  if (group.z == 0u) {
    let gates = load_gates(place(gates_arena, args.gates), row, j, args.A);
    store(plane_at(0u), row, j, gates.x);
    store(plane_at(1u), row, j, gates.y);
    store(plane_at(2u), row, j, gates.z);
    store(plane_at(3u), row, j, gates.w);
    store(plane_at(4u), row, j, load(place(dz_arena, args.dz), row, j));
    store(plane_at(5u), row, j, load(place(dzc_arena, args.dzc), row, j));
  }
}

// How many parts of P there are; as in gpu/kernel-table.ts.
fn part_count() -> u32 {
  return clamp(blocks(args.P, 512u), 1u, 8u);
}

// dr of one unit, and what goes on to z_c′.
fn unit_gradient(row: u32, j: u32, dc: ptr<function, f32>) -> vec4f {
  var dz = load(plane_at(4u), row, j);
  for (var part = 0u; part < part_count(); part++) {
    dz += load(plane_at(COPIES + part), row, j);
  }
  dz *= factor(place(mask_arena, args.mask), row, j);
  let gates = vec4f(
    load(plane_at(0u), row, j),
    load(plane_at(1u), row, j),
    load(plane_at(2u), row, j),
    load(plane_at(3u), row, j),
  );
  *dc = load(plane_at(5u), row, j);
  let zc_previous = load(place(zcPrevious_arena, args.zcPrevious), row, j);
  return unit_backward(gates, zc_previous, load(place(zc_arena, args.zc), row, j), dz, dc);
}

// dr [B, 4A] · w [4A, N], K running by units: a tile of 16 is all four gates of four units. Who has the first columns
// writes dr and dz_c′.
fn latent_product(w: Place, N: u32, first_row: u32, first_column: u32, writes: bool, thread: u32) -> f32 {
  let A = args.A;
  let lane = thread % 64u;
  let slice = thread / 64u;
  let length = blocks(blocks(A, 4u), 4u) * 4u;
  let x_tile = slice * ROW_SLICE;
  let w_tile = x_tile + ROW_TILE * ROW_PITCH;
  var sums = vec4f(0.0);
  for (var step = 0u; step < length; step += 4u) {
    let first_unit = slice * length + step;
    let row = first_row + lane / 4u;
    let j = first_unit + lane % 4u;
    var dr = vec4f(0.0);
    if (row < args.B && j < A) {
      var dc = 0.0;
      dr = unit_gradient(row, j, &dc);
      if (writes) {
        keep_gates(place(gates_arena, args.gates), row, j, A, dr);
        store(place(dzc_arena, args.dzc), row, j, dc);
      }
    }
    let at = x_tile + (lane / 4u) * ROW_PITCH + (lane % 4u) * 4u;
    row_tiles[at] = dr.x;
    row_tiles[at + 1u] = dr.y;
    row_tiles[at + 2u] = dr.z;
    row_tiles[at + 3u] = dr.w;
    for (var i = lane; i < ROW_TILE * ROW_TILE; i += 64u) {
      let k = i / ROW_TILE; // unit · 4 + gate
      let unit = first_unit + k / 4u;
      let column = first_column + i % ROW_TILE;
      var right = 0.0;
      if (unit < A && column < N) {
        right = load(w, (k % 4u) * A + unit, column);
      }
      row_tiles[w_tile + k * ROW_PITCH + i % ROW_TILE] = right;
    }
    workgroupBarrier();
    add_row_tiles(&sums, thread);
    workgroupBarrier();
  }
  return sum_of_slices(sums, thread);
}

fn latent_targets() -> LatentTargets {
  return LatentTargets(
    LatentTarget(place(weightHh_arena, args.weightHh), place(dz_arena, args.dz), args.A, false),
    LatentTarget(place(weightH_arena, args.weightH), place(dh_arena, args.dh), args.H, true),
    LatentTarget(place(weightX_arena, args.weightX), place(dx_arena, args.dx), args.I, true),
    LatentTarget(place(weightZeta_arena, args.weightZeta), place(dzeta_arena, args.dzeta), args.A, true),
  );
}

// The workgroups after those of the products turn d into dp.
@compute @workgroup_size(256)
fn policyLatentBackward(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let all = latent_targets();
  let end = latent_tiles(all, ROW_TILE);
  if (group.x >= end) {
    let d = place(d_arena, args.d);
    let dp = through_tanh(place(dd_arena, args.dd), d, args.offset);
    let workers = (groups.x - end) * groups.y * 256u;
    let worker = ((group.x - end) * groups.y + group.y) * 256u + thread;
    for (var i = worker; i < args.B * args.P; i += workers) {
      store(d, i / args.P, i % args.P, left_element(dp, i / args.P, i % args.P));
    }
    return;
  }
  let tile = latent_tile(all, group.x, ROW_TILE);
  let one = tile.to_whom;
  let first_row = group.y * ROW_TILE;
  let sum = latent_product(one.weight, one.width, first_row, tile.first_column, group.x == 0u, thread);
  let row = first_row + thread / ROW_TILE;
  let column = tile.first_column + thread % ROW_TILE;
  if (row < args.B && column < one.width) {
    finish_latent(one, row, column, sum);
  }
}

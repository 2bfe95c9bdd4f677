// The products of latent-cell.wgsl by quads; backward, each weight is a dispatch.
// requires quad-product

@compute @workgroup_size(4)
fn latentCellForwardQuads(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let B = forward.B;
  let A = forward.A;
  let tile = quad_tile(group, lane);
  let row = tile.row;
  let unit = group.x * QUAD_UNITS + lane; // and four after it
  var sums: QuadSums;
  if (x_arena != ABSENT) {
    let w = place(weightX_arena, forward.weightX);
    add_quad_nt(&sums, place(x_arena, forward.x), w, B, 4u * A, forward.I, row, unit, unit + 4u, A);
  }
  let w = place(weightH_arena, forward.weightH);
  add_quad_nt(&sums, place(h_arena, forward.h), w, B, 4u * A, forward.H, row, unit, unit + 4u, A);
  if (zeta_arena != ABSENT) {
    let w = place(weightZeta_arena, forward.weightZeta);
    add_quad_nt(&sums, place(zeta_arena, forward.zeta), w, B, 4u * A, A, row, unit, unit + 4u, A);
  }
  let r = place(weightHh_arena, forward.weightHh);
  add_quad_nt(&sums, place(zPrevious_arena, forward.zPrevious), r, B, 4u * A, A, row, unit, unit + 4u, A);
  var results = quad_results(sums);
  for (var i = 0u; i < 2u * quad_rows(); i++) {
    let one = quad_row(&results, i, tile.first_row, lane);
    let j = unit + 4u * one.half;
    if (one.row < B && j < A) {
      finish_unit(one.row, j, one.values);
    }
  }
}

fn latent_quads(one: LatentTarget, group: vec3u, lane: u32) {
  let dr = place(gates_arena, backward.gates);
  let tile = quad_tile(group, lane);
  var sums: QuadSums;
  add_quad_nn(&sums, dr, nowhere(), one.weight, backward.B, one.width, 4u * backward.A, tile);
  var results = quad_results(sums);
  for (var i = 0u; i < 2u * quad_rows(); i++) {
    let sums_of_row = quad_row(&results, i, tile.first_row, lane);
    for (var c = 0u; c < 4u; c++) {
      let column = tile.column + 16u * sums_of_row.half + c;
      if (sums_of_row.row < backward.B && column < one.width) {
        finish_latent(one, sums_of_row.row, column, sums_of_row.values[c]);
      }
    }
  }
}

@compute @workgroup_size(4)
fn latentCellBackwardState(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  latent_quads(latent_targets().z, group, lane);
}

@compute @workgroup_size(4)
fn latentCellBackwardHidden(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  latent_quads(latent_targets().h, group, lane);
}

@compute @workgroup_size(4)
fn latentCellBackwardInput(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  latent_quads(latent_targets().x, group, lane);
}

@compute @workgroup_size(4)
fn latentCellBackwardZeta(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  latent_quads(latent_targets().zeta, group, lane);
}

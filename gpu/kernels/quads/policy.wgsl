// The products of policy.wgsl by quads. Backward, d is dp before anything is multiplied by it.
// requires quad-product

@compute @workgroup_size(4)
fn policyForwardQuads(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let z = place(z_arena, forward.z);
  let weight = place(weight_arena, forward.weight);
  let tile = quad_tile(group, lane);
  var sums: QuadSums;
  add_quad_nt(
    &sums, z, weight, forward.B, forward.P, forward.A, tile.row, tile.column, tile.column + 16u, 1u);
  var results = quad_results(sums);
  for (var i = 0u; i < 2u * quad_rows(); i++) {
    let one = quad_row(&results, i, tile.first_row, lane);
    let column = tile.column + 16u * one.half;
    store_policy(one.row, column, one.values.x);
    store_policy(one.row, column + 1u, one.values.y);
    store_policy(one.row, column + 2u, one.values.z);
    store_policy(one.row, column + 3u, one.values.w);
  }
}

@compute @workgroup_size(4)
fn policyBackwardQuads(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let dp = place(d_arena, backward.d);
  let dz = place(dz_arena, backward.dz);
  let weight = place(weight_arena, backward.weight);
  let tile = quad_tile(group, lane);
  var sums: QuadSums;
  add_quad_nn(&sums, dp, nowhere(), weight, backward.B, backward.A, backward.P, tile);
  var results = quad_results(sums);
  for (var i = 0u; i < 2u * quad_rows(); i++) {
    let one = quad_row(&results, i, tile.first_row, lane);
    for (var c = 0u; c < 4u; c++) {
      let column = tile.column + 16u * one.half + c;
      if (one.row < backward.B && column < backward.A) {
        add_to(dz, one.row, column, one.values[c]);
      }
    }
  }
}

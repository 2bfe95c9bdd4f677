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
  for (var e = 0u; e < 4u * QUAD_RESULTS; e++) {
    let one = quad_element(&results, e, tile);
    store_policy(one.row, one.column, one.value);
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
  for (var e = 0u; e < 4u * QUAD_RESULTS; e++) {
    let one = quad_element(&results, e, tile);
    if (one.row < backward.B && one.column < backward.A) {
      add_to(dz, one.row, one.column, one.value);
    }
  }
}

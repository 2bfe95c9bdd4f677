// The products of product.wgsl by quads.
// requires quad-product

fn finish_quads(sums: ptr<function, QuadSums>, tile: QuadTile, to: Operands) {
  var results = quad_results(*sums);
  for (var e = 0u; e < 4u * QUAD_RESULTS; e++) {
    let one = quad_element(&results, e, tile);
    finish_element(one.value, one.row, one.column, to);
  }
}

@compute @workgroup_size(4)
fn productNTQuads(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let by = operands_nt();
  let tile = quad_tile(group, lane);
  var sums: QuadSums;
  add_quad_nt(&sums, by.a, by.b, by.M, by.N, by.K, tile.row, tile.column, tile.column + 16u, 1u);
  finish_quads(&sums, tile, by);
}

@compute @workgroup_size(4)
fn productNNQuads(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let by = operands_nn();
  let tile = quad_tile(group, lane);
  var sums: QuadSums;
  add_quad_nn(&sums, by.a, nowhere(), by.b, by.M, by.N, by.K, tile);
  finish_quads(&sums, tile, by);
}

@compute @workgroup_size(4)
fn productTNQuads(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let by = operands_tn();
  let tile = quad_tile(group, lane);
  var sums: QuadSums;
  add_quad_tn(&sums, by.a, by.b, by.M, by.N, by.K, tile);
  finish_quads(&sums, tile, by);
}

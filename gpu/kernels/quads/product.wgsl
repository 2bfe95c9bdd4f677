// The products of product.wgsl by quads.
// requires quad-product

fn finish_quads(sums: ptr<function, QuadSums>, tile: QuadTile, order: u32, to: Operands) {
  var results = quad_results(*sums);
  for (var i = 0u; i < 2u * quad_rows(); i++) {
    let one = quad_row(&results, i, tile.first_row, order);
    let column = tile.column + 16u * one.half;
    finish_element(one.values.x, one.row, column, to);
    finish_element(one.values.y, one.row, column + 1u, to);
    finish_element(one.values.z, one.row, column + 2u, to);
    finish_element(one.values.w, one.row, column + 3u, to);
  }
}

@compute @workgroup_size(4)
fn productNTQuads(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let by = operands_nt();
  let tile = quad_tile(group, lane);
  var sums: QuadSums;
  add_quad_nt(&sums, by.a, by.b, by.M, by.N, by.K, tile.row, tile.column, tile.column + 16u, 1u);
  finish_quads(&sums, tile, lane, by);
}

@compute @workgroup_size(4)
fn productNNQuads(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let by = operands_nn();
  let tile = quad_tile(group, lane);
  var sums: QuadSums;
  add_quad_nn(&sums, by.a, nowhere(), by.b, by.M, by.N, by.K, tile);
  finish_quads(&sums, tile, lane, by);
}

@compute @workgroup_size(4)
fn productTNQuads(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let by = operands_tn();
  let tile = quad_tile(group, lane);
  var sums: QuadSums;
  add_quad_tn(&sums, by.a, by.b, by.M, by.N, by.K, tile);
  finish_quads(&sums, tile, 4u * lane, by);
}

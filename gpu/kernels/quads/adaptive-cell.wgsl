// The products of adaptive-cell.wgsl by quads. Forward, d_x ⊙ x and d_h ⊙ h′ are there already. Where both products are
// kept, what follows is left to adaptiveCellForwardUnits, which finds single words more quickly.
// requires quad-product

@compute @workgroup_size(4)
fn adaptiveCellForwardQuads(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let B = forward.B;
  let H = forward.H;
  let tile = quad_tile(group, lane);
  let row = tile.row;
  let unit = group.x * QUAD_UNITS + lane; // and four after it
  var input: QuadSums;
  if (x_arena != ABSENT) {
    let raw = place(x_arena, forward.x);
    let scaled = place(scaledX_arena, forward.scaledX);
    let w = place(weightIh_arena, forward.weightIh);
    add_quad_nt(&input, chosen(scaled, raw, policyX_arena), w, B, 4u * H, forward.I, row, unit, unit + 4u, H);
  }
  var hidden: QuadSums;
  let raw = place(h_arena, forward.h);
  let scaled = place(scaledH_arena, forward.scaledH);
  let w = place(weightHh_arena, forward.weightHh);
  add_quad_nt(&hidden, chosen(scaled, raw, policyH_arena), w, B, 4u * H, H, row, unit, unit + 4u, H);
  var p = quad_results(input);
  var q = quad_results(hidden);
  for (var i = 0u; i < 2u * quad_rows(); i++) {
    let of_input = quad_row(&p, i, tile.first_row, lane);
    let of_hidden = quad_row(&q, i, tile.first_row, lane);
    let j = unit + 4u * of_input.half;
    if (of_input.row < B && j < H) {
      keep_products(of_input.row, j, of_input.values, of_hidden.values);
      if (!keeps_products()) {
        finish_unit(of_input.row, j, of_input.values, of_hidden.values);
      }
    }
  }
}

// As in gpu/quad-table.ts.
fn keeps_products() -> bool {
  return hiddenPart_arena != ABSENT && (x_arena == ABSENT || inputPart_arena != ABSENT);
}

// What is scaled by a policy, if there is one.
fn chosen(scaled: Place, raw: Place, policy: u32) -> Place {
  return either(policy == ABSENT, raw, scaled);
}

fn backward_quads(by: Factors, group: vec3u, lane: u32) {
  let tile = quad_tile(group, lane);
  var sums: QuadSums;
  add_quad_nn(&sums, by.left, by.scale, by.weight, backward.B, by.width, 4u * backward.H, tile);
  var results = quad_results(sums);
  for (var i = 0u; i < 2u * quad_rows(); i++) {
    let one = quad_row(&results, i, tile.first_row, lane);
    for (var c = 0u; c < 4u; c++) {
      let column = tile.column + 16u * one.half + c;
      if (one.row < backward.B && column < by.width) {
        finish_product(by.of_input, one.row, column, one.values[c]);
      }
    }
  }
}

@compute @workgroup_size(4)
fn adaptiveCellBackwardHidden(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  backward_quads(hidden_factors(), group, lane);
}

@compute @workgroup_size(4)
fn adaptiveCellBackwardInput(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  backward_quads(input_factors(), group, lane);
}

//   p = W_ih (d_x ⊙ x),  q = W_hh (d_h ⊙ h′)
//   u = d_ih ⊙ p + d_hh ⊙ q + d_b ⊙ b;  c, y = LSTM unit(u, c′);  h = mask ⊙ y
// A policy that is left out is 1. Backward, from dy, dh and dc, with du the gradient of u:
//   dd_ih = du ⊙ p,  dp = d_ih ⊙ du,  da = dp W_ih,  dd_x = da ⊙ x,   dx += da ⊙ d_x
//   dd_hh = du ⊙ q,  dq = d_hh ⊙ du,  de = dq W_hh,  dd_h = de ⊙ h′,  dh′ = de ⊙ d_h
//   dd_b = du ⊙ b
// Forward is one dispatch. Backward is two: du and what is element-wise in it, then the products with the weights. When
// only the bias is adapted there is no place for du beside d_b ⊙ du: gates keep du, and a third scales them.
// requires memory math lstm gate-product row-product

override x_arena: u32 = 0u;
override h_arena: u32;
override cPrevious_arena: u32;
override weightIh_arena: u32;
override weightHh_arena: u32;
override bias_arena: u32;
override policyX_arena: u32 = 0u;
override policyH_arena: u32 = 0u;
override policyIh_arena: u32 = 0u;
override policyHh_arena: u32 = 0u;
override policyB_arena: u32 = 0u;
override mask_arena: u32 = 0u;
override scaledX_arena: u32 = 0u;
override scaledH_arena: u32 = 0u;
override inputPart_arena: u32 = 0u;
override hiddenPart_arena: u32 = 0u;
override gates_arena: u32;
override c_arena: u32;
override y_arena: u32 = 0u;
override hNext_arena: u32 = 0u;
override dpolicyX_arena: u32 = 0u;
override dpolicyH_arena: u32 = 0u;
override dpolicyIh_arena: u32 = 0u;
override dpolicyHh_arena: u32 = 0u;
override dpolicyB_arena: u32 = 0u;
override dy_arena: u32 = 0u;
override dh_arena: u32 = 0u;
override dc_arena: u32 = 0u;
override dx_arena: u32 = 0u;

struct AdaptiveCellForward {
  x: vec2u, //          [B, I]; absent when p is in inputPart, or, without inputPart, p + b in gates
  h: vec2u, //          [B, H]  h′, masked
  cPrevious: vec2u, //  [B, H]  c′
  weightIh: vec2u, //   [4H, I]
  weightHh: vec2u, //   [4H, H]
  bias: vec2u, //       [4H]
  policyX: vec2u, //    [B, I]  d_x
  policyH: vec2u, //    [B, H]  d_h
  policyIh: vec2u, //   [B, 4H]  d_ih
  policyHh: vec2u, //   [B, 4H]  d_hh
  policyB: vec2u, //    [B, 4H]  d_b
  mask: vec2u, //       [B, H]
  scaledX: vec2u, //    [B, I]  d_x ⊙ x
  scaledH: vec2u, //    [B, H]  d_h ⊙ h′
  inputPart: vec2u, //  [B, 4H]  p
  hiddenPart: vec2u, // [B, 4H]  q
  gates: vec2u, //      [B, 4H]
  c: vec2u, //          [B, H]
  y: vec2u, //          [B, H]
  hNext: vec2u, //      [B, H]
  B: u32,
  I: u32,
  H: u32,
}
@group(0) @binding(2) var<uniform> forward: AdaptiveCellForward;

struct AdaptiveCellBackward {
  x: vec2u, //          [B, I]
  h: vec2u, //          [B, H]  h′
  cPrevious: vec2u, //  [B, H]  c′
  c: vec2u, //          [B, H]
  weightIh: vec2u, //   [4H, I]
  weightHh: vec2u, //   [4H, H]
  bias: vec2u, //       [4H]
  policyX: vec2u, //    [B, I]  d_x
  policyH: vec2u, //    [B, H]  d_h
  policyIh: vec2u, //   [B, 4H]  d_ih
  policyHh: vec2u, //   [B, 4H]  d_hh
  policyB: vec2u, //    [B, 4H]  d_b
  dpolicyX: vec2u, //   [B, I]
  dpolicyH: vec2u, //   [B, H]
  dpolicyIh: vec2u, //  [B, 4H]
  dpolicyHh: vec2u, //  [B, 4H]
  dpolicyB: vec2u, //   [B, 4H]
  mask: vec2u, //       [B, H]
  inputPart: vec2u, //  [B, 4H]  p, then dp
  hiddenPart: vec2u, // [B, 4H]  q, then dq
  gates: vec2u, //      [B, 4H]  i f g o, then d_b ⊙ du
  dy: vec2u, //         [B, H]
  dh: vec2u, //         [B, H]  of h_t, then of h′
  dc: vec2u, //         [B, H]  of c_t, then of c′
  dx: vec2u, //         [B, I]
  B: u32,
  I: u32,
  H: u32,
}
@group(0) @binding(2) var<uniform> backward: AdaptiveCellBackward;

@compute @workgroup_size(256)
fn adaptiveCellForward(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let B = forward.B;
  let H = forward.H;
  let policy_x = place(policyX_arena, forward.policyX);
  let policy_h = place(policyH_arena, forward.policyH);
  let weight_ih = place(weightIh_arena, forward.weightIh);
  let weight_hh = place(weightHh_arena, forward.weightHh);
  // Kept only where there is a policy.
  let scaled_x = place(select(ABSENT, scaledX_arena, policyX_arena != ABSENT), forward.scaledX);
  let scaled_h = place(select(ABSENT, scaledH_arena, policyH_arena != ABSENT), forward.scaledH);

  var p = vec4f(0.0);
  if (x_arena != ABSENT) {
    var input: GateSums;
    add_gates(&input, place(x_arena, forward.x), policy_x, scaled_x, weight_ih, B, H, forward.I, group, thread);
    p = reduce_gates(input, thread);
  }
  var hidden: GateSums;
  add_gates(&hidden, place(h_arena, forward.h), policy_h, scaled_h, weight_hh, B, H, H, group, thread);
  let q = reduce_gates(hidden, thread);

  let row = group.y * GATE_ROWS + thread / GATE_UNITS;
  let j = group.x * GATE_UNITS + thread % GATE_UNITS;
  if (thread < GATE_ROWS * GATE_UNITS && row < B && j < H) {
    keep_products(row, j, p, q);
    finish_unit(row, j, p, q);
  }
}

// p is not there when x is absent.
fn keep_products(row: u32, j: u32, p: vec4f, q: vec4f) {
  if (x_arena != ABSENT) {
    keep_gates(place(inputPart_arena, forward.inputPart), row, j, forward.H, p);
  }
  keep_gates(place(hiddenPart_arena, forward.hiddenPart), row, j, forward.H, q);
}

// From the products to the unit's state.
fn finish_unit(row: u32, j: u32, input: vec4f, q: vec4f) {
  let H = forward.H;
  let gates = place(gates_arena, forward.gates);
  let input_part = place(inputPart_arena, forward.inputPart);
  var u = gate_factors(place(policyHh_arena, forward.policyHh), row, j, H) * q;
  if (x_arena == ABSENT && inputPart_arena == ABSENT) {
    u += load_gates(gates, row, j, H);
  } else {
    var p = input;
    if (x_arena == ABSENT) {
      p = load_gates(input_part, row, j, H);
    }
    u += gate_factors(place(policyIh_arena, forward.policyIh), row, j, H) * p;
    let bias = load_gates(place(bias_arena, forward.bias), 0u, j, H);
    u += gate_factors(place(policyB_arena, forward.policyB), row, j, H) * bias;
  }
  let unit = activate(u);
  let c = unit.y * load(place(cPrevious_arena, forward.cPrevious), row, j) + unit.x * unit.z;
  let y = unit.w * tangent(c);
  keep_gates(gates, row, j, H, unit);
  store(place(c_arena, forward.c), row, j, c);
  keep(place(y_arena, forward.y), row, j, y);
  store(place(hNext_arena, forward.hNext), row, j, y * factor(place(mask_arena, forward.mask), row, j));
}

// For those who want d_x ⊙ x and d_h ⊙ h′ before the products, where somebody keeps them anyway.
@compute @workgroup_size(256)
fn adaptiveCellForwardScale(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let inputs = select(0u, forward.I, policyX_arena != ABSENT && x_arena != ABSENT);
  let width = inputs + select(0u, forward.H, policyH_arena != ABSENT);
  for (var i = id.x; i < forward.B * width; i += groups.x * 256u) {
    let row = i / width;
    let k = i % width;
    if (k < inputs) {
      let x = load(place(x_arena, forward.x), row, k);
      keep(place(scaledX_arena, forward.scaledX), row, k, x * load(place(policyX_arena, forward.policyX), row, k));
    } else {
      let h = load(place(h_arena, forward.h), row, k - inputs);
      let scaled = h * load(place(policyH_arena, forward.policyH), row, k - inputs);
      keep(place(scaledH_arena, forward.scaledH), row, k - inputs, scaled);
    }
  }
}

// From products that are where they are kept.
@compute @workgroup_size(64)
fn adaptiveCellForwardUnits(@builtin(global_invocation_id) id: vec3u) {
  let H = forward.H;
  if (id.x < forward.B * H) {
    let row = id.x / H;
    let j = id.x % H;
    let p = load_gates(place(inputPart_arena, forward.inputPart), row, j, H);
    let q = load_gates(place(hiddenPart_arena, forward.hiddenPart), row, j, H);
    finish_unit(row, j, p, q);
  }
}

// Whether a product with a weight has to make its own dp or dq, because gates keep du.
fn gates_keep_du() -> bool {
  return policyB_arena != ABSENT && ((x_arena != ABSENT && inputPart_arena == ABSENT) || hiddenPart_arena == ABSENT);
}

// First: du of every unit, and what follows from it element by element.
@compute @workgroup_size(64)
fn adaptiveCellBackwardUnits(@builtin(global_invocation_id) id: vec3u) {
  let H = backward.H;
  if (id.x >= backward.B * H) {
    return;
  }
  let row = id.x / H;
  let j = id.x % H;
  let gates = place(gates_arena, backward.gates);
  let input_part = place(inputPart_arena, backward.inputPart);
  let hidden_part = place(hiddenPart_arena, backward.hiddenPart);
  let dc_place = place(dc_arena, backward.dc);
  var dy = factor(place(mask_arena, backward.mask), row, j) * load(place(dh_arena, backward.dh), row, j);
  if (dy_arena != ABSENT) {
    dy += load(place(dy_arena, backward.dy), row, j);
  }
  let c_previous = load(place(cPrevious_arena, backward.cPrevious), row, j);
  let c = load(place(c_arena, backward.c), row, j);
  var dc = load(dc_place, row, j);
  let du = unit_backward(load_gates(gates, row, j, H), c_previous, c, dy, &dc);
  store(dc_place, row, j, dc);
  if (inputPart_arena != ABSENT) {
    let p = load_gates(input_part, row, j, H);
    keep_gates(place(dpolicyIh_arena, backward.dpolicyIh), row, j, H, du * p);
    keep_gates(input_part, row, j, H, du * gate_factors(place(policyIh_arena, backward.policyIh), row, j, H));
  }
  if (hiddenPart_arena != ABSENT) {
    let q = load_gates(hidden_part, row, j, H);
    keep_gates(place(dpolicyHh_arena, backward.dpolicyHh), row, j, H, du * q);
    keep_gates(hidden_part, row, j, H, du * gate_factors(place(policyHh_arena, backward.policyHh), row, j, H));
  }
  let bias = load_gates(place(bias_arena, backward.bias), 0u, j, H);
  keep_gates(place(dpolicyB_arena, backward.dpolicyB), row, j, H, du * bias);
  if (gates_keep_du()) {
    keep_gates(gates, row, j, H, du);
  } else {
    keep_gates(gates, row, j, H, du * gate_factors(place(policyB_arena, backward.policyB), row, j, H));
  }
}

// What da = dp W_ih and de = dq W_hh are products of. Without a part of its own, dp and dq are du with their policy, which
// gates hold.
struct Factors {
  left: Place, //   [B, 4H]
  scale: Place, //  [B, 4H]
  weight: Place, // [4H, width]
  width: u32,
  of_input: bool, // da, else de
}

fn hidden_factors() -> Factors {
  return factors(
    place(hiddenPart_arena, backward.hiddenPart),
    place(policyHh_arena, backward.policyHh),
    place(weightHh_arena, backward.weightHh), backward.H, false);
}

fn input_factors() -> Factors {
  return factors(
    place(inputPart_arena, backward.inputPart),
    place(policyIh_arena, backward.policyIh),
    place(weightIh_arena, backward.weightIh), backward.I, true);
}

fn factors(part: Place, policy: Place, weight: Place, width: u32, of_input: bool) -> Factors {
  let apart = part.arena != ABSENT;
  let gates = place(gates_arena, backward.gates);
  return Factors(either(apart, part, gates), either(apart, nowhere(), policy), weight, width, of_input);
}

fn finish_product(of_input: bool, row: u32, column: u32, sum: f32) {
  if (of_input) {
    finish_input(row, column, sum);
  } else {
    finish_hidden(row, column, sum);
  }
}

fn finish_hidden(row: u32, column: u32, de: f32) {
  keep(place(dpolicyH_arena, backward.dpolicyH), row, column, de * load(place(h_arena, backward.h), row, column));
  let change = de * factor(place(policyH_arena, backward.policyH), row, column);
  store(place(dh_arena, backward.dh), row, column, change);
}

fn finish_input(row: u32, column: u32, da: f32) {
  if (x_arena != ABSENT && dpolicyX_arena != ABSENT) {
    store(place(dpolicyX_arena, backward.dpolicyX), row, column, da * load(place(x_arena, backward.x), row, column));
  }
  if (dx_arena != ABSENT) {
    let change = da * factor(place(policyX_arena, backward.policyX), row, column);
    add_to(place(dx_arena, backward.dx), row, column, change);
  }
}

// Then: the products. The columns of W_hh and W_ih stand side by side in tiles of 16.
@compute @workgroup_size(256)
fn adaptiveCellBackward(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let B = backward.B;
  let H = backward.H;
  let first_row = group.y * ROW_TILE;
  let row = first_row + thread / ROW_TILE;
  var by = hidden_factors();
  var first_column = group.x * ROW_TILE;
  if (group.x >= blocks(H, ROW_TILE)) {
    by = input_factors();
    first_column -= blocks(H, ROW_TILE) * ROW_TILE;
  }
  let sum = row_product(
    scaled(by.left, by.scale), by.weight, false, B, by.width, 0u, 4u * H, first_row, first_column, thread);
  let column = first_column + thread % ROW_TILE;
  if (row < B && column < by.width) {
    finish_product(by.of_input, row, column, sum);
  }
}

// Last, and only when gates keep du.
@compute @workgroup_size(64)
fn adaptiveCellBackwardBias(@builtin(global_invocation_id) id: vec3u) {
  let H = backward.H;
  if (id.x < backward.B * H) {
    let row = id.x / H;
    let j = id.x % H;
    let gates = place(gates_arena, backward.gates);
    let scale = gate_factors(place(policyB_arena, backward.policyB), row, j, H);
    keep_gates(gates, row, j, H, load_gates(gates, row, j, H) * scale);
  }
}

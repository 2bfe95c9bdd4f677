// The gated recurrent unit, after its products, with the reset gate behind the product:
//   p = d_ih ⊙ inputPart + d_b ⊙ b,  q = d_hh ⊙ hiddenPart
//   r, u = σ(p + q);  n = tanh(p_n + r ⊙ q_n);  y = (1 − u) ⊙ n + u ⊙ h′;  h = mask ⊙ y
// A policy that is left out is 1; a bias that is left out is in inputPart. Backward, from g = dy + mask ⊙ dh:
//   dp_n = g ⊙ (1 − u) ⊙ (1 − n²),           dq_n = dp_n ⊙ r
//   dp_r = dq_r = dp_n ⊙ q_n ⊙ r ⊙ (1 − r),  dp_u = dq_u = g ⊙ (h′ − n) ⊙ u ⊙ (1 − u);  dh′ = g ⊙ u
// A thread has a unit, all three gates of it.
// requires memory math parts

override h_arena: u32;

struct GruCellForward {
  h: vec2u, //          [B, H]  h′
  inputPart: vec2u, //  [B, 3H]
  hiddenPart: vec2u, // [B, 3H]
  bias: vec2u, //       [3H]
  policyIh: vec2u, //   [B, 3H]  d_ih
  policyHh: vec2u, //   [B, 3H]  d_hh
  policyB: vec2u, //    [B, 3H]  d_b
  mask: vec2u, //       [B, H]
  gates: vec2u, //      [B, 3H]  r u n
  y: vec2u, //          [B, H]
  hNext: vec2u, //      [B, H]
  B: u32,
  H: u32,
}
@group(0) @binding(2) var<uniform> forward: GruCellForward;

struct GruCellBackward {
  h: vec2u, //          [B, H]  h′
  inputPart: vec2u, //  [B, 3H]  then d_ih ⊙ dp
  hiddenPart: vec2u, // [B, 3H]  then d_hh ⊙ dq
  bias: vec2u, //       [3H]
  policyIh: vec2u, //   [B, 3H]  d_ih
  policyHh: vec2u, //   [B, 3H]  d_hh
  policyB: vec2u, //    [B, 3H]  d_b
  mask: vec2u, //       [B, H]
  dpolicyIh: vec2u, //  [B, 3H]
  dpolicyHh: vec2u, //  [B, 3H]
  dpolicyB: vec2u, //   [B, 3H]
  gates: vec2u, //      [B, 3H]  r u n, then d_b ⊙ dp
  dy: vec2u, //         [B, H]
  dh: vec2u, //         [B, H]  of h_t, then what u hands on to h′
  B: u32,
  H: u32,
}
@group(0) @binding(2) var<uniform> backward: GruCellBackward;

@compute @workgroup_size(64)
fn gruCellForward(@builtin(global_invocation_id) id: vec3u) {
  let H = forward.H;
  if (id.x >= forward.B * H) {
    return;
  }
  let row = id.x / H;
  let j = id.x % H;
  let parts = forward_parts();
  let gates = place(gates_arena, forward.gates);
  let r = sigmoid(input_side(parts, row, j) + hidden_side(parts, row, j));
  let u = sigmoid(input_side(parts, row, H + j) + hidden_side(parts, row, H + j));
  let n = tangent(input_side(parts, row, 2u * H + j) + r * hidden_side(parts, row, 2u * H + j));
  let y = n + u * (load(place(h_arena, forward.h), row, j) - n);
  store(gates, row, j, r);
  store(gates, row, H + j, u);
  store(gates, row, 2u * H + j, n);
  hand_on(row, j, y);
}

@compute @workgroup_size(64)
fn gruCellBackward(@builtin(global_invocation_id) id: vec3u) {
  let H = backward.H;
  if (id.x >= backward.B * H) {
    return;
  }
  let row = id.x / H;
  let j = id.x % H;
  let parts = backward_parts();
  let gates = place(gates_arena, backward.gates);
  let r = load(gates, row, j);
  let u = load(gates, row, H + j);
  let n = load(gates, row, 2u * H + j);
  let g = output_gradient(row, j);
  let dn = g * (1.0 - u) * (1.0 - n * n); // tanh′ = 1 − tanh²
  let dr = dn * hidden_side(parts, row, 2u * H + j) * (r * (1.0 - r)); // σ′ = σ (1 − σ)
  let du = g * (load(place(h_arena, backward.h), row, j) - n) * (u * (1.0 - u));
  parts_backward(parts, row, j, dr, dr);
  parts_backward(parts, row, H + j, du, du);
  parts_backward(parts, row, 2u * H + j, dn, dn * r);
  store(place(dh_arena, backward.dh), row, j, g * u);
}

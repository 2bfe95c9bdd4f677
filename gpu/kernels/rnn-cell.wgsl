// Elman's cell, after its products p = inputPart and q = hiddenPart:
//   u = d_ih ⊙ p + d_b ⊙ b + d_hh ⊙ q;  y = tanh(u);  h = mask ⊙ y
// A policy that is left out is 1; a bias that is left out is in p. Backward, from dy and dh:
//   du = (dy + mask ⊙ dh) ⊙ (1 − y²)
//   dd_ih = du ⊙ p,  dp = d_ih ⊙ du;  dd_hh = du ⊙ q,  dq = d_hh ⊙ du;  dd_b = du ⊙ b
// A thread has a unit.
// requires memory math parts

struct RnnCellForward {
  inputPart: vec2u, //  [B, H]  p
  hiddenPart: vec2u, // [B, H]  q
  bias: vec2u, //       [H]
  policyIh: vec2u, //   [B, H]  d_ih
  policyHh: vec2u, //   [B, H]  d_hh
  policyB: vec2u, //    [B, H]  d_b
  mask: vec2u, //       [B, H]
  gates: vec2u, //      [B, H]  y
  y: vec2u, //          [B, H]
  hNext: vec2u, //      [B, H]
  B: u32,
  H: u32,
}
@group(0) @binding(2) var<uniform> forward: RnnCellForward;

struct RnnCellBackward {
  inputPart: vec2u, //  [B, H]  p, then dp
  hiddenPart: vec2u, // [B, H]  q, then dq
  bias: vec2u, //       [H]
  policyIh: vec2u, //   [B, H]  d_ih
  policyHh: vec2u, //   [B, H]  d_hh
  policyB: vec2u, //    [B, H]  d_b
  mask: vec2u, //       [B, H]
  dpolicyIh: vec2u, //  [B, H]
  dpolicyHh: vec2u, //  [B, H]
  dpolicyB: vec2u, //   [B, H]
  gates: vec2u, //      [B, H]  y, then d_b ⊙ du
  dy: vec2u, //         [B, H]
  dh: vec2u, //         [B, H]  of h_t, then 0
  B: u32,
  H: u32,
}
@group(0) @binding(2) var<uniform> backward: RnnCellBackward;

@compute @workgroup_size(64)
fn rnnCellForward(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= forward.B * forward.H) {
    return;
  }
  let row = id.x / forward.H;
  let j = id.x % forward.H;
  let parts = forward_parts();
  let y = tangent(input_side(parts, row, j) + hidden_side(parts, row, j));
  store(place(gates_arena, forward.gates), row, j, y);
  hand_on(row, j, y);
}

@compute @workgroup_size(64)
fn rnnCellBackward(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= backward.B * backward.H) {
    return;
  }
  let row = id.x / backward.H;
  let j = id.x % backward.H;
  let y = load(place(gates_arena, backward.gates), row, j);
  let du = output_gradient(row, j) * (1.0 - y * y); // tanh′ = 1 − tanh²
  parts_backward(backward_parts(), row, j, du, du);
  store(place(dh_arena, backward.dh), row, j, 0.0);
}

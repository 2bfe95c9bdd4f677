// Cells whose products stand apart: the two halves of the pre-activation, p and q, their gradients, and what is done with
// the output. A kernel has the views of these constants in its records `forward` and `backward`; N columns are all gates'.
//   p = d_ih ⊙ inputPart + d_b ⊙ b,  q = d_hh ⊙ hiddenPart;  h = mask ⊙ y
//   dd_ih = dp ⊙ inputPart,  dd_hh = dq ⊙ hiddenPart,  dd_b = dp ⊙ b
// A policy that is left out is 1; a bias that is left out is in inputPart.

override inputPart_arena: u32;
override hiddenPart_arena: u32;
override bias_arena: u32 = 0u;
override policyIh_arena: u32 = 0u;
override policyHh_arena: u32 = 0u;
override policyB_arena: u32 = 0u;
override mask_arena: u32 = 0u;
override dpolicyIh_arena: u32 = 0u;
override dpolicyHh_arena: u32 = 0u;
override dpolicyB_arena: u32 = 0u;
override gates_arena: u32;
override y_arena: u32 = 0u;
override hNext_arena: u32 = 0u;
override dy_arena: u32 = 0u;
override dh_arena: u32 = 0u;

struct Parts {
  input: Place, //     [B, N]
  hidden: Place, //    [B, N]
  bias: Place, //      [N]
  policy_ih: Place, // [B, N]  d_ih
  policy_hh: Place, // [B, N]  d_hh
  policy_b: Place, //  [B, N]  d_b
}

fn forward_parts() -> Parts {
  return Parts(
    place(inputPart_arena, forward.inputPart),
    place(hiddenPart_arena, forward.hiddenPart),
    place(bias_arena, forward.bias),
    place(policyIh_arena, forward.policyIh),
    place(policyHh_arena, forward.policyHh),
    place(policyB_arena, forward.policyB),
  );
}

fn backward_parts() -> Parts {
  return Parts(
    place(inputPart_arena, backward.inputPart),
    place(hiddenPart_arena, backward.hiddenPart),
    place(bias_arena, backward.bias),
    place(policyIh_arena, backward.policyIh),
    place(policyHh_arena, backward.policyHh),
    place(policyB_arena, backward.policyB),
  );
}

fn input_side(parts: Parts, row: u32, k: u32) -> f32 {
  let product = factor(parts.policy_ih, row, k) * load(parts.input, row, k);
  if (parts.bias.arena == ABSENT) {
    return product;
  }
  return product + factor(parts.policy_b, row, k) * load(parts.bias, 0u, k);
}

fn hidden_side(parts: Parts, row: u32, k: u32) -> f32 {
  return factor(parts.policy_hh, row, k) * load(parts.hidden, row, k);
}

// From the gradients of p and q. The parts become theirs, gates d_b ⊙ dp.
fn parts_backward(parts: Parts, row: u32, k: u32, dp: f32, dq: f32) {
  keep(place(dpolicyIh_arena, backward.dpolicyIh), row, k, dp * load(parts.input, row, k));
  keep(place(dpolicyHh_arena, backward.dpolicyHh), row, k, dq * load(parts.hidden, row, k));
  if (parts.bias.arena != ABSENT) {
    keep(place(dpolicyB_arena, backward.dpolicyB), row, k, dp * load(parts.bias, 0u, k));
  }
  store(parts.input, row, k, factor(parts.policy_ih, row, k) * dp);
  store(parts.hidden, row, k, factor(parts.policy_hh, row, k) * dq);
  store(place(gates_arena, backward.gates), row, k, factor(parts.policy_b, row, k) * dp);
}

fn hand_on(row: u32, j: u32, y: f32) {
  keep(place(y_arena, forward.y), row, j, y);
  store(place(hNext_arena, forward.hNext), row, j, y * factor(place(mask_arena, forward.mask), row, j));
}

// The gradient of y: dy + mask ⊙ dh.
fn output_gradient(row: u32, j: u32) -> f32 {
  let dh = factor(place(mask_arena, backward.mask), row, j) * load(place(dh_arena, backward.dh), row, j);
  if (dy_arena == ABSENT) {
    return dh;
  }
  return dh + load(place(dy_arena, backward.dy), row, j);
}

// One unit of an LSTM; the latent cell and the adaptive cell share it. Gates are in the order i, f, g, o.
//   i, f, o = σ(u_i), σ(u_f), σ(u_o),  g = tanh(u_g);   c = f c′ + i g,  y = o tanh(c)

fn activate(u: vec4f) -> vec4f {
  return vec4f(sigmoid(u.x), sigmoid(u.y), tangent(u.z), sigmoid(u.w));
}

// From the gradient of y, and that of c by way of step t + 1, to the gradients of u; dc goes on to c′.
fn unit_backward(gates: vec4f, c_previous: f32, c: f32, dy: f32, dc: ptr<function, f32>) -> vec4f {
  let squashed = tangent(c);
  let d = *dc + dy * gates.w * (1.0 - squashed * squashed);
  *dc = d * gates.y;
  return vec4f(
    d * gates.z * (gates.x * (1.0 - gates.x)), // σ′ = σ (1 − σ)
    d * c_previous * (gates.y * (1.0 - gates.y)),
    d * gates.x * (1.0 - gates.z * gates.z), // tanh′ = 1 − tanh²
    dy * squashed * (gates.w * (1.0 - gates.w)),
  );
}

// Unit j of N in a row of [B, 4N].
fn load_gates(p: Place, row: u32, j: u32, N: u32) -> vec4f {
  let i = index(p, row, j);
  let words = vec4u(
    word_at(p.arena, i), word_at(p.arena, i + N), word_at(p.arena, i + 2u * N), word_at(p.arena, i + 3u * N));
  return bitcast<vec4f>(words);
}

fn gate_factors(p: Place, row: u32, j: u32, N: u32) -> vec4f {
  if (p.arena == ABSENT) {
    return vec4f(1.0);
  }
  return load_gates(p, row, j, N);
}

fn keep_gates(p: Place, row: u32, j: u32, N: u32, value: vec4f) {
  if (p.arena == ABSENT) {
    return;
  }
  let i = index(p, row, j);
  let words = bitcast<vec4u>(value);
  set_word(p.arena, i, words.x);
  set_word(p.arena, i + N, words.y);
  set_word(p.arena, i + 2u * N, words.z);
  set_word(p.arena, i + 3u * N, words.w);
}

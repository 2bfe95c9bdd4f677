// Fused multiply-adds in registers: eight chains of four, each step of a chain waiting for the one before, 32 chains side
// by side in every thread. x ← a x + b from x = (thread mod 64) + chain.

struct Work {
  rounds: u32, // of 8 steps
  a: f32,
  b: f32,
}
@group(0) @binding(0) var<storage, read_write> result: array<vec4f>;
@group(0) @binding(1) var<uniform> work: Work;

// Written out, so that the loop around it is no part of what is measured.
fn eight_steps(x: vec4f, a: vec4f, b: vec4f) -> vec4f {
  let y = fma(fma(fma(fma(x, a, b), a, b), a, b), a, b);
  return fma(fma(fma(fma(y, a, b), a, b), a, b), a, b);
}

@compute @workgroup_size(256)
fn multiplyAdds(@builtin(global_invocation_id) id: vec3u) {
  let a = vec4f(work.a);
  let b = vec4f(work.b);
  let start = vec4f(f32(id.x % 64u)) + vec4f(0.0, 1.0, 2.0, 3.0);
  var x0 = start;
  var x1 = start + 4.0;
  var x2 = start + 8.0;
  var x3 = start + 12.0;
  var x4 = start + 16.0;
  var x5 = start + 20.0;
  var x6 = start + 24.0;
  var x7 = start + 28.0;
  for (var round = 0u; round < work.rounds; round++) {
    x0 = eight_steps(x0, a, b);
    x1 = eight_steps(x1, a, b);
    x2 = eight_steps(x2, a, b);
    x3 = eight_steps(x3, a, b);
    x4 = eight_steps(x4, a, b);
    x5 = eight_steps(x5, a, b);
    x6 = eight_steps(x6, a, b);
    x7 = eight_steps(x7, a, b);
  }
  result[id.x] = ((x0 + x1) + (x2 + x3)) + ((x4 + x5) + (x6 + x7));
}

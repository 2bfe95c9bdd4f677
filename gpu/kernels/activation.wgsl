//   y = φ(x): x, max(x, 0), tanh x or σ(x)
//   dx = dy ⊙ φ′, with φ′ by y: 1, [y > 0], 1 − y², y (1 − y)
// requires memory math

override x_arena: u32 = 0u;
override y_arena: u32;
override dy_arena: u32 = 0u;
override dx_arena: u32 = 0u;

// The numbers of `activations` in core/ops.ts; all others are the identity.
const RELU = 1u;
const TANH = 2u;
const SIGMOID = 3u;

struct ActivationForward {
  x: vec2u, // [M, N]
  y: vec2u, // [M, N]; may be x
  M: u32,
  N: u32,
  kind: u32,
}
@group(0) @binding(2) var<uniform> forward: ActivationForward;

struct ActivationBackward {
  y: vec2u, //  [M, N]
  dy: vec2u, // [M, N]
  dx: vec2u, // [M, N]; may be dy
  M: u32,
  N: u32,
  kind: u32,
}
@group(0) @binding(2) var<uniform> backward: ActivationBackward;

fn activation(kind: u32, x: f32) -> f32 {
  switch (kind) {
    case RELU: {
      return select(x, 0.0, x < 0.0); // NaN stays
    }
    case TANH: {
      return tangent(x);
    }
    case SIGMOID: {
      return sigmoid(x);
    }
    default: {
      return x;
    }
  }
}

fn activation_gradient(kind: u32, y: f32, dy: f32) -> f32 {
  switch (kind) {
    case RELU: {
      return select(0.0, dy, y > 0.0);
    }
    case TANH: {
      return dy * (1.0 - y * y);
    }
    case SIGMOID: {
      return dy * (y * (1.0 - y));
    }
    default: {
      return dy;
    }
  }
}

@compute @workgroup_size(256)
fn activationForward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < forward.M * forward.N; i += groups.x * 256u) {
    let m = i / forward.N;
    let n = i % forward.N;
    let value = activation(forward.kind, load(place(x_arena, forward.x), m, n));
    store(place(y_arena, forward.y), m, n, value);
  }
}

@compute @workgroup_size(256)
fn activationBackward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < backward.M * backward.N; i += groups.x * 256u) {
    let m = i / backward.N;
    let n = i % backward.N;
    let y = load(place(y_arena, backward.y), m, n);
    let dy = load(place(dy_arena, backward.dy), m, n);
    store(place(dx_arena, backward.dx), m, n, activation_gradient(backward.kind, y, dy));
  }
}

//   g ← g · min(1, clip / (norm + 10⁻⁶)),  if clip > 0
//   Adam: g ← g + λ θ        AdamW: θ ← θ − η λ θ
//   m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²
//   θ ← θ − η / (1 − β₁ᵗ) · m / (√(v / (1 − β₂ᵗ)) + ε)
// A norm that is not finite changes nothing.
// requires memory math

override settings_arena: u32;
override norm_arena: u32;
override gradients_arena: u32;
override parameters_arena: u32;
override moment1_arena: u32;
override moment2_arena: u32;

struct Adam {
  settings: vec2u, //   [8]  η, β₁, β₂, ε, λ, 1 − β₁ᵗ, 1 − β₂ᵗ, clip
  norm: vec2u, //       [1]
  gradients: vec2u, //  [N]  g
  parameters: vec2u, // [N]  θ
  moment1: vec2u, //    [N]  m
  moment2: vec2u, //    [N]  v
  N: u32,
  decoupled: u32,
}
@group(0) @binding(2) var<uniform> args: Adam;

fn setting(i: u32) -> f32 {
  return load(place(settings_arena, args.settings), 0u, i);
}

@compute @workgroup_size(256)
fn adam(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let norm = load(place(norm_arena, args.norm), 0u, 0u);
  if (!is_finite(norm)) {
    return;
  }
  let eta = setting(0u);
  let beta1 = setting(1u);
  let beta2 = setting(2u);
  let epsilon = setting(3u);
  let lambda = setting(4u);
  let rate = eta / setting(5u);
  let correction2 = setting(6u);
  let clip = setting(7u);
  let scale = select(1.0, min(1.0, clip / (norm + 1e-6)), clip > 0.0);
  let parameters = place(parameters_arena, args.parameters);
  let moment1 = place(moment1_arena, args.moment1);
  let moment2 = place(moment2_arena, args.moment2);
  for (var i = id.x; i < args.N; i += groups.x * 256u) {
    var theta = load(parameters, 0u, i);
    var g = load(place(gradients_arena, args.gradients), 0u, i) * scale;
    if (args.decoupled != 0u) {
      theta -= eta * lambda * theta;
    } else {
      g += lambda * theta;
    }
    let m = beta1 * load(moment1, 0u, i) + (1.0 - beta1) * g;
    let v = beta2 * load(moment2, 0u, i) + (1.0 - beta2) * g * g;
    store(moment1, 0u, i, m);
    store(moment2, 0u, i, v);
    store(parameters, 0u, i, theta - rate * m / (sqrt(v / correction2) + epsilon));
  }
}

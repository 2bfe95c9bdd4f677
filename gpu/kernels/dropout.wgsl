//   mask_i = u_i ≥ p ? 1/(1 − p) : 0,  u_i the uniform at index first + i of (seed, stream, step)
//   y_m = x_m ⊙ mask_{m mod period};  as its own backward, dx_m = dy_m ⊙ mask_{m mod period}
// requires memory threefry

override random_arena: u32 = 0u;
override mask_arena: u32;
override x_arena: u32 = 0u;
override y_arena: u32 = 0u;

struct DropoutMask {
  random: vec2u, // [2]  seed, step
  mask: vec2u, //   [N]
  N: u32,
  first: u32,
  stream: u32,
  probability: f32,
}
@group(0) @binding(2) var<uniform> draw: DropoutMask;

struct ApplyMask {
  x: vec2u, //    [M, N]
  mask: vec2u, // [period, N]
  y: vec2u, //    [M, N]; may be x
  M: u32,
  N: u32,
  period: u32,
}
@group(0) @binding(2) var<uniform> args: ApplyMask;

@compute @workgroup_size(256)
fn dropoutMask(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let random = place(random_arena, draw.random);
  let seed = load_word(random, 0u, 0u);
  let step = load_word(random, 0u, 1u);
  for (var i = id.x; i < draw.N; i += groups.x * 256u) {
    let kept = uniform_at(seed, draw.stream, step, draw.first + i) >= draw.probability;
    store(place(mask_arena, draw.mask), 0u, i, select(0.0, 1.0 / (1.0 - draw.probability), kept));
  }
}

@compute @workgroup_size(256)
fn applyMask(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < args.M * args.N; i += groups.x * 256u) {
    let m = i / args.N;
    let n = i % args.N;
    let value = load(place(x_arena, args.x), m, n) * load(place(mask_arena, args.mask), m % args.period, n);
    store(place(y_arena, args.y), m, n, value);
  }
}

//   loss_n = Σ_o (y − t)² / O
//   dy = 2 (y − t) / (O · total), in place of y
// Forward, a thread has a row: outputs are few, and rows many.
// requires memory double

override y_arena: u32;
override targets_arena: u32;
override losses_arena: u32 = 0u;

struct SquaredErrorForward {
  y: vec2u, //       [N, O]
  targets: vec2u, // [N, O]  t
  losses: vec2u, //  [N]
  N: u32,
  O: u32,
}
@group(0) @binding(2) var<uniform> forward: SquaredErrorForward;

struct SquaredErrorBackward {
  y: vec2u, //       [N, O], then dy
  targets: vec2u, // [N, O]  t
  N: u32,
  total: u32,
  O: u32,
}
@group(0) @binding(2) var<uniform> backward: SquaredErrorBackward;

@compute @workgroup_size(256)
fn squaredErrorForward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let y = place(y_arena, forward.y);
  let targets = place(targets_arena, forward.targets);
  for (var n = id.x; n < forward.N; n += groups.x * 256u) {
    var sum = vec2f(0.0);
    for (var o = 0u; o < forward.O; o++) {
      let error = load(y, n, o) - load(targets, n, o);
      sum = add_double(sum, vec2f(error * error, 0.0));
    }
    store(place(losses_arena, forward.losses), 0u, n, divide_double(sum, f32(forward.O)));
  }
}

@compute @workgroup_size(256)
fn squaredErrorBackward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let y = place(y_arena, backward.y);
  let scale = 2.0 / (f32(backward.O) * f32(backward.total));
  for (var i = id.x; i < backward.N * backward.O; i += groups.x * 256u) {
    let n = i / backward.O;
    let o = i % backward.O;
    store(y, n, o, (load(y, n, o) - load(place(targets_arena, backward.targets), n, o)) * scale);
  }
}

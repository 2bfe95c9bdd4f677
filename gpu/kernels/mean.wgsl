// y = (1/total) Σ x, by one workgroup, with twice the digits of f32.
// requires memory double reduce

override x_arena: u32;
override y_arena: u32;

struct Mean {
  x: vec2u, // [N]
  y: vec2u, // [1]
  N: u32,
  total: u32,
}
@group(0) @binding(2) var<uniform> args: Mean;

@compute @workgroup_size(THREADS)
fn mean(@builtin(local_invocation_index) thread: u32) {
  var part = vec2f(0.0);
  for (var i = thread; i < args.N; i += THREADS) {
    part = add_double(part, vec2f(load(place(x_arena, args.x), 0u, i), 0.0));
  }
  let sum = sum_of_all(part, thread);
  if (thread == 0u) {
    store(place(y_arena, args.y), 0u, 0u, divide_double(sum, f32(args.total)));
  }
}

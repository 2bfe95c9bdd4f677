// norm = √ Σ x², with twice the digits of f32: sums of up to 256 workgroups, then the sum of these.
// requires memory double reduce

override x_arena: u32;
override norm_arena: u32;
override scratch_arena: u32;

struct Norm {
  x: vec2u, //       [N]
  norm: vec2u, //    [1]
  scratch: vec2u, // [256, 2]  sums of the workgroups, high and low
  N: u32,
}
@group(0) @binding(2) var<uniform> args: Norm;

@compute @workgroup_size(THREADS)
fn normSquares(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  var part = vec2f(0.0);
  for (var i = id.x; i < args.N; i += groups.x * THREADS) {
    let x = load(place(x_arena, args.x), 0u, i);
    part = add_double(part, two_product(x, x));
  }
  let sum = sum_of_all(part, thread);
  if (thread == 0u) {
    store(place(scratch_arena, args.scratch), 0u, group.x * 2u, sum.x);
    store(place(scratch_arena, args.scratch), 0u, group.x * 2u + 1u, sum.y);
  }
}

// As many workgroups as there were, at most 256, have left a sum.
@compute @workgroup_size(THREADS)
fn norm(@builtin(local_invocation_index) thread: u32) {
  let scratch = place(scratch_arena, args.scratch);
  var part = vec2f(0.0);
  for (var i = thread; i < min(blocks(args.N, 256u), 256u); i += THREADS) {
    part = add_double(part, vec2f(load(scratch, 0u, i * 2u), load(scratch, 0u, i * 2u + 1u)));
  }
  let sum = sum_of_all(part, thread);
  if (thread == 0u) {
    store(place(norm_arena, args.norm), 0u, 0u, root_double(sum));
  }
}

// norm = √ Σ x², with twice the digits of f32: sums of up to 256 workgroups, then the sum of these.
// requires memory double

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

var<workgroup> partial_sums: array<vec2f, 256>;

fn sum_up(thread: u32) {
  workgroupBarrier();
  for (var half = 128u; half > 0u; half /= 2u) {
    if (thread < half) {
      partial_sums[thread] = add_double(partial_sums[thread], partial_sums[thread + half]);
    }
    workgroupBarrier();
  }
}

@compute @workgroup_size(256)
fn normSquares(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  var sum = vec2f(0.0);
  for (var i = id.x; i < args.N; i += 65536u) {
    let x = load(place(x_arena, args.x), 0u, i);
    sum = add_double(sum, two_product(x, x));
  }
  partial_sums[thread] = sum;
  sum_up(thread);
  if (thread < 2u) {
    store(place(scratch_arena, args.scratch), 0u, group.x * 2u + thread, partial_sums[0][thread]);
  }
}

@compute @workgroup_size(256)
fn norm(@builtin(local_invocation_index) thread: u32) {
  let scratch = place(scratch_arena, args.scratch);
  var sum = vec2f(0.0);
  if (thread * 256u < args.N) {
    sum = vec2f(load(scratch, 0u, thread * 2u), load(scratch, 0u, thread * 2u + 1u));
  }
  partial_sums[thread] = sum;
  sum_up(thread);
  if (thread == 0u) {
    store(place(norm_arena, args.norm), 0u, 0u, root_double(partial_sums[0]));
  }
}

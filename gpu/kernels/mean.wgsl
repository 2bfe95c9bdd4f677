// y = (1/total) Σ x, by one workgroup, with twice the digits of f32.
// requires memory double

override x_arena: u32;
override y_arena: u32;

struct Mean {
  x: vec2u, // [N]
  y: vec2u, // [1]
  N: u32,
  total: u32,
}
@group(0) @binding(2) var<uniform> args: Mean;

var<workgroup> partial_sums: array<vec2f, 256>;

@compute @workgroup_size(256)
fn mean(@builtin(local_invocation_index) thread: u32) {
  var sum = vec2f(0.0);
  for (var i = thread; i < args.N; i += 256u) {
    sum = add_double(sum, vec2f(load(place(x_arena, args.x), 0u, i), 0.0));
  }
  partial_sums[thread] = sum;
  workgroupBarrier();
  for (var half = 128u; half > 0u; half /= 2u) {
    if (thread < half) {
      partial_sums[thread] = add_double(partial_sums[thread], partial_sums[thread + half]);
    }
    workgroupBarrier();
  }
  if (thread == 0u) {
    store(place(y_arena, args.y), 0u, 0u, divide_double(partial_sums[0], f32(args.total)));
  }
}

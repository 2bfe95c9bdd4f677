// y_n += Σ_m x_mn: the gradient of a bias.
// A workgroup has 32 columns; 8 threads share a column's rows out and add up in a fixed order.
// requires memory

override x_arena: u32;
override y_arena: u32;

struct ColumnSum {
  x: vec2u, // [M, N]
  y: vec2u, // [N]
  M: u32,
  N: u32,
}
@group(0) @binding(2) var<uniform> args: ColumnSum;

var<workgroup> parts: array<f32, 256>;

@compute @workgroup_size(256)
fn columnSum(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let x = place(x_arena, args.x);
  let n = group.x * 32u + thread % 32u;
  var sum = 0.0;
  if (n < args.N) {
    for (var m = thread / 32u; m < args.M; m += 8u) {
      sum += load(x, m, n);
    }
  }
  parts[thread] = sum;
  workgroupBarrier();
  if (thread < 32u && n < args.N) {
    for (var i = 1u; i < 8u; i++) {
      sum += parts[i * 32u + thread];
    }
    add_to(place(y_arena, args.y), 0u, n, sum);
  }
}

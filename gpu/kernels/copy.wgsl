// y [M, N] = x [M, N], bit by bit.
// requires memory

override x_arena: u32;
override y_arena: u32;

struct Copy {
  x: vec2u, // [M, N]
  y: vec2u, // [M, N]
  M: u32,
  N: u32,
}
@group(0) @binding(2) var<uniform> args: Copy;

@compute @workgroup_size(256)
fn copy(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < args.M * args.N; i += groups.x * 256u) {
    store_word(place(y_arena, args.y), i / args.N, i % args.N, load_word(place(x_arena, args.x), i / args.N, i % args.N));
  }
}

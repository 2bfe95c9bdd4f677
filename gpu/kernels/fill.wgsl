// x = value.
// requires memory

override x_arena: u32;

struct Fill {
  x: vec2u, // [N]
  N: u32,
  value: f32,
}
@group(0) @binding(2) var<uniform> args: Fill;

@compute @workgroup_size(256)
fn fill(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < args.N; i += groups.x * 256u) {
    store(place(x_arena, args.x), 0u, i, args.value);
  }
}

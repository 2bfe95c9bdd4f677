// y += x; its gradient passes through to x and stays in y.
// requires memory

override x_arena: u32;
override y_arena: u32;

struct Add {
  x: vec2u, // [N]
  y: vec2u, // [N]
  N: u32,
}
@group(0) @binding(2) var<uniform> args: Add;

@compute @workgroup_size(256)
fn add(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < args.N; i += groups.x * 256u) {
    add_to(place(y_arena, args.y), 0u, i, load(place(x_arena, args.x), 0u, i));
  }
}

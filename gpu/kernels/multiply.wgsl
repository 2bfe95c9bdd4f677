// y = a ⊙ b, or y += a ⊙ b; as its own backward, da = dy ⊙ b and db = dy ⊙ a.
// requires memory

override a_arena: u32;
override b_arena: u32;
override y_arena: u32;

struct Multiply {
  a: vec2u, // [M, N], or, with a leading dimension of 0, one row for all M
  b: vec2u, // [M, N], or one row
  y: vec2u, // [M, N]; may be a or b
  M: u32,
  N: u32,
  accumulate: u32,
}
@group(0) @binding(2) var<uniform> args: Multiply;

@compute @workgroup_size(256)
fn multiply(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let y = place(y_arena, args.y);
  for (var i = id.x; i < args.M * args.N; i += groups.x * 256u) {
    let m = i / args.N;
    let n = i % args.N;
    let product = load(place(a_arena, args.a), m, n) * load(place(b_arena, args.b), m, n);
    if (args.accumulate != 0u) {
      add_to(y, m, n, product);
    } else {
      store(y, m, n, product);
    }
  }
}

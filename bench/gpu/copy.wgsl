// Moves a stream from one buffer to another, 16 bytes a thread at a time; and fills one with what can be checked.

@group(0) @binding(0) var<storage, read_write> to: array<vec4u>;
@group(0) @binding(1) var<storage, read> stream: array<vec4u>;

fn threads(groups: vec3u) -> u32 {
  return groups.x * 256u;
}

@compute @workgroup_size(256)
fn copyStream(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < arrayLength(&to); i += threads(groups)) {
    to[i] = stream[i];
  }
}

// Word w is 2654435761 w mod 2³² (Knuth's multiplier), so that no two words of a place that went wrong agree.
@compute @workgroup_size(256)
fn fillStream(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < arrayLength(&to); i += threads(groups)) {
    to[i] = (vec4u(4u * i) + vec4u(0u, 1u, 2u, 3u)) * 2654435761u;
  }
}

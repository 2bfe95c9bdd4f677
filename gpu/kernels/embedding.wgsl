//   y_n = r_id W_id,  id = ids_n
//   dW_id += r_id dy_n, n in rising order
// with r the row mask, 1 when it is left out. Backward, the workgroup of the first n with an id adds up for all with
// that id, so that no two write one row and no order is left to chance. A CPU, which has few threads, rather has each walk
// through all n with a column of its own.
// requires memory

override ids_arena: u32;
override weight_arena: u32 = 0u;
override rowMask_arena: u32 = 0u;
override y_arena: u32 = 0u;
override dy_arena: u32 = 0u;
override dweight_arena: u32 = 0u;

struct EmbeddingForward {
  ids: vec2u, //     [N], 0 … V − 1
  weight: vec2u, //  [V, E]
  rowMask: vec2u, // [V]
  y: vec2u, //       [N, E]
  N: u32,
  vocabulary: u32,
  width: u32, // E
}
@group(0) @binding(2) var<uniform> forward: EmbeddingForward;

struct EmbeddingBackward {
  ids: vec2u, //     [N]
  dy: vec2u, //      [N, E]
  rowMask: vec2u, // [V]
  dweight: vec2u, // [V, E]
  N: u32,
  vocabulary: u32,
  width: u32, // E
}
@group(0) @binding(2) var<uniform> backward: EmbeddingBackward;

@compute @workgroup_size(64)
fn embeddingForward(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let ids = place(ids_arena, forward.ids);
  for (var n = group.x; n < forward.N; n += groups.x) {
    let id = load_word(ids, 0u, n);
    let scale = factor(place(rowMask_arena, forward.rowMask), 0u, id);
    for (var e = thread; e < forward.width; e += 64u) {
      store(place(y_arena, forward.y), n, e, load(place(weight_arena, forward.weight), id, e) * scale);
    }
  }
}

var<workgroup> seen_before: u32;

@compute @workgroup_size(64)
fn embeddingBackward(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let ids = place(ids_arena, backward.ids);
  for (var first = group.x; first < backward.N; first += groups.x) {
    let id = load_word(ids, 0u, first);
    seen_before = 0u;
    workgroupBarrier();
    for (var n = thread; n < first; n += 64u) {
      if (load_word(ids, 0u, n) == id) {
        seen_before = 1u; // all write the same
        break;
      }
    }
    workgroupBarrier();
    if (workgroupUniformLoad(&seen_before) == 1u) {
      continue;
    }
    let scale = factor(place(rowMask_arena, backward.rowMask), 0u, id);
    for (var e = thread; e < backward.width; e += 64u) {
      var sum = 0.0;
      for (var n = first; n < backward.N; n++) {
        if (load_word(ids, 0u, n) == id) {
          sum += load(place(dy_arena, backward.dy), n, e) * scale;
        }
      }
      add_to(place(dweight_arena, backward.dweight), id, e, sum);
    }
  }
}

@compute @workgroup_size(4)
fn embeddingBackwardColumns(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= backward.width) {
    return;
  }
  let dy = place(dy_arena, backward.dy);
  let mask = place(rowMask_arena, backward.rowMask);
  for (var n = 0u; n < backward.N; n++) {
    let row = load_word(place(ids_arena, backward.ids), 0u, n);
    add_to(place(dweight_arena, backward.dweight), row, id.x, load(dy, n, id.x) * factor(mask, 0u, row));
  }
}

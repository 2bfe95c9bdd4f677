//   lse_n = s + log Σ_v e^{l_nv − s},  s = max_v l_nv;   loss_n = lse_n − l_n,target   (nats)
//   dl_nv = (e^{l_nv − lse_n} − [v = target_n]) / total, the gradient of the mean of `total` losses, N of them here
// A workgroup has a row.
// requires memory math double reduce

override logits_arena: u32;
override targets_arena: u32;
override logSumExp_arena: u32;
override losses_arena: u32 = 0u;

struct SoftmaxCrossEntropyForward {
  logits: vec2u, //    [N, V]
  targets: vec2u, //   [N], 0 … V − 1
  logSumExp: vec2u, // [N]
  losses: vec2u, //    [N]
  N: u32,
  vocabulary: u32, // V
}
@group(0) @binding(2) var<uniform> forward: SoftmaxCrossEntropyForward;

struct SoftmaxCrossEntropyBackward {
  logits: vec2u, //    [N, V]  l, then dl
  targets: vec2u, //   [N]
  logSumExp: vec2u, // [N]
  N: u32,
  total: u32,
  vocabulary: u32, // V
}
@group(0) @binding(2) var<uniform> backward: SoftmaxCrossEntropyBackward;

@compute @workgroup_size(THREADS)
fn softmaxCrossEntropyForward(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let logits = place(logits_arena, forward.logits);
  for (var n = group.x; n < forward.N; n += groups.x) {
    var own = -3.4028234e38;
    for (var v = thread; v < forward.vocabulary; v += THREADS) {
      own = max(own, load(logits, n, v));
    }
    let largest = largest_of_all(own, thread);
    var part = vec2f(0.0);
    for (var v = thread; v < forward.vocabulary; v += THREADS) {
      part = add_double(part, vec2f(exponential(load(logits, n, v) - largest), 0.0));
    }
    let sum = sum_of_all(part, thread);
    if (thread == 0u) {
      let log_sum = logarithm(sum.x);
      let target_id = load_word(place(targets_arena, forward.targets), 0u, n);
      store(place(logSumExp_arena, forward.logSumExp), 0u, n, largest + log_sum);
      store(place(losses_arena, forward.losses), 0u, n, (largest - load(logits, n, target_id)) + log_sum);
    }
  }
}

@compute @workgroup_size(256)
fn softmaxCrossEntropyBackward(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let logits = place(logits_arena, backward.logits);
  let total = f32(backward.total);
  for (var n = group.x; n < backward.N; n += groups.x) {
    let log_sum = load(place(logSumExp_arena, backward.logSumExp), 0u, n);
    let target_id = load_word(place(targets_arena, backward.targets), 0u, n);
    for (var v = thread; v < backward.vocabulary; v += 256u) {
      let softmax = exponential(load(logits, n, v) - log_sum);
      store(logits, n, v, (softmax - select(0.0, 1.0, v == target_id)) / total);
    }
  }
}

// The functions of reduce.wgsl by subgroups: within one, by shuffles; then each goes through what the others have left.
// Nothing is assumed of how threads are shared out to subgroups, but that all of a workgroup are of one size.

override THREADS: u32 = 256u; // a power of two

var<workgroup> reduced: array<vec2f, THREADS>;

fn sum_of_subgroup(own: vec2f, size: u32) -> vec2f {
  var sum = own;
  for (var step = 1u; step < size; step *= 2u) {
    sum = add_double(sum, vec2f(subgroupShuffleXor(sum.x, step), subgroupShuffleXor(sum.y, step)));
  }
  return sum;
}

fn sum_of_all(own: vec2f, thread: u32) -> vec2f {
  let size = subgroupAdd(1u);
  let lane = subgroupExclusiveAdd(1u);
  let sum = sum_of_subgroup(own, size);
  reduced[thread] = select(vec2f(0.0), sum, lane == 0u);
  workgroupBarrier();
  var others = vec2f(0.0);
  for (var i = lane; i < THREADS; i += size) {
    others = add_double(others, reduced[i]);
  }
  workgroupBarrier();
  return sum_of_subgroup(others, size);
}

fn largest_of_all(own: f32, thread: u32) -> f32 {
  reduced[thread].x = own;
  workgroupBarrier();
  let size = subgroupAdd(1u);
  var largest = own;
  for (var i = subgroupExclusiveAdd(1u); i < THREADS; i += size) {
    largest = max(largest, reduced[i].x);
  }
  workgroupBarrier();
  return subgroupMax(largest);
}

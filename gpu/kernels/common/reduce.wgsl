// Sums and maxima over a workgroup, the same for all its threads. To be called by all of them.

override THREADS: u32 = 256u; // a power of two

var<workgroup> reduced: array<vec2f, THREADS>;

fn sum_of_all(own: vec2f, thread: u32) -> vec2f {
  reduced[thread] = own;
  workgroupBarrier();
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    if (thread < half) {
      reduced[thread] = add_double(reduced[thread], reduced[thread + half]);
    }
    workgroupBarrier();
  }
  let total = reduced[0];
  workgroupBarrier();
  return total;
}

fn largest_of_all(own: f32, thread: u32) -> f32 {
  reduced[thread].x = own;
  workgroupBarrier();
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    if (thread < half) {
      reduced[thread].x = max(reduced[thread].x, reduced[thread + half].x);
    }
    workgroupBarrier();
  }
  let largest = reduced[0].x;
  workgroupBarrier();
  return largest;
}

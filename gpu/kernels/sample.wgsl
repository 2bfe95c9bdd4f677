//   w_v = e^{(l_v − max l)/τ}; keep the topK largest of l, the lower id first among equals; of these the shortest
//   prefix with Σ w ≥ topP · (their Σ w); id = the first, in rising order, at which the running Σ w exceeds u Σ w.
// τ = 0 takes the largest logit. A NaN has no weight and ranks last; without any weight the choice is the greedy one.
// One workgroup; a thread has a run of ids. Nothing is sorted: a logit's rank is that of its bits as an unsigned number,
// and the least rank that is kept is found bit by bit, by counting (topK) or weighing (topP) what lies above it.
// requires memory math double threefry

override logits_arena: u32;
override settings_arena: u32;
override random_arena: u32;
override scratch_arena: u32;
override order_arena: u32;
override id_arena: u32;

struct Sample {
  logits: vec2u, //   [V]
  settings: vec2u, // [3]  τ, topK, topP
  random: vec2u, //   [2]  seed, step
  scratch: vec2u, //  [V]  w
  order: vec2u, //    [V]  not used
  id: vec2u, //       [1]
  vocabulary: u32, // V
  stream: u32,
}
@group(0) @binding(2) var<uniform> args: Sample;

const THREADS = 256u;

var<workgroup> masses: array<vec2f, 256>;
var<workgroup> counts: array<u32, 256>;
var<workgroup> ranks: array<u32, 256>;
var<workgroup> mode_of_all: u32;

const DRAWS = 1u;
const HAS_TOP_K = 2u;
const HAS_TOP_P = 4u;

// What is kept: ranks above `least`, and of those at it the first `ties` ids.
struct Kept {
  least: u32,
  ties: u32,
}

fn logit(v: u32) -> f32 {
  return load(place(logits_arena, args.logits), 0u, v);
}

// Rises with x; NaN is as −∞, −0 as 0.
fn rank(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  if (is_nan(x)) {
    return 0x007fffffu;
  }
  if ((bits & 0x7fffffffu) == 0u) {
    return 0x80000000u;
  }
  return select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
}

fn of_rank(r: u32) -> f32 {
  return bitcast<f32>(select(~r, r & 0x7fffffffu, (r >> 31u) == 1u));
}

fn weight(x: f32, largest: f32, temperature: f32) -> f32 {
  if (is_finite(x) && is_finite(largest)) {
    return exponential((x - largest) / temperature);
  }
  return 0.0;
}

fn stored_weight(v: u32) -> f32 {
  return load(place(scratch_arena, args.scratch), 0u, v);
}

fn all_counts(own: u32, thread: u32) -> u32 {
  counts[thread] = own;
  workgroupBarrier();
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    if (thread < half) {
      counts[thread] += counts[thread + half];
    }
    workgroupBarrier();
  }
  let total = counts[0];
  workgroupBarrier();
  return total;
}

fn all_masses(own: vec2f, thread: u32) -> vec2f {
  masses[thread] = own;
  workgroupBarrier();
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    if (thread < half) {
      masses[thread] = add_double(masses[thread], masses[thread + half]);
    }
    workgroupBarrier();
  }
  let total = masses[0];
  workgroupBarrier();
  return total;
}

// How many rank at `bound` or above.
fn count_from(bound: u32, first: u32, end: u32, thread: u32) -> u32 {
  var own = 0u;
  for (var v = first; v < end; v++) {
    own += select(0u, 1u, rank(logit(v)) >= bound);
  }
  return all_counts(own, thread);
}

// What weighs at `bound` or above.
fn mass_from(bound: u32, first: u32, end: u32, thread: u32) -> vec2f {
  var own = vec2f(0.0);
  for (var v = first; v < end; v++) {
    if (rank(logit(v)) >= bound) {
      own = add_double(own, vec2f(stored_weight(v), 0.0));
    }
  }
  return all_masses(own, thread);
}

fn keep_top_k(k: u32, first: u32, end: u32, thread: u32) -> Kept {
  var least = 0u;
  for (var bit = 0x80000000u; bit > 0u; bit >>= 1u) {
    if (count_from(least | bit, first, end, thread) >= k) {
      least |= bit;
    }
  }
  return Kept(least, k - count_from(least + 1u, first, end, thread));
}

// Of what is kept already, the prefix that makes up `share` of its mass. `tied` is the weight of one at the least rank.
fn keep_top_p(kept: Kept, share: f32, top: u32, tied: f32, first: u32, end: u32, thread: u32, temperature: f32) -> Kept {
  let mass = add_double(
    mass_from(kept.least + 1u, first, end, thread), scale_double(vec2f(tied, 0.0), f32(kept.ties)));
  let wanted = scale_double(mass, share);
  var least = kept.least;
  var found = 0u;
  for (var bit = 0x80000000u; bit > 0u; bit >>= 1u) {
    // Below the least rank that is kept everything weighs as much as at it.
    let bound = found | bit;
    let above = mass_from(bound, first, end, thread);
    if (bound <= kept.least || !less_double(above, wanted)) {
      found = bound;
    }
  }
  least = min(found, top); // the largest stays, whatever is wanted
  let above = mass_from(least + 1u, first, end, thread);
  let level = count_from(least, first, end, thread) - count_from(least + 1u, first, end, thread);
  let available = select(level, kept.ties, least == kept.least && kept.ties > 0u);
  let each = vec2f(weight(of_rank(least), of_rank(top), temperature), 0.0);
  var ties = 1u;
  if (each.x > 0.0) {
    let missing = (wanted.x - above.x) + (wanted.y - above.y);
    ties = clamp(u32(max(missing / each.x, 2.0)) - 1u, 1u, available);
  }
  while (ties < available && less_double(add_double(above, scale_double(each, f32(ties))), wanted)) {
    ties++;
  }
  return Kept(least, ties);
}

// The first id at which the running sum of what is kept exceeds u · the whole.
fn draw(kept: Kept, u: f32, first: u32, end: u32, thread: u32) {
  var own = 0u;
  for (var v = first; v < end; v++) {
    own += select(0u, 1u, rank(logit(v)) == kept.least);
  }
  ranks[thread] = own;
  workgroupBarrier();
  var ties_before = 0u;
  for (var i = 0u; i < thread; i++) {
    ties_before += ranks[i];
  }
  var mass = vec2f(0.0);
  var tie = ties_before;
  for (var v = first; v < end; v++) {
    let r = rank(logit(v));
    if (r > kept.least || (r == kept.least && tie < kept.ties)) {
      mass = add_double(mass, vec2f(stored_weight(v), 0.0));
    }
    tie += select(0u, 1u, r == kept.least);
  }
  masses[thread] = mass;
  workgroupBarrier();
  var before = vec2f(0.0);
  var total = vec2f(0.0);
  for (var i = 0u; i < THREADS; i++) {
    if (i == thread) {
      before = total;
    }
    total = add_double(total, masses[i]);
  }
  let wanted = scale_double(total, u);
  if (less_double(wanted, before) || !less_double(wanted, add_double(before, mass))) {
    return;
  }
  var sum = before;
  tie = ties_before;
  for (var v = first; v < end; v++) {
    let r = rank(logit(v));
    if (r > kept.least || (r == kept.least && tie < kept.ties)) {
      sum = add_double(sum, vec2f(stored_weight(v), 0.0));
      if (less_double(wanted, sum)) {
        store_word(place(id_arena, args.id), 0u, 0u, v);
        return;
      }
    }
    tie += select(0u, 1u, r == kept.least);
  }
}

@compute @workgroup_size(256)
fn sample(@builtin(local_invocation_index) thread: u32) {
  let V = args.vocabulary;
  let run = blocks(V, THREADS);
  let first = min(thread * run, V);
  let end = min(first + run, V);
  let settings = place(settings_arena, args.settings);
  let temperature = load(settings, 0u, 0u);
  let top_k = load(settings, 0u, 1u);
  let top_p = load(settings, 0u, 2u);

  // The largest; of equal ones the first.
  var best = first;
  var best_rank = 0u;
  for (var v = first; v < end; v++) {
    let r = rank(logit(v));
    if (r > best_rank) {
      best_rank = r;
      best = v;
    }
  }
  ranks[thread] = best_rank;
  counts[thread] = best;
  if (thread == 0u) {
    var mode = 0u;
    if (temperature > 0.0) {
      mode = DRAWS;
      mode |= select(0u, HAS_TOP_K, top_k >= 1.0 && top_k < f32(V));
      mode |= select(0u, HAS_TOP_P, top_p < 1.0);
    }
    mode_of_all = mode;
  }
  workgroupBarrier();
  var top = 0u;
  var greedy = 0u;
  for (var i = 0u; i < THREADS; i++) {
    if (ranks[i] > top) {
      top = ranks[i];
      greedy = counts[i];
    }
  }
  workgroupBarrier();
  if (thread == 0u) {
    store_word(place(id_arena, args.id), 0u, 0u, greedy);
  }
  storageBarrier(); // whoever draws writes after this
  let mode = workgroupUniformLoad(&mode_of_all);
  if (mode == 0u) {
    return;
  }

  let largest = of_rank(top);
  for (var v = first; v < end; v++) {
    store(place(scratch_arena, args.scratch), 0u, v, weight(logit(v), largest, temperature));
  }
  var kept = Kept(0u, 0u);
  if ((mode & HAS_TOP_K) != 0u) {
    kept = keep_top_k(u32(top_k), first, end, thread);
  }
  if ((mode & HAS_TOP_P) != 0u) {
    let tied = weight(of_rank(kept.least), largest, temperature);
    kept = keep_top_p(kept, top_p, top, tied, first, end, thread, temperature);
  }
  let random = place(random_arena, args.random);
  let u = uniform_at(load_word(random, 0u, 0u), args.stream, load_word(random, 0u, 1u), 0u);
  draw(kept, u, first, end, thread);
}

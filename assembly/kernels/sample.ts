/**
 * id ~ softmax(logits / temperature), kept to the topK likeliest ids and then to the smallest set of the likeliest
 * ones that has topP of what topK left (nucleus sampling, Holtzman et al. 2020). Among equal logits the lower id
 * is the likelier.
 *
 * The inverse of the distribution function is taken over the kept ids in ascending order: the first id at which the
 * running sum exceeds u · mass, u drawn at index 0 of (seed, stream, step).
 * A NaN logit is never chosen (all NaN, or a +∞ among them: the greedy choice).
 */
import { Sample } from '../generated/arguments';
import { check, checkVector } from './check';
import { exp } from './math';
import { randomWords, uniforms } from './random';
import { loadLanes, offset, storeLanes } from './simd';
import { randomBlock } from './workspace';

export function sample(call: Sample): void {
  const n = call.vocabulary;
  check(n > 0, 'the vocabulary is empty');
  checkVector(call.logits, call.logitsEnd, n);
  checkVector(call.settings, call.settingsEnd, 3);
  checkVector(call.random, call.randomEnd, 2);
  checkVector(call.scratch, call.scratchEnd, n);
  checkVector(call.order, call.orderEnd, n);
  checkVector(call.id, call.idEnd, 1);
  const temperature = load<f32>(call.settings);
  const topK = load<f32>(call.settings, 4);
  const topP = load<f32>(call.settings, 8);

  const best = argMax(call.logits, n);
  let id = best;
  if (temperature > 0) {
    const weights = call.scratch;
    weigh(call.logits, n, load<f32>(offset(call.logits, best)), temperature, weights);
    if ((topK >= 1 && topK < <f32>n) || topP < 1) {
      keep(call.logits, weights, call.order, n, topK >= 1 ? i32(min(topK, <f32>n)) : n, topP);
    }
    const words = randomBlock();
    randomWords(load<i32>(call.random), call.stream, load<i32>(call.random, 4), 0, words);
    id = draw(weights, n, f32x4.extract_lane(uniforms(v128.load(words)), 0), best);
  }
  store<i32>(call.id, id);
}

/** The lowest id of the largest logit; NaN is smaller than all. */
function argMax(logits: usize, n: i32): i32 {
  let best = 0;
  let largest: f32 = -Infinity;
  for (let i = 0; i < n; i++) {
    const logit = load<f32>(offset(logits, i));
    if (logit > largest) {
      largest = logit;
      best = i;
    }
  }
  return best;
}

/** weights [n] = exp((logits − largest) / temperature), 0 in place of NaN. */
function weigh(logits: usize, n: i32, largest: f32, temperature: f32, weights: usize): void {
  const shift = f32x4.splat(largest);
  const divisor = f32x4.splat(temperature);
  for (let i = 0; i < n; i += 4) {
    const weight = exp(f32x4.div(f32x4.sub(loadLanes(offset(logits, i), n - i), shift), divisor));
    storeLanes(offset(weights, i), v128.and(weight, f32x4.eq(weight, weight)), n - i);
  }
}

/** Sets to 0 the weights beyond the topK largest, then those beyond topP of what these sum up to. */
function keep(logits: usize, weights: usize, order: usize, n: i32, topK: i32, topP: f32): void {
  // A heap gives the likeliest ids one by one, as many as are wanted, without sorting the rest. Those it gave
  // stand at the end of `order`, the likeliest last.
  for (let i = 0; i < n; i++) store<i32>(offset(order, i), i);
  for (let i = (n >> 1) - 1; i >= 0; i--) siftDown(logits, order, i, n);
  let kept = 0;
  let mass: f64 = 0;
  if (topK < n) {
    for (; kept < topK; kept++) mass += load<f32>(offset(weights, takeLikeliest(logits, order, n - kept)));
  } else {
    for (let i = 0; i < n; i++) mass += load<f32>(offset(weights, i));
  }
  if (topP < 1) {
    let nucleus = 0;
    let nucleusMass: f64 = 0;
    do {
      if (nucleus == kept) takeLikeliest(logits, order, n - kept++);
      nucleus++;
      nucleusMass += load<f32>(offset(weights, load<i32>(offset(order, n - nucleus))));
    } while (nucleus < topK && nucleusMass < mass * <f64>topP);
    kept = nucleus;
  }
  for (let i = 0; i < n - kept; i++) store<f32>(offset(weights, load<i32>(offset(order, i))), 0);
}

@inline
function rank(logits: usize, id: i32): f32 {
  const logit = load<f32>(offset(logits, id));
  return logit == logit ? logit : -Infinity;
}

@inline
function likelier(logits: usize, a: i32, b: i32): bool {
  const first = rank(logits, a);
  const second = rank(logits, b);
  return first > second || (first == second && a < b);
}

/** Restores the heap order [size], likeliest first, below a root that may be out of place. */
function siftDown(logits: usize, order: usize, root: i32, size: i32): void {
  const id = load<i32>(offset(order, root));
  for (let child = 2 * root + 1; child < size; child = 2 * root + 1) {
    const left = load<i32>(offset(order, child));
    if (child + 1 < size && likelier(logits, load<i32>(offset(order, child + 1)), left)) child++;
    const likeliest = load<i32>(offset(order, child));
    if (!likelier(logits, likeliest, id)) break;
    store<i32>(offset(order, root), likeliest);
    root = child;
  }
  store<i32>(offset(order, root), id);
}

/** The likeliest id of the heap order [size]; it goes to the last place, and the heap is one smaller. */
function takeLikeliest(logits: usize, order: usize, size: i32): i32 {
  const id = load<i32>(order);
  const end = offset(order, size - 1);
  store<i32>(order, load<i32>(end));
  store<i32>(end, id);
  siftDown(logits, order, 0, size - 1);
  return id;
}

/** The first id at which the running sum of weights exceeds u of the whole; `fallback` if all are 0. */
function draw(weights: usize, n: i32, u: f32, fallback: i32): i32 {
  let mass: f64 = 0;
  for (let i = 0; i < n; i++) mass += load<f32>(offset(weights, i));
  const wanted = mass * <f64>u;
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) {
    sum += load<f32>(offset(weights, i));
    if (sum > wanted) return i;
  }
  return fallback;
}

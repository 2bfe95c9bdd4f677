/**
 * Over each row of logits [N, V], l:
 *   logSumExp = max l + log Σ exp(l − max l),  loss = logSumExp − l[target], in nats
 *   dl = (exp(l − logSumExp) − onehot(target)) / total
 * A NaN or +∞ among the logits makes the loss NaN.
 */
import { SoftmaxCrossEntropyBackward, SoftmaxCrossEntropyForward } from '../generated/arguments';
import { checkIds, checkMatrix, checkVector } from './check';
import { exp } from './math';
import { addWide, at, loadLanes, maxLane, offset, storeLanes, sumWide } from './simd';

function rowMax(row: usize, n: i32): f32 {
  let largest = f32x4.splat(-Infinity);
  let i = 0;
  for (; i + 4 <= n; i += 4) largest = f32x4.max(largest, v128.load(offset(row, i)));
  let result = maxLane(largest);
  for (; i < n; i++) result = max(result, load<f32>(offset(row, i)));
  return result;
}

/** Σ exp(x − shift), in f64: V may be tens of thousands. */
function sumOfExp(row: usize, n: i32, shift: f32): f64 {
  const shifts = f32x4.splat(shift);
  let sum = f64x2.splat(0);
  let i = 0;
  for (; i + 4 <= n; i += 4) sum = addWide(sum, exp(f32x4.sub(v128.load(offset(row, i)), shifts)));
  const rest = n - i;
  if (rest > 0) {
    const e = exp(f32x4.sub(loadLanes(offset(row, i), rest), shifts));
    const beyond = i32x4.ge_s(i32x4(0, 1, 2, 3), i32x4.splat(rest));
    sum = addWide(sum, v128.andnot(e, beyond));
  }
  return sumWide(sum);
}

export function softmaxCrossEntropyForward(call: SoftmaxCrossEntropyForward): void {
  const n = call.N;
  const vocabulary = call.vocabulary;
  checkMatrix(call.logits, call.logitsLd, call.logitsEnd, n, vocabulary);
  checkIds(call.targets, call.targetsEnd, n, vocabulary);
  checkVector(call.logSumExp, call.logSumExpEnd, n);
  checkVector(call.losses, call.lossesEnd, n);
  for (let row = 0; row < n; row++) {
    const logits = at(call.logits, call.logitsLd, row, 0);
    const largest = rowMax(logits, vocabulary);
    const logOfSum = Math.log(sumOfExp(logits, vocabulary, largest));
    const target = load<f32>(offset(logits, load<i32>(offset(call.targets, row))));
    store<f32>(offset(call.logSumExp, row), <f32>(<f64>largest + logOfSum));
    // From the difference to the maximum, not from logSumExp: large logits must not cost the loss its digits.
    store<f32>(offset(call.losses, row), <f32>(<f64>largest - <f64>target + logOfSum));
  }
}

export function softmaxCrossEntropyBackward(call: SoftmaxCrossEntropyBackward): void {
  const n = call.N;
  const vocabulary = call.vocabulary;
  checkMatrix(call.logits, call.logitsLd, call.logitsEnd, n, vocabulary);
  checkIds(call.targets, call.targetsEnd, n, vocabulary);
  checkVector(call.logSumExp, call.logSumExpEnd, n);
  const share = <f32>1 / <f32>call.total;
  for (let row = 0; row < n; row++) {
    const logits = at(call.logits, call.logitsLd, row, 0);
    const shift = f32x4.splat(load<f32>(offset(call.logSumExp, row)));
    for (let i = 0; i < vocabulary; i += 4) {
      const lanes = vocabulary - i;
      const softmax = exp(f32x4.sub(loadLanes(offset(logits, i), lanes), shift));
      storeLanes(offset(logits, i), f32x4.mul(softmax, f32x4.splat(share)), lanes);
    }
    const target = offset(logits, load<i32>(offset(call.targets, row)));
    store<f32>(target, load<f32>(target) - share);
  }
}

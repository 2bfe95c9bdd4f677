/**
 *   lse_n = s + log Σ_v e^{l_nv − s},  s = max_v l_nv;   loss_n = lse_n − l_n,target   (nats)
 *   dl_nv = (e^{l_nv − lse_n} − [v = target_n]) / total, the gradient of the mean of `total` losses, N of them here
 */
import type { Kernel } from './kernel.js';

export const softmaxCrossEntropyForward: Kernel<'softmaxCrossEntropyForward'> = (
  {
    logits, // [N, V]
    targets, // [N], 0 … V − 1
    logSumExp, // [N]
    losses, // [N]
  },
  { n: N, vocabulary: V },
) => {
  for (let n = 0; n < N; n++) {
    let largest = -Infinity;
    for (let v = 0; v < V; v++) largest = Math.max(largest, logits.get(n, v));
    let sum = 0;
    for (let v = 0; v < V; v++) sum += Math.exp(logits.get(n, v) - largest);
    logSumExp.set(n, largest + Math.log(sum));
    losses.set(n, largest - logits.get(n, targets.get(n)) + Math.log(sum));
  }
};

export const softmaxCrossEntropyBackward: Kernel<'softmaxCrossEntropyBackward'> = (
  {
    logits, // [N, V]  l, then dl
    targets, // [N]
    logSumExp, // [N]
  },
  { n: N, total, vocabulary: V },
) => {
  for (let n = 0; n < N; n++) {
    for (let v = 0; v < V; v++) {
      const softmax = Math.exp(logits.get(n, v) - logSumExp.get(n));
      logits.set(n, v, (softmax - (v === targets.get(n) ? 1 : 0)) / total);
    }
  }
};

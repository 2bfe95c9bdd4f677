/**
 *   w_v = e^{(l_v − max l)/τ}; keep the topK largest of l, the lower id first among equals; of these the shortest
 *   prefix with Σ w ≥ topP · (their Σ w); id = the first, in rising order, at which the running Σ w exceeds u Σ w.
 * τ = 0 takes the largest logit. A NaN has no weight and ranks last; without any weight the choice is the greedy one.
 */
import { Random } from '../../core/random.js';
import type { Kernel } from './kernel.js';

export const sample: Kernel<'sample'> = (
  {
    logits, // [V]
    settings, // [3]  τ, topK, topP
    random, // [2]  seed, step
    id, // [1]
  },
  { vocabulary: V, stream },
) => {
  const [temperature, topK, topP] = [settings.get(0), settings.get(1), settings.get(2)];
  const rank = (v: number) => (Number.isNaN(logits.get(v)) ? -Infinity : logits.get(v));
  const order = Array.from({ length: V }, (_, v) => v).sort((a, b) => {
    return rank(a) === rank(b) ? a - b : rank(a) > rank(b) ? -1 : 1;
  });
  const [greedy = 0] = order;
  id.set(0, greedy);
  if (!(temperature > 0)) return;

  const weight = (v: number) => {
    const w = Math.exp((logits.get(v) - logits.get(greedy)) / temperature);
    return Number.isNaN(w) ? 0 : w;
  };
  const mass = (ids: readonly number[]) => ids.reduce((sum, v) => sum + weight(v), 0);
  let kept = topK >= 1 ? order.slice(0, Math.trunc(topK)) : order;
  if (topP < 1) {
    const wanted = topP * mass(kept);
    let length = 1;
    while (length < kept.length && mass(kept.slice(0, length)) < wanted) length++;
    kept = kept.slice(0, length);
  }
  const rising = kept.sort((a, b) => a - b);
  const wanted = new Random(random.get(0), stream, random.get(1)).uniform(0) * mass(rising);
  let sum = 0;
  for (const v of rising) {
    sum += weight(v);
    if (sum > wanted) {
      id.set(0, v);
      return;
    }
  }
};

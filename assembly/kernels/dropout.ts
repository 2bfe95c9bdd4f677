/** Dropout. mask = u ≥ p ? 1/(1 − p) : 0; y = x ⊙ mask, and dx = dy ⊙ mask. */
import { ApplyMask, DropoutMask } from '../generated/arguments';
import { check, checkMatrix, checkVector } from './check';
import { randomWords, uniforms } from './random';
import { at, loadLanes, offset, storeLanes } from './simd';
import { randomBlock } from './workspace';

/** Element i is drawn at index first + i: a mask does not depend on how it is cut into vectors, or among threads. */
export function dropoutMask(call: DropoutMask): void {
  const n = call.N;
  checkVector(call.random, call.randomEnd, 2);
  checkVector(call.mask, call.maskEnd, n);
  const words = randomBlock();
  const seed = load<i32>(call.random);
  const step = load<i32>(call.random, 4);
  const first = call.first;
  const last = first + n;
  const probability = f32x4.splat(call.probability);
  const kept = f32x4.splat(1 / (1 - call.probability));
  for (let block = first & ~7; block < last; block += 8) {
    randomWords(seed, call.stream, step, block, words);
    for (let half = 0; half < 8; half += 4) {
      const u = uniforms(v128.load(offset(words, half)));
      v128.store(offset(words, half), v128.and(kept, f32x4.ge(u, probability)));
    }
    const from = max(block, first);
    const to = min(block + 8, last);
    memory.copy(offset(call.mask, from - first), offset(words, from - block), <usize>(to - from) << 2);
  }
}

/** y [M, N] = x [M, N] ⊙ mask [m mod period, N]. */
export function applyMask(call: ApplyMask): void {
  const m = call.M;
  const n = call.N;
  const period = call.period;
  check(m == 0 || period > 0, 'the period of a mask must be at least 1');
  checkMatrix(call.x, call.xLd, call.xEnd, m, n);
  checkMatrix(call.mask, call.maskLd, call.maskEnd, min(m, period), n);
  checkMatrix(call.y, call.yLd, call.yEnd, m, n);
  for (let row = 0, maskRow = 0; row < m; row++) {
    const x = at(call.x, call.xLd, row, 0);
    const mask = at(call.mask, call.maskLd, maskRow, 0);
    const y = at(call.y, call.yLd, row, 0);
    for (let i = 0; i < n; i += 4) {
      const masked = f32x4.mul(loadLanes(offset(x, i), n - i), loadLanes(offset(mask, i), n - i));
      storeLanes(offset(y, i), masked, n - i);
    }
    if (++maskRow == period) maskRow = 0;
  }
}

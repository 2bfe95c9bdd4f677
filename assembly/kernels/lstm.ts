/**
 * The gates of an LSTM, one row of H units; the latent cell and the adaptive cell share them.
 *   u = [i; f; g; o];  c = σ(f) ⊙ c′ + σ(i) ⊙ tanh(g);  y = σ(o) ⊙ tanh(c);  h = mask ⊙ y
 * with c′ the state a step before. An address of 0 leaves an operand out.
 */
import { sigmoid, sigmoidSlope, tanh, tanhSlope } from './math';
import { fma, loadLanes, offset, storeLanes } from './simd';

/** gates [4H]: u becomes the activated gates. c may be c′. */
export function lstmForward(n: i32, gates: usize, cPrevious: usize, mask: usize, c: usize, y: usize, h: usize): void {
  const gatesF = offset(gates, n);
  const gatesG = offset(gatesF, n);
  const gatesO = offset(gatesG, n);
  for (let j = 0; j < n; j += 4) {
    const lanes = n - j;
    const i = sigmoid(loadLanes(offset(gates, j), lanes));
    const f = sigmoid(loadLanes(offset(gatesF, j), lanes));
    const g = tanh(loadLanes(offset(gatesG, j), lanes));
    const o = sigmoid(loadLanes(offset(gatesO, j), lanes));
    storeLanes(offset(gates, j), i, lanes);
    storeLanes(offset(gatesF, j), f, lanes);
    storeLanes(offset(gatesG, j), g, lanes);
    storeLanes(offset(gatesO, j), o, lanes);
    const cell = fma(f, loadLanes(offset(cPrevious, j), lanes), f32x4.mul(i, g));
    const output = f32x4.mul(o, tanh(cell));
    storeLanes(offset(c, j), cell, lanes);
    if (y) storeLanes(offset(y, j), output, lanes);
    storeLanes(offset(h, j), mask ? f32x4.mul(output, loadLanes(offset(mask, j), lanes)) : output, lanes);
  }
}

/**
 * With dy′ = dy + mask ⊙ dh and dc′ = dc + dy′ ⊙ σ(o) ⊙ (1 − tanh² c):
 *   do = dy′ ⊙ tanh(c),  di = dc′ ⊙ tanh(g),  df = dc′ ⊙ c′,  dg = dc′ ⊙ σ(i),  each by its gate's own slope.
 * gates [4H]: the activated gates become du. dc becomes the gradient of c′, dc′ ⊙ σ(f).
 */
export function lstmBackward(
  n: i32, gates: usize, cPrevious: usize, c: usize, mask: usize, dy: usize, dh: usize, dc: usize,
): void {
  const gatesF = offset(gates, n);
  const gatesG = offset(gatesF, n);
  const gatesO = offset(gatesG, n);
  for (let j = 0; j < n; j += 4) {
    const lanes = n - j;
    const i = loadLanes(offset(gates, j), lanes);
    const f = loadLanes(offset(gatesF, j), lanes);
    const g = loadLanes(offset(gatesG, j), lanes);
    const o = loadLanes(offset(gatesO, j), lanes);
    const squashed = tanh(loadLanes(offset(c, j), lanes));
    let output = loadLanes(offset(dh, j), lanes);
    if (mask) output = f32x4.mul(output, loadLanes(offset(mask, j), lanes));
    if (dy) output = f32x4.add(output, loadLanes(offset(dy, j), lanes));
    const cell = fma(f32x4.mul(output, o), tanhSlope(squashed), loadLanes(offset(dc, j), lanes));
    const before = loadLanes(offset(cPrevious, j), lanes);
    storeLanes(offset(gates, j), f32x4.mul(f32x4.mul(cell, g), sigmoidSlope(i)), lanes);
    storeLanes(offset(gatesF, j), f32x4.mul(f32x4.mul(cell, before), sigmoidSlope(f)), lanes);
    storeLanes(offset(gatesG, j), f32x4.mul(f32x4.mul(cell, i), tanhSlope(g)), lanes);
    storeLanes(offset(gatesO, j), f32x4.mul(f32x4.mul(output, squashed), sigmoidSlope(o)), lanes);
    storeLanes(offset(dc, j), f32x4.mul(cell, f), lanes);
  }
}

/**
 * y [M, N] = φ(x): x, max(x, 0), tanh x or σ(x); y may be x.
 * dx = dy ⊙ φ′, with φ′ by y: 1, [y > 0], 1 − y², y (1 − y); dx may be dy.
 */
import { reluKind, sigmoidKind, tanhKind } from '../generated/activations';
import { ActivationBackward, ActivationForward } from '../generated/arguments';
import { check, checkMatrix } from './check';
import { sigmoid, tanh } from './math';
import { at, fnma, loadLanes, offset, storeLanes } from './simd';

@inline
function value(kind: i32, x: v128): v128 {
  if (kind == reluKind) return f32x4.max(x, f32x4.splat(0)); // NaN stays
  if (kind == tanhKind) return tanh(x);
  if (kind == sigmoidKind) return sigmoid(x);
  return x;
}

@inline
function backward(kind: i32, y: v128, dy: v128): v128 {
  const one = f32x4.splat(1);
  if (kind == reluKind) return v128.and(dy, f32x4.gt(y, f32x4.splat(0)));
  if (kind == tanhKind) return f32x4.mul(dy, fnma(y, y, one));
  if (kind == sigmoidKind) return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(one, y)));
  return dy;
}

@inline
function checkKind(kind: i32): void {
  check(kind >= 0 && kind <= sigmoidKind, 'there is no such activation');
}

export function activationForward(call: ActivationForward): void {
  const m = call.M;
  const n = call.N;
  const kind = call.kind;
  checkKind(kind);
  checkMatrix(call.x, call.xLd, call.xEnd, m, n);
  checkMatrix(call.y, call.yLd, call.yEnd, m, n);
  for (let row = 0; row < m; row++) {
    const x = at(call.x, call.xLd, row, 0);
    const y = at(call.y, call.yLd, row, 0);
    for (let i = 0; i < n; i += 4) storeLanes(offset(y, i), value(kind, loadLanes(offset(x, i), n - i)), n - i);
  }
}

export function activationBackward(call: ActivationBackward): void {
  const m = call.M;
  const n = call.N;
  const kind = call.kind;
  checkKind(kind);
  checkMatrix(call.y, call.yLd, call.yEnd, m, n);
  checkMatrix(call.dy, call.dyLd, call.dyEnd, m, n);
  checkMatrix(call.dx, call.dxLd, call.dxEnd, m, n);
  for (let row = 0; row < m; row++) {
    const y = at(call.y, call.yLd, row, 0);
    const dy = at(call.dy, call.dyLd, row, 0);
    const dx = at(call.dx, call.dxLd, row, 0);
    for (let i = 0; i < n; i += 4) {
      const gradient = backward(kind, loadLanes(offset(y, i), n - i), loadLanes(offset(dy, i), n - i));
      storeLanes(offset(dx, i), gradient, n - i);
    }
  }
}

/**
 * Adam (Kingma & Ba 2015) and AdamW (Loshchilov & Hutter 2019), as PyTorch computes them, on a flat range:
 *   g ← g · min(1, clip / (norm + 1e-6))
 *   Adam: g ← g + λ p          AdamW: p ← p − η λ p
 *   m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²
 *   p ← p − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
 */
import { Adam } from '../generated/arguments';
import { checkVector } from './check';
import { fma, fnma, loadLanes, offset, storeLanes } from './simd';

/** settings, by index: η, β₁, β₂, ε, λ, 1 − β₁ᵗ, 1 − β₂ᵗ, clip (0: none). */
@inline
function setting(call: Adam, index: i32): f32 {
  return load<f32>(offset(call.settings, index));
}

@inline
function clipScale(norm: f32, clip: f32): f32 {
  return clip > 0 ? min<f32>(1, clip / (norm + 1e-6)) : 1;
}

export function adam(call: Adam): void {
  const n = call.N;
  checkVector(call.settings, call.settingsEnd, 8);
  checkVector(call.norm, call.normEnd, 1);
  checkVector(call.gradients, call.gradientsEnd, n);
  checkVector(call.parameters, call.parametersEnd, n);
  checkVector(call.moment1, call.moment1End, n);
  checkVector(call.moment2, call.moment2End, n);
  const norm = load<f32>(call.norm);
  // One NaN in a gradient would otherwise be in every parameter after this step.
  if (!isFinite(norm)) return;

  const rate = setting(call, 0);
  const decay = setting(call, 4);
  const scale = f32x4.splat(clipScale(norm, setting(call, 7)));
  const beta1 = f32x4.splat(setting(call, 1));
  const beta2 = f32x4.splat(setting(call, 2));
  const rest1 = f32x4.splat(1 - setting(call, 1));
  const rest2 = f32x4.splat(1 - setting(call, 2));
  const epsilon = f32x4.splat(setting(call, 3));
  const coupled = f32x4.splat(call.decoupled ? 0 : decay);
  const decoupled = f32x4.splat(call.decoupled ? rate * decay : 0);
  const stepSize = f32x4.splat(rate / setting(call, 5));
  const correction = f32x4.splat(1 / sqrt<f32>(setting(call, 6)));

  for (let i = 0; i < n; i += 4) {
    const lanes = n - i;
    let p = loadLanes(offset(call.parameters, i), lanes);
    let m = loadLanes(offset(call.moment1, i), lanes);
    let v = loadLanes(offset(call.moment2, i), lanes);
    const g = fma(coupled, p, f32x4.mul(loadLanes(offset(call.gradients, i), lanes), scale));
    m = fma(beta1, m, f32x4.mul(rest1, g));
    v = fma(beta2, v, f32x4.mul(rest2, f32x4.mul(g, g)));
    p = fnma(decoupled, p, p);
    p = fnma(stepSize, f32x4.div(m, fma(f32x4.sqrt(v), correction, epsilon)), p);
    storeLanes(offset(call.parameters, i), p, lanes);
    storeLanes(offset(call.moment1, i), m, lanes);
    storeLanes(offset(call.moment2, i), v, lanes);
  }
}

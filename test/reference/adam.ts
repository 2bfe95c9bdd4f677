/**
 *   g ← g · min(1, clip / (norm + 10⁻⁶)),  if clip > 0
 *   Adam: g ← g + λ θ        AdamW: θ ← θ − η λ θ
 *   m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²
 *   θ ← θ − η / (1 − β₁ᵗ) · m / (√(v / (1 − β₂ᵗ)) + ε)
 * A norm that is not finite changes nothing.
 */
import type { Kernel } from './kernel.js';

export const adam: Kernel<'adam'> = (
  {
    settings, // [8]  η, β₁, β₂, ε, λ, 1 − β₁ᵗ, 1 − β₂ᵗ, clip
    norm, // [1]
    gradients, // [N]  g
    parameters, // [N]  θ
    moment1, // [N]  m
    moment2, // [N]  v
  },
  { n: N, decoupled },
) => {
  const [eta, beta1, beta2, epsilon] = [settings.get(0), settings.get(1), settings.get(2), settings.get(3)];
  const [lambda, correction1, correction2, clip] = [settings.get(4), settings.get(5), settings.get(6), settings.get(7)];
  if (!Number.isFinite(norm.get(0))) return;
  const scale = clip > 0 ? Math.min(1, clip / (norm.get(0) + 1e-6)) : 1;
  for (let i = 0; i < N; i++) {
    let theta = parameters.get(i);
    let g = gradients.get(i) * scale;
    if (decoupled) theta -= eta * lambda * theta;
    else g += lambda * theta;
    const m = beta1 * moment1.get(i) + (1 - beta1) * g;
    const v = beta2 * moment2.get(i) + (1 - beta2) * g ** 2;
    moment1.set(i, m);
    moment2.set(i, v);
    parameters.set(i, theta - ((eta / correction1) * m) / (Math.sqrt(v / correction2) + epsilon));
  }
};

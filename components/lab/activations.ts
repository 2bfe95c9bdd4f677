/** Activation functions, their linear parts at 0, and how much is left of them over normally distributed pre-activations. */

export type ActivationName = 'sigmoid' | 'tanh' | 'relu';

export interface Activation {
  readonly label: string;
  readonly of: (a: number) => number;
  /** φ′(0) a + φ(0). A ReLU has no slope at 0; ½ a is the line that is nearest to it over symmetric a. */
  readonly linear: (a: number) => number;
}

export const activations: Readonly<Record<ActivationName, Activation>> = {
  sigmoid: { label: 'sigmoid', of: (a) => 1 / (1 + Math.exp(-a)), linear: (a) => 0.25 * a + 0.5 },
  tanh: { label: 'tanh', of: Math.tanh, linear: (a) => a },
  relu: { label: 'ReLU', of: (a) => Math.max(0, a), linear: (a) => a / 2 },
};

/** φ(a) − (φ′(0) a + φ(0)) */
export function effect({ of, linear }: Activation, a: number): number {
  return of(a) - linear(a);
}

export interface Effects {
  /** Half of all |effects| are at most this. */
  readonly median: number;
  /** The fraction with |effect| > 0.05. */
  readonly beyond: number;
}

/** Of a ~ N(0, deviation²), by a fine grid. */
export function effectsOver(activation: Activation, deviation: number): Effects {
  const points = 4000;
  const weighted = Array.from({ length: points }, (_, at) => {
    const z = -5 + (10 * (at + 0.5)) / points;
    return { size: Math.abs(effect(activation, z * deviation)), weight: density(z) };
  }).sort((one, other) => one.size - other.size);
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  let [median, passed, beyond] = [0, 0, 0];
  for (const { size, weight } of weighted) {
    if (passed < total / 2) median = size;
    passed += weight;
    if (size > 0.05) beyond += weight;
  }
  return { median, beyond: beyond / total };
}

/** Of the standard normal distribution, 1 at its top. */
export function density(z: number): number {
  return Math.exp(-(z * z) / 2);
}

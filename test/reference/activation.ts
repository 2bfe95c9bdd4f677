/**
 *   y = φ(x): x, max(x, 0), tanh x, 1 / (1 + e⁻ˣ)
 *   dx = dy ⊙ φ′, and φ′ by y: 1, [y > 0], 1 − y², y (1 − y)
 */
import { activations, type Activation } from '../../core/ops.js';
import type { Kernel } from './kernel.js';

interface Pair {
  readonly value: (x: number) => number;
  /** By y. */
  readonly slope: (y: number) => number;
}

const pairs: Readonly<Record<Activation, Pair>> = {
  identity: { value: (x) => x, slope: () => 1 },
  relu: { value: (x) => Math.max(x, 0), slope: (y) => (y > 0 ? 1 : 0) },
  tanh: { value: Math.tanh, slope: (y) => 1 - y * y },
  sigmoid: { value: (x) => 1 / (1 + Math.exp(-x)), slope: (y) => y * (1 - y) },
};

function pairOf(kind: number): Pair {
  const found = Object.entries(activations).find(([, number]) => number === kind);
  const pair = found && Object.entries(pairs).find(([name]) => name === found[0]);
  if (!pair) throw new TypeError(`There is no activation ${kind}.`);
  return pair[1];
}

export const activationForward: Kernel<'activationForward'> = (
  {
    x, // [M, N]
    y, // [M, N]
  },
  { m: M, n: N, kind },
) => {
  const { value } = pairOf(kind);
  for (let row = 0; row < M; row++) for (let j = 0; j < N; j++) y.set(row, j, value(x.get(row, j)));
};

export const activationBackward: Kernel<'activationBackward'> = (
  {
    y, // [M, N]
    dy, // [M, N]
    dx, // [M, N]
  },
  { m: M, n: N, kind },
) => {
  const { slope } = pairOf(kind);
  for (let row = 0; row < M; row++) {
    for (let j = 0; j < N; j++) dx.set(row, j, dy.get(row, j) * slope(y.get(row, j)));
  }
};

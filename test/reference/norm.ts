/** norm = √ Σ x². */
import type { Kernel } from './kernel.js';

export const norm: Kernel<'norm'> = (
  {
    x, // [N]
    norm: result, // [1]
  },
  { n: N },
) => {
  let sum = 0;
  for (let i = 0; i < N; i++) sum += x.get(i) ** 2;
  result.set(0, Math.sqrt(sum));
};

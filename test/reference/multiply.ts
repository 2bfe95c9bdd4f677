/** y = a ⊙ b, or y += a ⊙ b; da = dy ⊙ b and db = dy ⊙ a are the same op. */
import type { Kernel } from './kernel.js';

export const multiply: Kernel<'multiply'> = (
  {
    a, // [M, N]
    b, // [M, N]
    y, // [M, N]
  },
  { m: M, n: N, accumulate },
) => {
  for (let row = 0; row < M; row++) {
    for (let j = 0; j < N; j++) {
      const before = accumulate ? y.get(row, j) : 0;
      y.set(row, j, before + a.get(row, j) * b.get(row, j));
    }
  }
};

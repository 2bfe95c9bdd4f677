/** y += x; its gradient passes through to x and stays in y. */
import type { Kernel } from './kernel.js';

export const add: Kernel<'add'> = (
  {
    x, // [N]
    y, // [N]
  },
  { n: N },
) => {
  for (let i = 0; i < N; i++) y.add(i, x.get(i));
};

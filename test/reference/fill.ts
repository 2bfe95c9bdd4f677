/** x [N] = value. */
import type { Kernel } from './kernel.js';

export const fill: Kernel<'fill'> = ({ x }, { n: N }, { value }) => {
  for (let i = 0; i < N; i++) x.set(i, value);
};

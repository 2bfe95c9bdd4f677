/**
 *   y_n = r_id W_id,  id = ids_n
 *   dW_id += r_id dy_n
 * with r the row mask, 1 when it is left out.
 */
import type { Kernel } from './kernel.js';

export const embeddingForward: Kernel<'embeddingForward'> = (
  {
    ids, // [N], 0 … V − 1
    weight, // [V, E]
    rowMask, // [V]
    y, // [N, E]
  },
  { n: N, width: E },
) => {
  for (let n = 0; n < N; n++) {
    const id = ids.get(n);
    const scale = rowMask ? rowMask.get(id) : 1;
    for (let e = 0; e < E; e++) y.set(n, e, weight.get(id, e) * scale);
  }
};

export const embeddingBackward: Kernel<'embeddingBackward'> = (
  {
    ids, // [N]
    dy, // [N, E]
    rowMask, // [V]
    dweight, // [V, E]
  },
  { n: N, width: E },
) => {
  for (let n = 0; n < N; n++) {
    const id = ids.get(n);
    const scale = rowMask ? rowMask.get(id) : 1;
    for (let e = 0; e < E; e++) dweight.add(id, e, dy.get(n, e) * scale);
  }
};

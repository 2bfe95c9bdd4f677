/**
 * y [N, E] = weight [ids, E] ⊙ rowMask [ids]
 * dweight [ids, E] += dy [N, E] ⊙ rowMask [ids]
 * Without rowMask it is 1. A row mask drops whole word types (Gal & Ghahramani 2016).
 */
import { EmbeddingBackward, EmbeddingForward } from '../generated/arguments';
import { checkIds, checkMatrix, checkVector } from './check';
import { at, fma, loadLanes, offset, storeLanes } from './simd';

@inline
function rowScale(rowMask: usize, id: i32): v128 {
  return f32x4.splat(rowMask ? load<f32>(offset(rowMask, id)) : 1);
}

export function embeddingForward(call: EmbeddingForward): void {
  const width = call.width;
  checkIds(call.ids, call.idsEnd, call.N, call.vocabulary);
  checkMatrix(call.weight, call.weightLd, call.weightEnd, call.vocabulary, width);
  if (call.rowMask) checkVector(call.rowMask, call.rowMaskEnd, call.vocabulary);
  checkMatrix(call.y, call.yLd, call.yEnd, call.N, width);
  for (let row = 0; row < call.N; row++) {
    const id = load<i32>(offset(call.ids, row));
    const scale = rowScale(call.rowMask, id);
    const weight = at(call.weight, call.weightLd, id, 0);
    const y = at(call.y, call.yLd, row, 0);
    for (let i = 0; i < width; i += 4) {
      storeLanes(offset(y, i), f32x4.mul(loadLanes(offset(weight, i), width - i), scale), width - i);
    }
  }
}

/** Rows are added in the order of ids, so that an id that comes twice gives the same bits every time. */
export function embeddingBackward(call: EmbeddingBackward): void {
  const width = call.width;
  checkIds(call.ids, call.idsEnd, call.N, call.vocabulary);
  checkMatrix(call.dy, call.dyLd, call.dyEnd, call.N, width);
  if (call.rowMask) checkVector(call.rowMask, call.rowMaskEnd, call.vocabulary);
  checkMatrix(call.dweight, call.dweightLd, call.dweightEnd, call.vocabulary, width);
  for (let row = 0; row < call.N; row++) {
    const id = load<i32>(offset(call.ids, row));
    const scale = rowScale(call.rowMask, id);
    const dy = at(call.dy, call.dyLd, row, 0);
    const dweight = at(call.dweight, call.dweightLd, id, 0);
    for (let i = 0; i < width; i += 4) {
      const sum = fma(loadLanes(offset(dy, i), width - i), scale, loadLanes(offset(dweight, i), width - i));
      storeLanes(offset(dweight, i), sum, width - i);
    }
  }
}

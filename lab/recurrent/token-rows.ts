/** Ids in memory as a model reads them: B contiguous rows side by side. */
import { segmentSteps, type TokenStream } from '../../worker/token-stream.js';

export class TokenRows implements TokenStream {
  readonly rowLength: number;
  position = 0;

  constructor(
    readonly ids: Int32Array,
    readonly batchSize: number,
  ) {
    // The last token of a row is a target only.
    this.rowLength = Math.max(0, Math.floor((ids.length - 1) / batchSize));
  }

  next(ids: Int32Array, targets: Int32Array, maxSteps: number): number {
    const { batchSize, rowLength } = this;
    const steps = segmentSteps(this, maxSteps);
    const at = this.position % rowLength;
    for (let row = 0; row < batchSize; row++) {
      const from = row * rowLength + at;
      for (let t = 0; t < steps; t++) {
        ids[t * batchSize + row] = this.ids[from + t] ?? 0;
        targets[t * batchSize + row] = this.ids[from + t + 1] ?? 0;
      }
    }
    this.position += steps;
    return steps;
  }
}

/** Tokens as a model reads them: B rows side by side, a segment at a time, each going on where the last one ended. */
export interface TokenStream {
  /** B. */
  readonly batchSize: number;
  /** R: steps of an epoch, from the first token of a row to its last. */
  readonly rowLength: number;
  /**
   * Steps of a row that were read since the first epoch began. What `next` gives depends on nothing else: who sets it to
   * what it was goes on as if nothing had happened. An epoch begins at each multiple of R, and may differ from the others.
   */
  position: number;
  /**
   * Fills ids and targets [T, B] and returns T, at least 1 and at most `maxSteps`: a segment ends where its epoch does.
   * @throws AdaptiveError 'disk' when the tokens cannot be read any longer
   */
  next(ids: Int32Array, targets: Int32Array, maxSteps: number): number | Promise<number>;
}

/** Steps of the segment that begins at `position`. */
export function segmentSteps({ position, rowLength }: TokenStream, maxSteps: number): number {
  return Math.min(maxSteps, rowLength - (position % rowLength));
}

/** Tokens as a model reads them: B rows side by side, a segment at a time, each going on where the last one ended. */
export interface TokenStream {
  /** B. */
  readonly batchSize: number;
  /** Steps from the first token of a row to its last. */
  readonly rowLength: number;
  /** Steps of a row that were read; `next` goes on from there. */
  position: number;
  /** Fills ids and targets [T, B] for at most `maxSteps` steps and returns T; 0 at the end. */
  next(ids: Int32Array, targets: Int32Array, maxSteps: number): number;
}

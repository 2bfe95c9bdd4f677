/**
 * Batches for truncated back-propagation. A stream of n tokens is cut into B rows of R = ⌊(n − 1)/B⌋; the rows are read
 * side by side, T steps at a time, so that the state of one segment is the start of the next.
 *
 *     stream   0 … R−1 │ R … 2R−1 │ 2R … 3R−1 │ the rest
 *     row         0    │    1     │     2     │ not read, but for the last target
 */

/**
 * ids and targets [T, B] i32 for steps at … at + T − 1 of every row; targets are the tokens that follow.
 * stream [length] u16.
 */
export function fillSegment(
  stream: usize, length: i32, rowLength: i32, batchSize: i32, at: i32, steps: i32, ids: usize, targets: usize,
): void {
  assert(at >= 0 && at + steps <= rowLength, 'a segment reaches beyond its row');
  assert(rowLength * batchSize < length, 'the rows are longer than the stream');
  for (let t = 0; t < steps; t++) {
    let token = stream + (<usize>(at + t) << 1);
    for (let b = 0; b < batchSize; b++) {
      const cell = <usize>(t * batchSize + b) << 2;
      store<u32>(ids + cell, load<u16>(token));
      store<u32>(targets + cell, load<u16>(token + 2));
      token += <usize>rowLength << 1;
    }
  }
}

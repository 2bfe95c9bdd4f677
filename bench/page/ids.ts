/** Token ids with something to learn: each row walks through the vocabulary with its own stride. */
export function repeatingIds(
  vocabulary: number,
  batch: number,
  steps: number,
): { readonly ids: Int32Array; readonly targets: Int32Array } {
  const at = (step: number, row: number) => (step * 7 + row * 13) % vocabulary;
  const ids = new Int32Array(steps * batch);
  const targets = new Int32Array(steps * batch);
  for (let step = 0; step < steps; step++) {
    for (let row = 0; row < batch; row++) {
      ids[step * batch + row] = at(step, row);
      targets[step * batch + row] = at(step + 1, row);
    }
  }
  return { ids, targets };
}

/** How far two tensors are apart. */

/**
 * Largest difference, relative to the largest magnitude of what was expected. Anything that is not a number is
 * infinitely far away.
 */
export function relativeError(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (got.length !== expected.length) return Infinity;
  let difference = 0;
  let magnitude = 0;
  for (let i = 0; i < expected.length; i++) {
    const distance = Math.abs((got[i] ?? NaN) - (expected[i] ?? NaN));
    if (Number.isNaN(distance)) return Infinity;
    difference = Math.max(difference, distance);
    magnitude = Math.max(magnitude, Math.abs(expected[i] ?? 0));
  }
  return difference === 0 ? 0 : difference / Math.max(magnitude, 1e-30);
}

/** The worst of many comparisons, and where it was. */
export class Worst {
  error = 0;
  where = '';
  count = 0;

  compare(where: string, got: ArrayLike<number>, expected: ArrayLike<number>): void {
    const error = relativeError(got, expected);
    this.count++;
    if (error > this.error || this.where === '') {
      this.error = error;
      this.where = where;
    }
  }
}

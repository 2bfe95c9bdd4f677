/** What is said of many numbers. */

export interface Histogram {
  readonly low: number;
  readonly high: number;
  /** Of equal bins from low to high; what lies outside is not counted. */
  readonly counts: readonly number[];
}

export type Numbers = Float32Array | Float64Array | readonly number[];

export function mean(values: Numbers): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Of a population, or, of a `sample`, with n − 1. */
export function standardDeviation(values: Numbers, sample = false): number {
  const centre = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  return Math.sqrt(sum / Math.max(1, values.length - (sample ? 1 : 0)));
}

/** The value that a fraction of all values does not exceed. */
export function quantile(values: Numbers, fraction: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))] ?? NaN;
}

/** The fraction of values for which something holds. */
export function fractionOf(values: Numbers, holds: (value: number) => boolean): number {
  let count = 0;
  for (const value of values) if (holds(value)) count++;
  return count / values.length;
}

export function histogram(values: Numbers, low: number, high: number, bins: number): Histogram {
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values) {
    const bin = Math.floor(((value - low) / (high - low)) * bins);
    if (bin >= 0 && bin < bins) counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { low, high, counts };
}

/** '97.21 ± 0.10', or the mean alone where there is one. */
export function meanAndDeviation(values: readonly number[], digits: number): string {
  const centre = mean(values).toFixed(digits);
  return values.length > 1 ? `${centre} ± ${standardDeviation(values, true).toFixed(digits)}` : centre;
}

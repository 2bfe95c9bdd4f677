/** Round numbers for an axis: steps of 1, 2 or 5 times a power of ten. */
export interface Ticks {
  /** The values marked; `min` and `max` are the first and the last. */
  readonly ticks: readonly number[];
  readonly min: number;
  readonly max: number;
  /** Digits after the point that tell neighbours apart. */
  readonly decimals: number;
}

/** About `wanted` ticks, at least two, that hold `low` … `high` between them. Both finite. */
export function niceTicks(low: number, high: number, wanted: number): Ticks {
  const span = high > low ? high - low : Math.max(Math.abs(high), 1);
  const rough = span / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  return {
    ticks,
    min: first * step,
    max: last * step,
    decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)),
  };
}

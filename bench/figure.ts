/** A measured quantity: median, least and greatest of its samples. */

export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly samples: number;
}

export function figure(name: string, unit: string, samples: readonly number[]): Figure {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
  return { name, unit, median, min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN, samples: sorted.length };
}

/** Seconds of one call of `work` that takes long enough for the clock, sampled for `budget` seconds, at least thrice. */
export async function timeAsync(work: () => Promise<unknown>, budget: number): Promise<number[]> {
  const samples: number[] = [];
  const deadline = performance.now() + budget * 1000;
  while (samples.length < 3 || performance.now() < deadline) {
    const started = performance.now();
    await work();
    samples.push((performance.now() - started) / 1000);
  }
  return samples;
}

/**
 * Seconds of one call of `work`, sampled until `budget` seconds are over, at least thrice. A sample repeats the call
 * until it is long enough for the clock. The first calls, before the engine has compiled it well, are not counted.
 */
export function timeIt(work: () => void, budget = 1): number[] {
  const shortest = 0.02;
  const once = () => {
    const started = performance.now();
    work();
    return (performance.now() - started) / 1000;
  };
  once();
  const repeats = Math.max(1, Math.ceil(shortest / Math.max(once(), 1e-6)));
  const samples: number[] = [];
  const deadline = performance.now() + budget * 1000;
  while (samples.length < 3 || performance.now() < deadline) {
    const started = performance.now();
    for (let i = 0; i < repeats; i++) work();
    samples.push((performance.now() - started) / 1000 / repeats);
  }
  return samples;
}

/** How long a figure may take: what would take longer is not measured, and the report says so. */
import { AdaptiveError } from '../../core/errors.js';

/** A figure that is missing, and why. */
export interface Missing {
  readonly name: string;
  readonly notMeasured: string;
}

export class Allowance {
  constructor(
    /** For one figure. */
    readonly seconds: number,
  ) {}

  /** Why work of about so many seconds is not done, or null. */
  refusal(estimate: number): string | null {
    return estimate > this.seconds
      ? `would take about ${readableSeconds(estimate)} s, and may take ${this.seconds}`
      : null;
  }

  /** Samples of `once` until `budget` seconds are over: three or more, unless that takes longer than allowed. */
  async sample(once: () => Promise<number>, budget: number): Promise<number[]> {
    const started = performance.now();
    const passed = () => (performance.now() - started) / 1000;
    const samples: number[] = [];
    do samples.push(await once());
    while (passed() < budget || (samples.length < 3 && passed() * (1 + 1 / samples.length) < this.seconds / 2));
    return samples;
  }
}

/** How fast the last of a row of figures was, which foretells how long the next will take. */
export class Pace {
  #operationsPerSecond = 0;

  record(operations: number, seconds: number): void {
    this.#operationsPerSecond = operations / seconds;
  }

  /** Seconds; 0 when nothing is known. */
  foretell(operations: number): number {
    return this.#operationsPerSecond > 0 ? operations / this.#operationsPerSecond : 0;
  }
}

/** What `measure` gives, or, when the model does not fit this GPU, that. */
export async function unlessTooLarge<T>(name: string, measure: () => Promise<T>): Promise<T | Missing> {
  try {
    return await measure();
  } catch (error) {
    if (error instanceof AdaptiveError && error.code === 'memory') return { name, notMeasured: error.message };
    throw error;
  }
}

function readableSeconds(seconds: number): string {
  return seconds < 10 ? seconds.toFixed(1) : Math.round(seconds).toLocaleString('en');
}

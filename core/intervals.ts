/** A set of whole numbers, kept as runs that neither overlap nor touch. */
export class Intervals {
  #runs: readonly (readonly [start: number, end: number])[] = [];

  get runs(): readonly (readonly [start: number, end: number])[] {
    return this.#runs;
  }

  /** Adds `start` up to, not including, `end`. */
  add(start: number, end: number): void {
    if (start >= end) return;
    const apart = this.#runs.filter(([from, to]) => to < start || from > end);
    const joined = this.#runs.filter(([from, to]) => to >= start && from <= end);
    const from = Math.min(start, ...joined.map(([first]) => first));
    const to = Math.max(end, ...joined.map(([, last]) => last));
    this.#runs = [...apart, [from, to]];
  }

  /** Whether all of `start` up to, not including, `end` is in it. */
  has(start: number, end: number): boolean {
    return start >= end || this.#runs.some(([from, to]) => from <= start && end <= to);
  }
}

/**
 * Finds stop strings in text that comes in pieces. Text that could still become the start of a stop string is held back,
 * so that no part of one is ever shown.
 */
export class StopStrings {
  #held = '';

  constructor(readonly stops: readonly string[]) {}

  /** What may be shown now that `piece` has come, and whether a stop string was met (it is not shown). */
  push(piece: string): { readonly text: string; readonly met: boolean } {
    const text = this.#held + piece;
    const found = this.stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
    if (found.length > 0) {
      this.#held = '';
      return { text: text.slice(0, Math.min(...found)), met: true };
    }
    const keep = Math.max(0, ...this.stops.map((stop) => overlap(text, stop)));
    this.#held = text.slice(text.length - keep);
    return { text: text.slice(0, text.length - keep), met: false };
  }

  /** What was held back and turned out to be no stop string. */
  end(): string {
    const text = this.#held;
    this.#held = '';
    return text;
  }
}

/** Length of the longest proper prefix of `stop` that `text` ends in. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(stop.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return length;
  }
  return 0;
}

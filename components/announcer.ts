/** Turns a growing text into finished sentences for a live region: a screen reader is not told every letter. */

/** Where a sentence ends, its closing marks included, or a line. */
const sentenceEnd = /[.!?…]["'”’)\]]*(?=\s)|\n/gu;

const pause = 3000; // ms between announcements

export class Announcer {
  #announced = 0;
  #last = -Infinity;

  /** What to say now that `text` stands there, or null for nothing new. With `done` the rest is said too. */
  take(text: string, done: boolean, now = performance.now()): string | null {
    if (text.length < this.#announced) this.reset();
    if (!done && now - this.#last < pause) return null;
    const fresh = text.slice(this.#announced);
    const finished = done ? fresh : fresh.slice(0, lastSentenceEnd(fresh));
    if (finished.trim() === '') return null;
    this.#announced += finished.length;
    this.#last = now;
    return finished.trim();
  }

  reset(): void {
    this.#announced = 0;
    this.#last = -Infinity;
  }
}

function lastSentenceEnd(text: string): number {
  let end = 0;
  for (const match of text.matchAll(sentenceEnd)) end = match.index + match[0].length;
  return end;
}

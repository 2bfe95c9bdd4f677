/** Holds a run still between two of its frames, and lets it go on: for good, or for one more frame. */
export class Hold {
  #steps = 0;
  #wake: (() => void) | null = null;

  #held: boolean;

  constructor(held: boolean) {
    this.#held = held;
  }

  /** Whether it stands still, or will after a step. */
  get held(): boolean {
    return this.#held;
  }

  pause(): void {
    this.#held = true;
    this.#steps = 0;
  }

  resume(): void {
    this.#held = false;
    this.#wake?.();
  }

  /** One more frame; also of a run that was not held, which is so afterwards. */
  step(): void {
    this.#held = true;
    this.#steps++;
    this.#wake?.();
  }

  /** Resolves when the run may go on. To be asked by one at a time; an abort lets it go on too, so that it can end. */
  async turn(signal: AbortSignal): Promise<void> {
    while (this.#held && this.#steps === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    this.#steps = Math.max(0, this.#steps - 1);
  }
}

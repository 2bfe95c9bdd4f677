/** Gathers many small changes into one a frame, also in a page that is not visible and draws no frames. */

const hiddenPageDelay = 250; // ms

export class FrameBatch {
  #cancel: (() => void) | null = null;

  constructor(readonly flush: () => void) {}

  /** Flushes at the next frame; asking again before that changes nothing. */
  schedule(): void {
    if (this.#cancel) return;
    const run = (): void => {
      this.#cancel = null;
      this.flush();
    };
    if (document.visibilityState === 'visible') {
      const frame = requestAnimationFrame(run);
      this.#cancel = () => cancelAnimationFrame(frame);
    } else {
      const timer = setTimeout(run, hiddenPageDelay);
      this.#cancel = () => clearTimeout(timer);
    }
  }

  /** Flushes at once. */
  finish(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.flush();
  }
}

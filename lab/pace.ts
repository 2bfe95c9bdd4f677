/** The pace of a run: it goes on between messages, stops when it is told to, and shows itself often enough to be watched. */
import { AdaptiveError } from '../core/errors.js';
import { nextTask } from '../worker/next-task.js';

/** Between two frames at least: for 30 and more of them a second. */
const frameTime = 25; // ms
/** A frame that takes long comes so many times its own time after the one before, so that most of the time is the steps'. */
const rest = 4;

export class Pace {
  #shown = -Infinity;
  /** What the last frame took, to make and to be looked at. */
  #cost = 0;
  #isFrame = false;

  constructor(readonly signal: AbortSignal) {}

  /**
   * After every step. Lets messages in; true when it is time for a frame.
   * @throws AdaptiveError 'aborted'
   */
  async beat(): Promise<boolean> {
    if (this.#isFrame) this.#cost = performance.now() - this.#shown;
    await nextTask();
    if (this.signal.aborted) throw new AdaptiveError('aborted', 'The experiment was stopped.');
    const now = performance.now();
    this.#isFrame = now - this.#shown >= Math.max(frameTime, rest * this.#cost);
    if (this.#isFrame) this.#shown = now;
    return this.#isFrame;
  }
}

/** The pace of a run: it goes on between messages, stops when it is told to, and shows itself often enough to be watched. */
import { AdaptiveError } from '../core/errors.js';
import { nextTask } from '../worker/next-task.js';
import type { Watch } from './experiment.js';

/** Between two frames at least: for 30 and more of them a second. */
const frameTime = 25; // ms
/** A frame that takes long comes so many times its own time after the one before, so that most of the time is the steps'. */
const rest = 4;

/** What a frame is thought to cost at most: a run that stood still meanwhile is not to be slow for that. */
const dearest = 250; // ms

export class Pace {
  #shown = -Infinity;
  /** What the last frame took, to make and to be looked at. */
  #cost = 0;
  #isFrame = false;
  /** Since the last frame. */
  #steps = 0;

  constructor(
    readonly signal: AbortSignal,
    readonly watch: Watch = { stepsPerFrame: null },
  ) {}

  /**
   * After every step. Lets messages in; true when it is time for a frame.
   * @throws AdaptiveError 'aborted'
   */
  async beat(): Promise<boolean> {
    if (this.#isFrame) this.#cost = Math.min(dearest, performance.now() - this.#shown);
    await nextTask();
    if (this.signal.aborted) throw new AdaptiveError('aborted', 'The experiment was stopped.');
    const now = performance.now();
    const { stepsPerFrame } = this.watch;
    this.#steps++;
    this.#isFrame =
      stepsPerFrame === null
        ? now - this.#shown >= Math.max(frameTime, rest * this.#cost)
        : this.#steps >= stepsPerFrame;
    if (this.#isFrame) {
      this.#shown = now;
      this.#steps = 0;
    }
    return this.#isFrame;
  }
}

import type { ReactiveController } from 'lit';
import { AdaptiveError } from '../core/errors.js';

/** How long an element may be out of the page before it counts as gone, in ms. Moving it takes less. */
const moveTime = 500;

/** Tells a removed element from a moved one: a move removes it too, but it is back in a moment. */
export class Departure implements ReactiveController {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #gone = false;

  constructor(readonly onGone: () => void) {}

  hostConnected(): void {
    clearTimeout(this.#timer);
    this.#gone = false;
  }

  hostDisconnected(): void {
    this.#timer = setTimeout(() => {
      this.#gone = true;
      this.onGone();
    }, moveTime);
  }

  /**
   * To be called before a worker is started: nobody would end it once the element is gone. One that was in no page yet may.
   * @throws AdaptiveError 'destroyed'
   */
  assertHere(): void {
    if (this.#gone) throw new AdaptiveError('destroyed', 'The element left the page. Put it back, and ask again.');
  }
}

import type { ReactiveController } from 'lit';

/** How long an element may be out of the page before it counts as gone, in ms. Moving it takes less. */
const moveTime = 500;

/** Tells a removed element from a moved one: a move removes it too, but it is back in a moment. */
export class Departure implements ReactiveController {
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly onGone: () => void) {}

  hostConnected(): void {
    clearTimeout(this.#timer);
  }

  hostDisconnected(): void {
    this.#timer = setTimeout(this.onGone, moveTime);
  }
}

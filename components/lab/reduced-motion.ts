import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Whether the reader asks for less motion; the host is drawn again when that changes. */
export class ReducedMotion implements ReactiveController {
  readonly #query = matchMedia('(prefers-reduced-motion: reduce)');

  constructor(readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  get wanted(): boolean {
    return this.#query.matches;
  }

  hostConnected(): void {
    this.#query.addEventListener('change', this.#changed);
  }

  hostDisconnected(): void {
    this.#query.removeEventListener('change', this.#changed);
  }

  #changed = (): void => this.host.requestUpdate();
}

import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Calls `onSeen` when the element comes near the window's view, each time. */
export class InView implements ReactiveController {
  #observer: IntersectionObserver | null = null;

  constructor(
    readonly host: ReactiveControllerHost & HTMLElement,
    readonly onSeen: () => void,
    /** How near, as CSS has margins. */
    readonly margin = '20%',
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) this.onSeen();
      },
      { rootMargin: this.margin },
    );
    this.#observer.observe(this.host);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
  }
}

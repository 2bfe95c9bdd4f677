/** Frames on their way to the page, which says when it has taken one: never more than a few are under way. */
import type { AnyFrame } from './experiment.js';

/** Where all frames are kept: while the page draws one, the next is made. */
const aheadOfDrawing = 2;

export class FrameOutlet {
  #underWay = 0;
  /** The newest that came while another one was under way. */
  #next: AnyFrame | null = null;
  #taken: (() => void) | null = null;

  constructor(
    readonly port: MessagePort,
    readonly kept: 'newest' | 'all',
  ) {}

  /** Resolves at once, unless all frames are kept: then, when there is room for another one or the run is to stop. */
  async send(frame: AnyFrame, signal: AbortSignal): Promise<void> {
    if (this.kept === 'newest') {
      if (this.#underWay > 0) this.#next = frame;
      else this.#post(frame);
      return;
    }
    this.#post(frame);
    while (this.#underWay >= aheadOfDrawing && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#taken = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  taken(): void {
    this.#underWay--;
    const next = this.#next;
    this.#next = null;
    if (next) this.#post(next);
    this.#taken?.();
  }

  #post(frame: AnyFrame): void {
    this.#underWay++;
    this.port.postMessage(frame);
  }
}

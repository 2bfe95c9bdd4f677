/** Goes through frames that are all there already, forth and back, as a slider does. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

const frameTime = 1000 / 30; // ms

export class Playback implements ReactiveController {
  position = 0;
  playing = false;
  #direction = 1;
  #shown = 0;
  #request = 0;

  constructor(
    readonly host: ReactiveControllerHost,
    readonly count: () => number,
  ) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.pause();
  }

  play(): void {
    if (this.playing || this.count() === 0) return;
    this.playing = true;
    this.#request = requestAnimationFrame(this.#frame);
    this.host.requestUpdate();
  }

  pause(): void {
    cancelAnimationFrame(this.#request);
    this.playing = false;
    this.host.requestUpdate();
  }

  moveTo(position: number): void {
    this.pause();
    this.position = Math.max(0, Math.min(this.count() - 1, position));
    this.host.requestUpdate();
  }

  step(): void {
    this.moveTo((this.position + 1) % Math.max(1, this.count()));
  }

  #frame = (now: number): void => {
    this.#request = requestAnimationFrame(this.#frame);
    if (now - this.#shown < frameTime - 4) return;
    this.#shown = now;
    const next = this.position + this.#direction;
    if (next < 0 || next >= this.count()) this.#direction = -this.#direction;
    this.position = Math.max(0, Math.min(this.count() - 1, this.position + this.#direction));
    this.host.requestUpdate();
  };
}

/** Pause, resume, stop and save, asked for from outside while a session runs. */
export class TrainingControl {
  #stopped = false;
  #paused = false;
  #saveAsked = false;
  #wake: (() => void) | null = null;

  get stopped(): boolean {
    return this.#stopped;
  }

  get paused(): boolean {
    return this.#paused && !this.#stopped;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#wake?.();
  }

  stop(): void {
    this.#stopped = true;
    this.#wake?.();
  }

  /** Asks for a checkpoint, at once. */
  save(): void {
    this.#saveAsked = true;
  }

  get saveAsked(): boolean {
    return this.#saveAsked;
  }

  /** To be called when there is one. */
  saved(): void {
    this.#saveAsked = false;
  }

  /** Resolves when not paused, or stopped. */
  async whenRunning(): Promise<void> {
    while (this.paused) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
  }
}

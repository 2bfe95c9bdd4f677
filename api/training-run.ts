/** A training run as something to iterate over. */
import type { TrainingProgress, TrainingResult } from '../core/protocol.js';
import type { TrainingRun as ClientRun } from '../worker/client.js';

type Command = 'pause' | 'resume' | 'stop';

/** How a run is begun: resolves when it has ended. */
export type Begin = (
  started: (run: ClientRun) => void,
  onProgress: (progress: TrainingProgress) => void,
) => Promise<TrainingResult>;

/**
 * Iterating yields the progress, at most ten times a second; a loop that takes longer sees the newest, never a backlog. The
 * run begins when it is asked for, iterated over or not. Leaving the loop stops it. However a run ends, the best weights
 * that it had are the model then.
 */
export class TrainingRun implements AsyncIterable<TrainingProgress> {
  /** How it ended. Rejects with an AdaptiveException if it could not begin or broke off, or with the signal's reason. */
  readonly result: Promise<TrainingResult>;
  readonly #onStop: () => void;
  #run: ClientRun | null = null;
  #early: Command[] = [];
  #newest: TrainingProgress | null = null;
  #ended = false;
  #wake = (): void => {};

  /** `onStop` is called when somebody asks it to end. */
  constructor(begin: Begin, onStop: () => void) {
    this.#onStop = onStop;
    const started = (run: ClientRun): void => {
      this.#run = run;
      for (const command of this.#early.splice(0)) run[command]();
    };
    const onProgress = (progress: TrainingProgress): void => {
      this.#newest = progress;
      this.#wake();
    };
    this.result = begin(started, onProgress).finally(() => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** Halts after the step that is under way. */
  pause(): void {
    this.#send('pause');
  }

  /** Goes on after a pause. */
  resume(): void {
    this.#send('resume');
  }

  /** Ends the run within a step; `result` then resolves with the reason `stopped`. */
  stop(): void {
    this.#onStop();
    this.#send('stop');
  }

  #send(command: Command): void {
    if (this.#run) this.#run[command]();
    else this.#early.push(command);
  }

  [Symbol.asyncIterator](): AsyncIterator<TrainingProgress, void> {
    this.result.catch(() => {}); // whoever iterates is told there
    return {
      next: async () => {
        while (!this.#newest && !this.#ended) await new Promise<void>((resolve) => (this.#wake = resolve));
        const value = this.#newest;
        this.#newest = null;
        if (value) return { done: false, value };
        await this.result;
        return { done: true, value: undefined };
      },
      return: async () => {
        this.stop();
        await this.result;
        return { done: true, value: undefined };
      },
    };
  }
}

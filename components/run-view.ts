/** What there is to show of a training run, and how its events make it. */
import type { BackendReason } from '../core/backend.js';
import type { ReadingProgress } from '../core/corpus.js';
import type { Backend } from '../core/executor.js';
import { LossHistory } from '../core/loss-history.js';
import type { TrainingEvent, TrainingProgress, TrainingResult } from '../core/protocol.js';
import { AdaptiveBackendEvent, AdaptiveProgressEvent, AdaptiveSampleEvent, AdaptiveSavedEvent } from './events.js';

/** What a run is doing, or how it ended. */
export type RunPhase = 'preparing' | 'learning' | 'paused' | 'finished' | 'stopped' | 'diverged' | 'failed';

/** What a run stands on, and why. */
export interface RunPlace {
  /** WebAssembly or WebGPU. */
  readonly backend: Backend;
  /** Why that one. */
  readonly reason: BackendReason;
  /** Threads that share the rows of a batch. */
  readonly threads: number;
}

/** A run, under way or over. */
export interface RunView {
  /** What it is doing, or how it ended. */
  readonly phase: RunPhase;
  /** While the text is read; null otherwise. */
  readonly reading: ReadingProgress | null;
  /** How far it is; null before the first step. */
  readonly progress: TrainingProgress | null;
  /** Its losses, as few as a chart can show. */
  readonly history: LossHistory;
  /** What the model in training wrote last. */
  readonly sample: string | null;
  /** Where it computes; null until that is known. */
  readonly place: RunPlace | null;
  /** The last checkpoint that is kept; null where nothing is. */
  readonly saved: {
    /** Optimizer steps that it has done; null when the run has ended. */
    readonly step: number | null;
    /** Bytes of the checkpoint. */
    readonly bytes: number;
  } | null;
}

/** Makes a view of what is heard of one run, and tells the page through `host`. */
export class RunFollower {
  view: RunView = {
    phase: 'preparing',
    reading: null,
    progress: null,
    history: new LossHistory(0),
    sample: null,
    place: null,
    saved: null,
  };
  #over = false;

  constructor(readonly host: EventTarget) {}

  follow(event: TrainingEvent): void {
    if (this.#over) return;
    switch (event.type) {
      case 'reading':
        this.#show({ reading: event });
        break;
      case 'started':
        this.#show({
          phase: 'learning',
          reading: null,
          history: new LossHistory(event.totalSteps, { curve: event.past?.curve ?? null }),
          sample: event.past?.sample ?? null,
          place: event,
        });
        break;
      case 'progress':
        this.#advance(event.progress);
        this.host.dispatchEvent(new AdaptiveProgressEvent(event.progress));
        break;
      case 'validation':
        this.view.history.addValidation(event.step, event.loss);
        this.#show({});
        break;
      case 'sample':
        this.#show({ sample: event.text });
        this.host.dispatchEvent(new AdaptiveSampleEvent(event.text, event.step));
        break;
      case 'backend':
        this.#show({ place: { backend: event.to, reason: event.reason, threads: event.threads } });
        this.host.dispatchEvent(new AdaptiveBackendEvent(event));
        break;
      case 'saved':
        this.#show({ saved: { step: event.step, bytes: event.bytes } });
        this.host.dispatchEvent(new AdaptiveSavedEvent(event.step, event.bytes));
        break;
      case 'paused':
        this.#show({ phase: 'paused' });
        break;
      case 'resumed':
        this.#show({ phase: 'learning' });
        break;
    }
  }

  /** The run is over; what comes late is not heard. Without a result it failed. */
  end(result: TrainingResult | null): void {
    this.#over = true;
    if (result?.progress) this.#advance(result.progress);
    this.#show({ phase: result?.reason ?? 'failed' });
  }

  #advance(progress: TrainingProgress): void {
    this.view.history.addTraining(progress.step, progress.smoothLoss);
    this.#show({ progress });
  }

  #show(change: Partial<RunView>): void {
    this.view = { ...this.view, ...change };
  }
}

/** What `<adaptive-lm>` tells the page. Each event bubbles and crosses shadow roots. */
import type { BackendChange } from '../core/backend.js';
import type { AdaptiveError } from '../core/errors.js';
import type { DownloadEvent, ModelInfo, TrainingProgress } from '../core/protocol.js';
import type { RunView } from './run-view.js';

/**
 * - `empty`: no model; `loading`: one is on its way; `ready`: it can write and learn
 * - `writing`, `training`, `paused`: at work
 * - `error`: the last thing failed, and the element says what to do; a model that was there still is, unless the
 *   worker died
 */
export type ModelState = 'empty' | 'loading' | 'ready' | 'writing' | 'training' | 'paused' | 'error';

/** Something is under way that nothing else may disturb. */
export function isAtWork(state: ModelState): boolean {
  return state === 'loading' || state === 'writing' || state === 'training' || state === 'paused';
}

class AdaptiveEvent extends Event {
  constructor(type: string) {
    super(type, { bubbles: true, composed: true });
  }
}

/** `adaptive-state`: the state changed. */
export class AdaptiveStateEvent extends AdaptiveEvent {
  constructor(
    /** What it does now. */
    readonly state: ModelState,
    /** What it did before. */
    readonly previous: ModelState,
  ) {
    super('adaptive-state');
  }
}

/** `adaptive-text`: the model wrote something more. */
export class AdaptiveTextEvent extends AdaptiveEvent {
  constructor(
    /** What to append. */
    readonly text: string,
    /** Tokens written so far. */
    readonly tokens: number,
  ) {
    super('adaptive-text');
  }
}

/** `adaptive-progress`: training went on. */
export class AdaptiveProgressEvent extends AdaptiveEvent {
  constructor(
    /** How far the run is. */
    readonly progress: TrainingProgress,
  ) {
    super('adaptive-progress');
  }
}

/** `adaptive-sample`: what the model in training writes at this step. */
export class AdaptiveSampleEvent extends AdaptiveEvent {
  constructor(
    /** What it wrote, after the sample prompt. */
    readonly text: string,
    /** Optimizer steps done. */
    readonly step: number,
  ) {
    super('adaptive-sample');
  }
}

/** `adaptive-download`: more of a model file arrived. */
export class AdaptiveDownloadEvent extends AdaptiveEvent implements DownloadEvent {
  constructor(
    /** Bytes so far. */
    readonly loaded: number,
    /** Bytes in all, or null when the server does not say. */
    readonly total: number | null,
  ) {
    super('adaptive-download');
  }
}

/** `adaptive-model`: there is another model now, loaded or trained. */
export class AdaptiveModelEvent extends AdaptiveEvent {
  constructor(
    /** What it is. */
    readonly model: ModelInfo,
  ) {
    super('adaptive-model');
  }
}

/** `adaptive-backend`: what is under way goes on on another backend, or on a new device of the same. */
export class AdaptiveBackendEvent extends AdaptiveEvent implements BackendChange {
  /** Where it stood. */
  readonly from: BackendChange['from'];
  /** Where it goes on. */
  readonly to: BackendChange['to'];
  /** Why it stands there. */
  readonly reason: BackendChange['reason'];
  /** What went wrong, in words; '' when nothing did. */
  readonly message: string;

  constructor({ from, to, reason, message }: BackendChange) {
    super('adaptive-backend');
    this.from = from;
    this.to = to;
    this.reason = reason;
    this.message = message;
  }
}

/** `adaptive-run`: there is something new to show of the run, at most once a frame. */
export class AdaptiveRunEvent extends AdaptiveEvent {
  constructor(
    /** All that there is to show. */
    readonly run: RunView,
  ) {
    super('adaptive-run');
  }
}

/** `adaptive-saved`: a checkpoint of the run is kept. */
export class AdaptiveSavedEvent extends AdaptiveEvent {
  constructor(
    /** Optimizer steps that it has done; null when the run has ended. */
    readonly step: number | null,
    /** Bytes of the checkpoint. */
    readonly bytes: number,
  ) {
    super('adaptive-saved');
  }
}

/** `adaptive-error`: something failed. The element shows it too. */
export class AdaptiveErrorEvent extends AdaptiveEvent {
  constructor(
    /** What went wrong, and what to do. */
    readonly error: AdaptiveError,
  ) {
    super('adaptive-error');
  }
}

declare global {
  interface HTMLElementEventMap {
    'adaptive-state': AdaptiveStateEvent;
    'adaptive-text': AdaptiveTextEvent;
    'adaptive-progress': AdaptiveProgressEvent;
    'adaptive-sample': AdaptiveSampleEvent;
    'adaptive-download': AdaptiveDownloadEvent;
    'adaptive-model': AdaptiveModelEvent;
    'adaptive-backend': AdaptiveBackendEvent;
    'adaptive-run': AdaptiveRunEvent;
    'adaptive-saved': AdaptiveSavedEvent;
    'adaptive-error': AdaptiveErrorEvent;
  }
}

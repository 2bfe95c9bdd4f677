/** Whom a trainer can teach. */
import type { AdaptiveError } from '../../core/errors.js';
import type { ExportFormat } from '../../core/file-formats.js';
import type { Precision } from '../../core/precision.js';
import type { ModelInfo, TrainingEvent, TrainingResult } from '../../core/protocol.js';
import type { CorpusInput, TrainOptions } from '../../core/training-request.js';
import type { ModelState } from '../events.js';
import type { RunView } from '../run-view.js';

/** As `<adaptive-lm>` is. It tells what changed by `adaptive-state`, `adaptive-model` and `adaptive-run`. */
export interface Learner {
  /** What it is doing. */
  readonly state: ModelState;
  /** What its model is, or null without one. */
  readonly model: ModelInfo | null;
  /** The run under way, or the last one; null before the first. */
  readonly run: RunView | null;
  /** Trains, and resolves when the run has ended. */
  train(corpus: CorpusInput, options?: TrainOptions): Promise<TrainingResult>;
  /** Halts after the step that is under way. */
  pauseTraining(): void;
  /** Goes on after a pause. */
  resumeTraining(): void;
  /** Ends the run within a step; its best weights are the model. */
  stopTraining(): void;
  /** The model as a file. */
  export(format: ExportFormat, options?: { readonly precision?: Precision }): Promise<Blob>;
}

/** A learner that is an element. */
export interface LearnerElement extends Learner, EventTarget {
  /** The name under which it keeps what it learns, or null. */
  readonly keep: string | null;
  /** What went wrong last, while it is shown; else null. */
  readonly error: AdaptiveError | null;
}

/** As the class `AdaptiveLM` of `adaptive-lm/api` is. */
export interface Trainable {
  /** What its model is, or null without one. */
  readonly model: ModelInfo | null;
  /** Begins a run, which is steered by what this returns. */
  train(
    corpus: CorpusInput,
    options?: TrainOptions & { readonly onEvent?: (event: TrainingEvent) => void },
  ): {
    readonly result: Promise<TrainingResult>;
    pause(): void;
    resume(): void;
    stop(): void;
  };
  /** The model as a file. */
  export(format: ExportFormat, options?: { readonly precision?: Precision }): Promise<Blob>;
}

export function isLearnerElement(target: object): target is LearnerElement {
  return target instanceof EventTarget && 'train' in target && 'pauseTraining' in target;
}

/** Whom a trainer can teach. */
import type { AdaptiveError } from '../../core/errors.js';
import type { ExportFormat } from '../../core/file-formats.js';
import type { ModelInfo, TrainingEvent, TrainingResult } from '../../core/protocol.js';
import type { CorpusInput, TrainOptions } from '../../core/training-request.js';
import type { ModelState } from '../events.js';
import type { RunView } from '../run-view.js';

/** As `<adaptive-lm>` is. It tells what changed by `adaptive-state`, `adaptive-model` and `adaptive-run`. */
export interface Learner {
  readonly state: ModelState;
  readonly model: ModelInfo | null;
  readonly run: RunView | null;
  train(corpus: CorpusInput, options?: TrainOptions): Promise<TrainingResult>;
  pauseTraining(): void;
  resumeTraining(): void;
  stopTraining(): void;
  export(format: ExportFormat): Promise<Blob>;
}

export interface LearnerElement extends Learner, EventTarget {
  readonly keep: string | null;
  readonly error: AdaptiveError | null;
}

/** As the class `AdaptiveLM` of `adaptive-lm/api` is. */
export interface Trainable {
  readonly model: ModelInfo | null;
  train(
    corpus: CorpusInput,
    options?: TrainOptions & { readonly onEvent?: (event: TrainingEvent) => void },
  ): {
    readonly result: Promise<TrainingResult>;
    pause(): void;
    resume(): void;
    stop(): void;
  };
  export(format: ExportFormat): Promise<Blob>;
}

export function isLearnerElement(target: object): target is LearnerElement {
  return target instanceof EventTarget && 'train' in target && 'pauseTraining' in target;
}

/** The training panel as a class. Importing this registers nothing; `define.js` does. */
import { MessageBar } from '../message-bar.js';
import { StatusLine } from '../status-line.js';
import { trainingParts } from '../training-parts.js';
import { AdaptiveTrainer } from './adaptive-trainer.js';

export { AdaptiveTrainer };
export type { Learner, LearnerElement, Trainable } from './learner.js';
export type { ModelState } from '../events.js';
export {
  AdaptiveBackendEvent,
  AdaptiveDownloadEvent,
  AdaptiveErrorEvent,
  AdaptiveModelEvent,
  AdaptiveProgressEvent,
  AdaptiveRunEvent,
  AdaptiveSampleEvent,
  AdaptiveSavedEvent,
  AdaptiveStateEvent,
} from '../events.js';
export type { RunPhase, RunPlace, RunView } from '../run-view.js';
export type { CorpusInput, TrainOptions } from '../../core/training-request.js';
export { setStrings } from '../strings/registry.js';
export type { AdaptiveStrings, SomeStrings } from '../strings/words.js';
export { AdaptiveError, type ErrorCode } from '../../core/errors.js';

/** `<adaptive-trainer>` and its parts, by the names they are used under. */
export const elements = {
  'adaptive-trainer': AdaptiveTrainer,
  'adaptive-lm-message': MessageBar,
  'adaptive-lm-status': StatusLine,
  ...trainingParts,
} as const;

declare global {
  interface HTMLElementTagNameMap {
    'adaptive-trainer': AdaptiveTrainer;
  }
}

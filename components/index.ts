/** The elements as classes. Importing this registers nothing; `define.js` does. */
import { AdaptiveLm } from './adaptive-lm.js';
import { HeaderBar } from './header-bar.js';
import { MessageBar } from './message-bar.js';
import { SettingsFields } from './settings-fields.js';
import { StatusLine } from './status-line.js';
import { CorpusField } from './corpus-field.js';
import { TrainingForm } from './training-form.js';
import { TrainingPanel } from './training-panel.js';
import { TrainingRunView } from './training-run.js';
import { WriterPanel } from './writer-panel.js';

export { AdaptiveLm };
export type { ModelState } from './events.js';
export {
  AdaptiveBackendEvent,
  AdaptiveDownloadEvent,
  AdaptiveErrorEvent,
  AdaptiveModelEvent,
  AdaptiveProgressEvent,
  AdaptiveSampleEvent,
  AdaptiveSavedEvent,
  AdaptiveStateEvent,
  AdaptiveTextEvent,
} from './events.js';
export type { CorpusInput, TrainOptions } from '../core/training-request.js';
export type { WriteOptions } from './writing.js';
export type { BackendChange, BackendChoice, BackendReason } from '../core/backend.js';
export { AdaptiveError, type ErrorCode } from '../core/errors.js';

/** `<adaptive-lm>` and the parts that it is made of, by the names they are used under. */
export const elements = {
  'adaptive-lm': AdaptiveLm,
  'adaptive-lm-header': HeaderBar,
  'adaptive-lm-message': MessageBar,
  'adaptive-lm-writer': WriterPanel,
  'adaptive-lm-settings': SettingsFields,
  'adaptive-lm-training': TrainingPanel,
  'adaptive-lm-training-form': TrainingForm,
  'adaptive-lm-corpus': CorpusField,
  'adaptive-lm-training-run': TrainingRunView,
  'adaptive-lm-status': StatusLine,
} as const;

declare global {
  interface HTMLElementTagNameMap {
    'adaptive-lm': AdaptiveLm;
    'adaptive-lm-header': HeaderBar;
    'adaptive-lm-message': MessageBar;
    'adaptive-lm-writer': WriterPanel;
    'adaptive-lm-settings': SettingsFields;
    'adaptive-lm-training': TrainingPanel;
    'adaptive-lm-training-form': TrainingForm;
    'adaptive-lm-corpus': CorpusField;
    'adaptive-lm-training-run': TrainingRunView;
    'adaptive-lm-status': StatusLine;
  }
}

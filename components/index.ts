/** The elements as classes. Importing this registers nothing; `define.js` does. */
import { AdaptiveLm } from './adaptive-lm.js';
import { HeaderBar } from './header-bar.js';
import { MessageBar } from './message-bar.js';
import { SettingsFields } from './settings-fields.js';
import { StatusLine } from './status-line.js';
import { WriterPanel } from './writer-panel.js';

export { AdaptiveLm };
export type { ModelState } from './events.js';
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
  AdaptiveTextEvent,
} from './events.js';
export type { CorpusInput, TrainOptions } from '../core/training-request.js';
export type { RunPhase, RunPlace, RunView } from './run-view.js';
export type { WriteOptions } from './writing.js';
export type { BackendChange, BackendChoice, BackendReason } from '../core/backend.js';
export { setStrings } from './strings/registry.js';
export type { AdaptiveStrings, SomeStrings } from './strings/words.js';
export { AdaptiveError, type ErrorCode } from '../core/errors.js';

/** `<adaptive-lm>` and its parts, by the names they are used under. Its training panel comes when it is about to be seen. */
export const elements = {
  'adaptive-lm': AdaptiveLm,
  'adaptive-lm-header': HeaderBar,
  'adaptive-lm-message': MessageBar,
  'adaptive-lm-writer': WriterPanel,
  'adaptive-lm-settings': SettingsFields,
  'adaptive-lm-status': StatusLine,
} as const;

declare global {
  interface HTMLElementTagNameMap {
    'adaptive-lm': AdaptiveLm;
    'adaptive-lm-header': HeaderBar;
    'adaptive-lm-message': MessageBar;
    'adaptive-lm-writer': WriterPanel;
    'adaptive-lm-settings': SettingsFields;
    'adaptive-lm-status': StatusLine;
  }
}

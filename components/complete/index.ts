/** Completion as a class. Importing this registers nothing; `define.js` does. */
import { AdaptiveComplete } from './adaptive-complete.js';

export { AdaptiveComplete };
export { AdaptiveAcceptEvent, AdaptiveSuggestEvent, type CompleteState } from './events.js';
export { setStrings } from '../strings/registry.js';
export type { AdaptiveStrings, SomeStrings } from '../strings/words.js';
export { AdaptiveErrorEvent } from '../events.js';
export { AdaptiveError, type ErrorCode } from '../../core/errors.js';

/** The element by the name it is used under. */
export const elements = { 'adaptive-complete': AdaptiveComplete } as const;

declare global {
  interface HTMLElementTagNameMap {
    'adaptive-complete': AdaptiveComplete;
  }
}

/** What is kept on this device, as a class. Importing this registers nothing; `define.js` does. */
import { AdaptiveStored } from './adaptive-stored.js';

export { AdaptiveStored };
export { setStrings } from '../strings/registry.js';
export type { AdaptiveStrings, SomeStrings } from '../strings/words.js';
export { AdaptiveErrorEvent } from '../events.js';
export { AdaptiveError, type ErrorCode } from '../../core/errors.js';

/** The element by the name it is used under. */
export const elements = { 'adaptive-stored': AdaptiveStored } as const;

declare global {
  interface HTMLElementTagNameMap {
    'adaptive-stored': AdaptiveStored;
  }
}

import type { AdaptiveError } from '../../core/errors.js';

/** What `<adaptive-complete>` says, in English. */
export const completeStrings = {
  keys: 'Suggestions appear as you type. Tab takes one, Control and the arrow key a word of it, Escape sends it away.',
  suggestion: (text: string) => `Suggestion: ${text}`,
  learns: 'Learns from what you type here. It stays on this device.',
  forget: 'Forget',
  forgotten: 'Forgotten.',
  accept: 'Insert',
  /** Refusals, shown where the element stands. */
  fieldTaken: (id: string) =>
    `The field “${id}” has an <adaptive-complete> already. Remove one of the two, or give it another field.`,
  notAField: (id: string) =>
    `“${id}” is no field that can be completed. Use a <textarea>, or an <input> of type text or search.`,
  secretField: (id: string) =>
    `“${id}” holds passwords or payment details, which are never read. Take the <adaptive-complete> away from it.`,
  noModel: 'There is no model to suggest with. Give the element a src: the address of a model file.',
  badDelay: (delay: string) => `delay: expected milliseconds from 0 to 10000, got “${delay}”.`,
  /** An error from the worker, whose messages are in English. */
  describe: (error: AdaptiveError) => error.message,
};

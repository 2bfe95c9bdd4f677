/** Long writing, and what learns quickly or until a test ends it. */
export { corpus, endless, tiny, tinyRun } from '../tiny.js';

export const long = { maxTokens: 1_000_000 };

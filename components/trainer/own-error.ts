import { AdaptiveError, errorCodes, type ErrorCode } from '../../core/errors.js';

/**
 * What another's model rejected with, as ours: an AdaptiveError, perhaps of another copy of this code, or a DOMException of
 * the API's class, whose cause is one.
 */
export function ownError(thrown: unknown): AdaptiveError {
  if (thrown instanceof AdaptiveError || !(thrown instanceof Error)) return AdaptiveError.from(thrown);
  const aborted = thrown.name === 'AbortError' ? 'aborted' : 'internal';
  return new AdaptiveError(codeOf(thrown) ?? codeOf(thrown.cause) ?? aborted, thrown.message, {}, { cause: thrown });
}

function codeOf(thrown: unknown): ErrorCode | null {
  if (!(thrown instanceof Error) || !('code' in thrown)) return null;
  return errorCodes.find((each) => each === thrown.code) ?? null;
}

/** What a command that failed says: the code and what to do, and of our own mistakes where they came from. */
import { AdaptiveError } from '../core/errors.js';

export function reportError(thrown: unknown): AdaptiveError {
  const error = AdaptiveError.from(thrown);
  process.stderr.write(`${error.code}: ${error.message}\n`);
  if (error.code === 'internal' && error.cause instanceof Error) process.stderr.write(`${error.cause.stack}\n`);
  return error;
}

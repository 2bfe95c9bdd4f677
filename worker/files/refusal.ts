/** How this room says no: one error code, names from a file quoted so that they cannot flood or forge a message. */
import { AdaptiveError, type ErrorDetails } from '../../core/errors.js';

/** What to do about bytes that no correct writer would have written. */
export const getItAgain = 'The file is damaged or was cut short; download or export it again.';

/** The 'model-file' error to throw. */
export function refusal(message: string, details: ErrorDetails = {}, options?: ErrorOptions): AdaptiveError {
  return new AdaptiveError('model-file', message, details, options);
}

/** A name or value from a file, quoted, with control characters escaped and at most `limit` characters of it. */
export function quote(text: string, limit = 80): string {
  return JSON.stringify(text.length > limit ? `${text.slice(0, limit)}…` : text);
}

/** 1234567 as 1,234,567, whatever the reader's locale, since these messages are English. */
export function grouped(count: number | bigint): string {
  return count.toLocaleString('en-US');
}

/** [4, 3] as "4 × 3"; a scalar has the shape "scalar". */
export function shapeText(shape: readonly number[]): string {
  if (shape.length === 0) return 'scalar';
  const shown = shape.slice(0, 8).join(' × ');
  return shape.length > 8 ? `${shown} × …` : shown;
}

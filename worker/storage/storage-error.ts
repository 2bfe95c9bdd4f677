/** What a store throws, as errors that say what to do. */
import { AdaptiveError } from '../../core/errors.js';

/** The platform's names: of the web, and of Node. */
const full = new Set(['QuotaExceededError', 'ENOSPC', 'EDQUOT']);
const held = new Set(['NoModificationAllowedError', 'EBUSY']);
const gone = new Set(['NotFoundError', 'NotReadableError', 'InvalidStateError', 'ENOENT']);

/** `what` was to be done: 'notes.0 be written'. */
export function storageError(thrown: unknown, what: string): AdaptiveError {
  if (thrown instanceof AdaptiveError) return thrown;
  const name = nameOf(thrown);
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const options = { cause: thrown };
  const details = { reason: name };
  if (full.has(name)) return storageFull(what, options);
  if (held.has(name)) {
    const message = `${what} could not be done: the file is in use elsewhere. Close the other tab that has it, or wait until it is done.`;
    return new AdaptiveError('in-use', message, details, options);
  }
  const advice = gone.has(name)
    ? 'Stored data may have been cleared meanwhile; save again to store it anew.'
    : 'Check that this site may store data, and save the model as a file to be safe.';
  return new AdaptiveError('disk', `${what} could not be done: ${reason} ${advice}`, details, options);
}

export function storageFull(what: string, options?: ErrorOptions): AdaptiveError {
  return new AdaptiveError(
    'storage-full',
    `${what} could not be done: there is no room left. Delete stored models or free some space, and save the model as a file to be safe.`,
    {},
    options,
  );
}

/** Runs `work`, and makes one of our errors of what it throws. */
export async function orStorageError<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw storageError(thrown, what);
  }
}

function nameOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return '';
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name;
}

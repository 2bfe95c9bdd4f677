/** Errors as a page knows them: DOMException with the platform's names, the AdaptiveError as their cause. */
import { AdaptiveError, type ErrorCode } from '../core/errors.js';

/** The one table of what each code is called on the platform. */
export const exceptionNames = {
  aborted: 'AbortError',
  busy: 'InvalidStateError',
  checkpoint: 'DataError',
  'corpus-not-text': 'DataError',
  'corpus-too-large': 'QuotaExceededError',
  'corpus-too-short': 'DataError',
  destroyed: 'InvalidStateError',
  'device-lost': 'OperationError',
  disk: 'NotReadableError',
  diverged: 'OperationError',
  'in-use': 'NoModificationAllowedError',
  internal: 'UnknownError',
  'invalid-option': 'NotSupportedError',
  memory: 'QuotaExceededError',
  'model-config': 'DataError',
  'model-file': 'DataError',
  network: 'NetworkError',
  'no-model': 'InvalidStateError',
  program: 'UnknownError',
  'storage-full': 'QuotaExceededError',
  unsupported: 'NotSupportedError',
  worker: 'OperationError',
} as const satisfies Record<ErrorCode, string>;

/** A DOMException whose cause has a stable code and, in `details`, the numbers. */
export class AdaptiveException extends DOMException {
  /** The code, and the numbers. */
  override readonly cause: AdaptiveError;

  constructor(cause: AdaptiveError) {
    super(cause.message, exceptionNames[cause.code]);
    this.cause = cause;
  }
}

/** Whatever was thrown, as one. */
export function asException(thrown: unknown): AdaptiveException {
  return thrown instanceof AdaptiveException ? thrown : new AdaptiveException(AdaptiveError.from(thrown));
}

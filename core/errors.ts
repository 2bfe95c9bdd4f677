/**
 * Every error that reaches a user. `code` is stable and documented; `message` says what went wrong and what to do;
 * `details` carries the numbers. Errors cross the worker wall as plain objects and are rebuilt as this class.
 */
export const errorCodes = [
  'aborted', // stopped on request
  'busy', // another operation is under way
  'checkpoint', // what is stored of a training run cannot be gone on with
  'corpus-too-short', // not enough text to train on
  'corpus-too-large', // more text than the stated limit
  'corpus-not-text', // binary data
  'diverged', // loss is NaN or runs away
  'destroyed', // used after destroy()
  'device-lost', // the GPU went away
  'disk', // a file or a store cannot be read or written
  'in-use', // another tab or process writes it
  'internal', // a bug of ours
  'invalid-option', // a setting out of its range
  'memory', // not enough of it
  'model-config', // a model configuration that cannot be
  'model-file', // a model file that cannot be read
  'network', // a download failed
  'no-model', // nothing loaded yet
  'program', // a Program that breaks its own rules
  'storage-full', // no room for what is to be stored
  'unsupported', // the platform lacks what is needed
  'worker', // the worker died
] as const;

/** What went wrong, by a name that stays. */
export type ErrorCode = (typeof errorCodes)[number];

export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

/** An error as it crosses the wall. */
export interface SerializedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
}

/** What went wrong and what to do, in `message`; what kind of thing it was, in `code`. */
export class AdaptiveError extends Error {
  override readonly name = 'AdaptiveError';

  constructor(
    /** What kind of thing went wrong. */
    readonly code: ErrorCode,
    message: string,
    /** The numbers and names that belong to it. */
    readonly details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** As it crosses from the worker to the page. */
  serialize(): SerializedError {
    return { code: this.code, message: this.message, details: this.details };
  }

  /** The way back. */
  static deserialize({ code, message, details }: SerializedError): AdaptiveError {
    return new AdaptiveError(code, message, details);
  }

  /** Whatever was thrown, as one of ours. `fallback` is its code if it was not ours already. */
  static from(thrown: unknown, fallback: ErrorCode = 'internal'): AdaptiveError {
    if (thrown instanceof AdaptiveError) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new AdaptiveError(fallback, message, {}, { cause: thrown });
  }
}

/** What is kept from one visit to the next: as it is asked for, and as it is told about. */
import * as v from 'valibot';
import { parse, real, settings } from './parse.js';

/** Letters beyond ASCII take up to nine in the names of files, which have 255 at most. */
const longestName = 180;

const keepSchema = settings({
  /** Under which the model is found again; what was kept under it before is replaced, step by step. */
  name: v.pipe(
    v.string('expected a text'),
    v.nonEmpty('expected a name that is not empty'),
    v.check(
      (name) =>
        [...name].every((character) => !/\p{Surrogate}/u.test(character)) &&
        encodeURIComponent(name).length <= longestName,
      `expected a shorter name: at most ${longestName} letters, or 20 of scripts other than Latin`,
    ),
  ),
  /** Seconds from one checkpoint to the next. They never take more than a twentieth of the time. */
  interval: v.optional(real(0.1, 86_400), 30),
});

export type KeepOptions = Readonly<v.InferInput<typeof keepSchema>>;
export type KeepConfig = Readonly<v.InferOutput<typeof keepSchema>>;

/** @throws AdaptiveError 'invalid-option' */
export function parseKeepOptions(input: unknown): KeepConfig {
  return parse('What is to be kept', 'invalid-option', keepSchema, input);
}

/** Where files are kept: 'memory' is no keeping at all. */
export type StorageKind = 'opfs' | 'indexeddb' | 'disk' | 'memory';

/** A training run that did not come to its end. */
export interface StoredRun {
  readonly step: number;
  readonly totalSteps: number;
  /** What it learns, as people know it; '' where that is not known. */
  readonly corpus: string;
}

/** A model that is kept under a name. */
export interface StoredModel {
  readonly name: string;
  /** All that it takes in the store, its text included. */
  readonly bytes: number;
  /** Milliseconds since 1970; null when that cannot be read. */
  readonly savedAt: number | null;
  /** null when its training has ended. */
  readonly run: StoredRun | null;
  /** Another tab or process is writing it. */
  readonly inUse: boolean;
}

/** All that is kept. */
export interface Stored {
  readonly kind: StorageKind;
  readonly models: readonly StoredModel[];
}

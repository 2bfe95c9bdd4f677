/** What is kept from one visit to the next, as it is told about. */

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

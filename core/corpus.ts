/** What a model learns from, as it is given, and what is told of reading it. */
import * as v from 'valibot';
import { parse, real } from './parse.js';

export interface CorpusFile {
  readonly file: Blob;
  /** May contain a path. Its ending tells how it is read: .html is turned into text, with .gz or without. */
  readonly name: string;
  /** How often an epoch reads it: 1 unless given, 0.01 to 100. What a fraction reads moves on from epoch to epoch. */
  readonly weight?: number;
}

/** Text as the reader gave it. Files and addresses are read in the worker. */
export type CorpusSource =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'files'; readonly files: readonly CorpusFile[] }
  /** Of the page's own origin. */
  | { readonly kind: 'url'; readonly url: string };

/**
 * What of a corpus is dropped when it was there before, exactly: whole documents, which are files, or paragraphs, which
 * stand between blank lines.
 */
export type Deduplication = 'documents' | 'paragraphs';

/** How far the reading is. It takes two passes: one to look at all of the text, and one to turn it into tokens. */
export interface ReadingProgress {
  readonly phase: 'surveying' | 'encoding';
  /** Of the files, packed as they are. */
  readonly loadedBytes: number;
  /** null when a server does not say. */
  readonly totalBytes: number | null;
}

/** What came of the reading. */
export interface CorpusReport {
  /** Files that are learned from. */
  readonly documents: number;
  /** What was left out since it is no text or holds none, at most the first hundred, and how many there were. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  readonly skippedCount: number;
  /** Documents or paragraphs that were dropped as repeats. */
  readonly repeats: number;
  /** Bytes of text that the tokenizer was learned from when that was not all of it; else null. */
  readonly sampledBytes: number | null;
  /** Where the tokens are. */
  readonly tokensOn: 'memory' | 'disk';
  /** Why tokens that belong on the disk are in memory, or ''. */
  readonly warning: string;
}

const weightSchema = v.optional(real(0.01, 100), 1);

/** Of the file `name`. @throws AdaptiveError 'invalid-option' */
export function parseWeight(name: string, weight: number | undefined): number {
  return parse(`Weight of ${name || 'a file'}`, 'invalid-option', weightSchema, weight);
}

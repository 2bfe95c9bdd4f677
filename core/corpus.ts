/** What a model learns from, as it is given, and what is told of reading it. */
import * as v from 'valibot';
import { parse, real } from './parse.js';

export interface CorpusFile {
  readonly file: Blob;
  /** May contain a path. Its ending tells how it is read: .html and .jsonl become text, with .gz or without. */
  readonly name: string;
  /** How often an epoch reads it: 1 unless given, 0.01 to 100. What a fraction reads moves on from epoch to epoch. */
  readonly weight?: number;
}

/** Text as the reader gave it. Files and addresses are read in the worker. */
export type CorpusSource = CorpusText & {
  /**
   * A line that stands between two documents of one file, such as <|endoftext|>, and belongs to neither. Without it a file is
   * one document; but each line of a .jsonl file is one, and so is each page of a file that holds several web pages.
   */
  readonly documentSeparator?: string | undefined;
};

export type CorpusText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'files'; readonly files: readonly CorpusFile[] }
  /** Of the page's own origin. */
  | { readonly kind: 'url'; readonly url: string };

/**
 * What of a corpus is dropped when it was there before, exactly: whole documents, or paragraphs, which stand between blank
 * lines.
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
  /** Documents that are learned from, those that are held out included: files, unless they hold several. */
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

const separatorMessage = 'expected one line of 1 to 1,000 characters';
const separatorSchema = v.nullish(
  v.pipe(v.string(separatorMessage), v.maxLength(1000, separatorMessage), v.regex(/^[^\r\n]+$/, separatorMessage)),
  null,
);

/** Null where there is none. @throws AdaptiveError 'invalid-option' */
export function parseSeparator(separator: string | undefined): string | null {
  return parse('documentSeparator', 'invalid-option', separatorSchema, separator);
}

const weightSchema = v.optional(real(0.01, 100), 1);

/** Of the file `name`. @throws AdaptiveError 'invalid-option' */
export function parseWeight(name: string, weight: number | undefined): number {
  return parse(`Weight of ${name || 'a file'}`, 'invalid-option', weightSchema, weight);
}

/** A corpus as tokens, and what is known of it. */
import type { CorpusRecord } from '../../core/corpus-record.js';
import type { DocumentSpan } from './split.js';
import type { Tokens } from './tokens.js';

export interface Corpus extends CorpusRecord {
  readonly tokens: Tokens;
}

export function tokenCount({ documents }: CorpusRecord): number {
  return documents.reduce((sum, { tokens }) => sum + tokens, 0);
}

export function documentSpans({ documents }: CorpusRecord): DocumentSpan[] {
  let start = 0;
  return documents.map(({ tokens, hash }) => {
    const span = { start, end: start + tokens, hash };
    start = span.end;
    return span;
  });
}

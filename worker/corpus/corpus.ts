/** A corpus as tokens, and what is known of it. */
import type { TokenizerSpec } from '../../core/tokenizer.js';
import type { DocumentSpan } from './split.js';
import type { Tokens } from './tokens.js';

/** What is known of a document. The tokens of documents lie one behind the other. */
export interface CorpusDocument {
  readonly tokens: number;
  /** Of its tokens, those that stand for something that the tokenizer does not know. */
  readonly unknown: number;
  /** Of its text. */
  readonly hash: string;
}

/** All but the tokens, as it can be written down. */
export interface CorpusRecord {
  /** By the text, the tokenizer, and how they were put together. The same corpus has the same. */
  readonly id: string;
  readonly spec: TokenizerSpec;
  /** Its tokenizer has an id for every text. */
  readonly knowsAll: boolean;
  readonly documents: readonly CorpusDocument[];
  /** Of the text. */
  readonly characters: number;
  /** Characters that stand for bytes that are not UTF-8. */
  readonly replaced: number;
  /** Of all tokens. */
  readonly hash: string;
}

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

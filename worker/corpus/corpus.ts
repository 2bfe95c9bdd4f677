/** A corpus as tokens, and what is known of it. */
import type { CorpusRecord } from '../../core/corpus-record.js';
import type { DocumentTable } from './document-table.js';
import type { Tokens } from './tokens.js';

export interface Corpus extends CorpusRecord {
  readonly documents: DocumentTable;
  readonly tokens: Tokens;
}

/** What is known of a corpus beside its tokens, as it is kept with them. */
import * as v from 'valibot';
import { parseTokenizerSpec, type TokenizerSpec } from './tokenizer.js';

/** What is known of a document. The tokens of documents lie one behind the other. */
export interface CorpusDocument {
  readonly tokens: number;
  /** Of its tokens, those that stand for something that the tokenizer does not know. */
  readonly unknown: number;
  /** Of its text. */
  readonly hash: string;
}

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

export interface StoredCorpus {
  readonly version: 1;
  /** When it was used last, in milliseconds since 1970. */
  readonly used: number;
  readonly record: CorpusRecord;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const storedSchema = v.object({
  version: v.literal(1),
  used: v.number(),
  record: v.object({
    id: v.string(),
    spec: v.unknown(),
    knowsAll: v.boolean(),
    documents: v.array(v.object({ tokens: count, unknown: count, hash: v.string() })),
    characters: count,
    replaced: count,
    hash: v.string(),
  }),
});

/** Null for what is none: what is stored may be anything. */
export function parseStoredCorpus(json: string): StoredCorpus | null {
  try {
    const { record, ...rest } = v.parse(storedSchema, JSON.parse(json));
    return { ...rest, record: { ...record, spec: parseTokenizerSpec(record.spec) } };
  } catch {
    return null;
  }
}

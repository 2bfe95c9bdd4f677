/** What is known of a corpus beside its tokens, as it is kept with them. */
import * as v from 'valibot';
import { parseTokenizerSpec, type TokenizerSpec } from './tokenizer.js';

export interface CorpusRecord {
  /** By the text, the tokenizer, and how they were put together. The same corpus has the same. */
  readonly id: string;
  readonly spec: TokenizerSpec;
  /** Its tokenizer has an id for every text. */
  readonly knowsAll: boolean;
  /** How many documents each file has, in order. The tokens of documents lie one behind the other. */
  readonly files: readonly number[];
  readonly tokenCount: number;
  /** Of its tokens, those that stand for something that the tokenizer does not know. */
  readonly unknown: number;
  /** Of the text. */
  readonly characters: number;
  /** Characters that stand for bytes that are not UTF-8. */
  readonly replaced: number;
  /** Of all tokens. */
  readonly hash: string;
  /** Of what is known of each document, see worker/corpus/document-table.ts. */
  readonly documentsHash: string;
}

export interface StoredCorpus {
  readonly version: 2;
  /** When it was used last, in milliseconds since 1970. */
  readonly used: number;
  readonly record: CorpusRecord;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const storedSchema = v.object({
  version: v.literal(2),
  used: v.number(),
  record: v.object({
    id: v.string(),
    spec: v.unknown(),
    knowsAll: v.boolean(),
    files: v.array(count),
    tokenCount: count,
    unknown: count,
    characters: count,
    replaced: count,
    hash: v.string(),
    documentsHash: v.string(),
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

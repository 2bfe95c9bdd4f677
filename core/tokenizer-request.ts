/** What tokenizer a new model is to have: learned from its text, or given. */
import * as v from 'valibot';
import { specialTexts } from './bpe.js';
import { alternatives, parse, settings, whole } from './parse.js';
import { parseTokenizerSpec, type TokenizerKind, type TokenizerSpec } from './tokenizer.js';

const requests = [
  settings({ kind: v.literal('characters') }),
  settings({ kind: v.literal('bytes') }),
  settings({
    kind: v.literal('bpe'),
    /** V, at most: a short text has not so many pairs that occur twice. */
    vocabularySize: v.optional(whole(512, 32_768), 4096),
    /** Texts with a token of their own, which come last. */
    specials: v.optional(specialTexts, []),
  }),
  settings({
    kind: v.literal('words'),
    /** V, at most: the most frequent words, with <unk> and <eos>. */
    vocabularySize: v.optional(whole(16, 65_536), 10_000),
    /** What occurs less often is not known. */
    leastCount: v.optional(whole(1, 1_000_000_000), 1),
  }),
] as const;

const kinds = requests.map(({ entries }) => entries.kind.literal);
const requestSchema = v.variant('kind', requests, `expected ${alternatives(kinds)}`);

/** A kind with its defaults, or with settings, or a tokenizer that is there. */
export type TokenizerRequest =
  TokenizerKind | v.InferInput<typeof requestSchema> | { readonly kind: 'given'; readonly spec: TokenizerSpec };

/** @throws AdaptiveError 'invalid-option' */
export function completeRequest(request: unknown): v.InferOutput<typeof requestSchema> {
  return parse('Tokenizer', 'invalid-option', requestSchema, typeof request === 'string' ? { kind: request } : request);
}

/** The tokenizer that a request names; null if it is to be learned. @throws AdaptiveError 'invalid-option', 'model-file' */
export function givenTokenizer(request: TokenizerRequest): TokenizerSpec | null {
  if (typeof request !== 'object' || request.kind !== 'given') {
    completeRequest(request);
    return null;
  }
  return parseTokenizerSpec(request.spec);
}

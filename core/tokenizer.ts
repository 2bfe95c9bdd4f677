/** The interface that every tokenizer keeps: characters and bytes now; byte-level BPE and words join it. */
import * as v from 'valibot';
import { AdaptiveError } from './errors.js';

const specSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('characters'),
    /** The code points known, in order of their ids. Id 0 is the unknown character; alphabet[0] has id 1. */
    alphabet: v.pipe(
      v.string(),
      v.nonEmpty('expected at least one character'),
      v.check((text) => new Set(text).size === [...text].length, 'expected no character twice'),
    ),
  }),
  v.strictObject({ kind: v.literal('bytes') }),
]);

/** A tokenizer written down, as it stands in a model file. */
export type TokenizerSpec = v.InferOutput<typeof specSchema>;

export function parseTokenizerSpec(input: unknown): TokenizerSpec {
  const result = v.safeParse(specSchema, input);
  if (result.success) return result.output;
  throw new AdaptiveError('model-file', `Tokenizer: ${result.issues[0].message}.`);
}

export interface Tokenizer {
  readonly spec: TokenizerSpec;
  /** V: ids are 0 … size − 1. */
  readonly size: number;
  /** Never throws: an unknown character has an id of its own. Lone surrogates and broken UTF-8 become U+FFFD. */
  encode(text: string | Uint8Array): Int32Array;
  decode(ids: Int32Array): string;
  /** Characters of `text` that the tokenizer has no id for. */
  countUnknown(text: string): number;
  /** Decodes as ids come; never emits half a character. */
  decoder(): TokenDecoder;
}

export interface TokenDecoder {
  /** What can be shown now that `id` has come; '' while a character is incomplete. */
  push(id: number): string;
  /** What is left: U+FFFD for an incomplete character, else ''. */
  end(): string;
}

/** The interface that every tokenizer keeps: characters and bytes now; byte-level BPE and words join it. */
import * as v from 'valibot';
import { alternatives, parse, settings } from './parse.js';

const specs = [
  settings({
    kind: v.literal('characters'),
    /** The code points known, in order of their ids. Id 0 is the unknown character; alphabet[0] has id 1. */
    alphabet: v.pipe(
      v.string('expected the known characters as one text'),
      v.nonEmpty('expected at least one character'),
      v.check((text) => new Set(text).size === [...text].length, 'a character is in it twice'),
    ),
  }),
  settings({ kind: v.literal('bytes') }),
] as const;

const specSchema = v.variant(
  'kind',
  specs,
  `expected { kind: ${alternatives(specs.map(({ entries }) => entries.kind.literal))}, … }`,
);

/** A tokenizer written down, as it stands in a model file. */
export type TokenizerSpec = v.InferOutput<typeof specSchema>;

/** @throws AdaptiveError 'model-file': a tokenizer written down comes from one. */
export function parseTokenizerSpec(input: unknown): TokenizerSpec {
  return parse('Tokenizer', 'model-file', specSchema, input);
}

export interface Tokenizer {
  readonly spec: TokenizerSpec;
  /** V: ids are 0 … size − 1. */
  readonly size: number;
  /** Bytes of memory that its tables hold. */
  readonly bytes: number;
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

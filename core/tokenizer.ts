/** The interface that every tokenizer keeps, whatever its tokens are: characters, bytes, joined bytes or words. */
import * as v from 'valibot';
import { bpeSpec, mostTokens, readBpe, tokenBytes } from './bpe.js';
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
  bpeSpec,
  settings({
    kind: v.literal('words'),
    /**
     * The words known, one space between them, in the order of their ids, which count from 2. Id 0 is <unk>, every other
     * word; id 1 is <eos>, the end of a line.
     */
    words: v.pipe(
      v.string('expected the known words as one text'),
      v.check((text) => areWords(text.split(' ')), 'expected words that differ, with one space between them'),
    ),
  }),
] as const;

function areWords(words: readonly string[]): boolean {
  return (
    new Set(words).size === words.length &&
    words.length <= mostTokens - 2 &&
    words.every((word) => word !== '' && !/[\p{White_Space}\p{Surrogate}]/u.test(word))
  );
}

const specSchema = v.variant(
  'kind',
  specs,
  `expected { kind: ${alternatives(specs.map(({ entries }) => entries.kind.literal))}, … }`,
);

/** A tokenizer written down, as it stands in a model file. */
export type TokenizerSpec = v.InferOutput<typeof specSchema>;

/** @throws AdaptiveError 'model-file': a tokenizer written down comes from one. */
export function parseTokenizerSpec(input: unknown): TokenizerSpec {
  const spec = parse('Tokenizer', 'model-file', specSchema, input);
  if (spec.kind === 'bpe') tokenBytes(readBpe(spec));
  return spec;
}

/** V: how many ids a tokenizer has. */
export function tokenizerSize(spec: TokenizerSpec): number {
  switch (spec.kind) {
    case 'characters':
      return [...spec.alphabet].length + 1;
    case 'bytes':
      return 256;
    case 'bpe':
      return readBpe(spec).size;
    case 'words':
      return spec.words.split(' ').length + 2;
  }
}

export type TokenizerKind = TokenizerSpec['kind'];

export interface Tokenizer {
  readonly spec: TokenizerSpec;
  /** V: ids are 0 … size − 1. */
  readonly size: number;
  /** Bytes of memory that its tables hold. */
  readonly bytes: number;
  /** Never throws: an unknown character or word has an id of its own. Lone surrogates of a string become U+FFFD. */
  encode(text: string | Uint8Array): Int32Array;
  /** What is no UTF-8, or no id, becomes U+FFFD. */
  decode(ids: Int32Array): string;
  /** The bytes themselves: with bytes and BPE any that were encoded come back as they were. */
  decodeBytes(ids: Int32Array): Uint8Array;
  /** Characters of `text` that the tokenizer has no id for; of words, how many. */
  countUnknown(text: string): number;
  /**
   * Decodes as ids come; never emits half a character. `before` is the text that it goes on from: between words there is
   * a space.
   */
  decoder(before?: string): TokenDecoder;
}

export interface TokenDecoder {
  /** What can be shown now that `id` has come; '' while a character is incomplete. */
  push(id: number): string;
  /** What is left: U+FFFD for an incomplete character, else ''. */
  end(): string;
}

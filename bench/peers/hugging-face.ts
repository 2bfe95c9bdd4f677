/** @huggingface/tokenizers, whose types cannot be resolved from here: what is used of it is checked instead. */
import * as library from '@huggingface/tokenizers';

interface TheirTokenizer {
  encode(text: string): { readonly ids: readonly number[] };
}

function isTokenizer(value: unknown): value is TheirTokenizer {
  return typeof value === 'object' && value !== null && 'encode' in value;
}

/** @param json the text of tokenizer.json */
export function huggingFaceTokenizer(json: string): (text: string) => readonly number[] {
  const Tokenizer: unknown = library.Tokenizer;
  if (typeof Tokenizer !== 'function') throw new Error('@huggingface/tokenizers has no Tokenizer.');
  const tokenizer: unknown = Reflect.construct(Tokenizer, [JSON.parse(json), {}]);
  if (!isTokenizer(tokenizer)) throw new Error('A Tokenizer of @huggingface/tokenizers does not encode.');
  return (text) => tokenizer.encode(text).ids;
}

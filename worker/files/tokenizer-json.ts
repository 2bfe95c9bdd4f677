/**
 * Hugging Face's `tokenizer.json`, as far as it describes byte-level BPE like GPT-2's. Whatever else it asks for would give
 * other tokens than it has elsewhere, so that is refused, by its name.
 */
import type { BpeSpec } from '../../core/bpe.js';
import { fromLetters, parseMerge, toLetters } from './bpe-vocabulary.js';
import { readIds } from './merges-files.js';
import { quote, refusal } from './refusal.js';
import { isObject, parseStrictJson, type JsonObject } from './strict-json.js';

const file = 'tokenizer.json';

/** @throws AdaptiveError 'model-file' */
export function readTokenizerJson(text: string): BpeSpec {
  const root = parseStrictJson(text, file);
  if (!isObject(root) || !isObject(root['model'])) throw refusal(`${file} should be an object with a model.`);
  const { model } = root;
  if (typeOf(model, 'BPE') !== 'BPE') throw cannot(`a model of the type ${typeOf(model)}`);
  for (const part of ['normalizer', 'truncation', 'padding'] as const) {
    if (isThere(root[part])) throw cannot(named(part, root[part]));
  }
  checkByteLevel('pre_tokenizer', root['pre_tokenizer'], true);
  checkByteLevel('decoder', root['decoder'], false);
  checkByteLevel('post_processor', root['post_processor'], false);
  for (const name of ['dropout', 'continuing_subword_prefix', 'end_of_word_suffix', 'ignore_merges'] as const) {
    if (isThere(model[name])) throw cannot(`${name} of the model`);
  }
  const ids = model['vocab'];
  if (!isObject(ids)) throw refusal(`${file}: model.vocab should be an object of tokens and their ids.`);
  const vocabulary = readIds(ids, file);
  const specials = readAddedTokens(root['added_tokens'] ?? [], vocabulary);
  return fromLetters({ vocabulary, merges: readMerges(model['merges']), specials }, file);
}

/** What is null, false, 0 or '' asks for nothing. */
function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== 0 && value !== '';
}

function typeOf(value: unknown, otherwise = 'none'): string {
  return isObject(value) && typeof value['type'] === 'string' ? value['type'] : otherwise;
}

function named(part: string, value: unknown): string {
  const type = typeOf(value, '');
  return type === '' ? part : `the ${part} ${quote(type, 40)}`;
}

function checkByteLevel(part: string, given: unknown, needed: boolean): void {
  if (!isThere(given)) {
    if (needed) throw cannot(`no ${part}`);
    return;
  }
  const value = onlyPart(given);
  if (!isObject(value) || value['type'] !== 'ByteLevel') throw cannot(named(part, value));
  if (!needed) return;
  if (value['add_prefix_space'] !== false) throw cannot(`add_prefix_space of the ${part}`);
  if (value['use_regex'] === false) throw cannot(`a ${part} without its regular expression`);
}

/** A sequence of one part is that part. */
function onlyPart(value: unknown): unknown {
  if (!isObject(value) || value['type'] !== 'Sequence') return value;
  const parts: unknown = value['pretokenizers'] ?? value['decoders'] ?? value['processors'];
  return Array.isArray(parts) && parts.length === 1 ? parts[0] : value;
}

/** Special texts, whose ids join the vocabulary. */
function readAddedTokens(value: unknown, vocabulary: Map<string, number>): string[] {
  if (!Array.isArray(value)) throw refusal(`${file}: added_tokens should be a list.`);
  return value.map((token: unknown) => {
    if (!isObject(token) || typeof token['content'] !== 'string' || typeof token['id'] !== 'number') {
      throw refusal(`${file}: an added token should have an id and its content.`);
    }
    const { content, id } = token;
    const flag = ['single_word', 'lstrip', 'rstrip'].find((name) => isThere(token[name]));
    if (flag !== undefined) throw cannot(`${flag} of the added token ${quote(content)}`);
    if (content === '' || /\p{White_Space}/u.test(content)) throw cannot(`the added token ${quote(content)}`);
    const known = vocabulary.get(content);
    if (known !== undefined && known !== id) {
      throw refusal(`${file}: the added token ${quote(content)} has the id ${id}, and in the vocabulary ${known}.`);
    }
    vocabulary.set(content, id);
    return content;
  });
}

/** "Ġ t" or ["Ġ", "t"] */
function readMerges(value: unknown): (readonly [string, string])[] {
  if (!Array.isArray(value)) throw refusal(`${file}: model.merges should be a list.`);
  return value.map((merge: unknown, rank) => {
    if (typeof merge === 'string') return parseMerge(merge, file, rank);
    if (
      Array.isArray(merge) &&
      merge.length === 2 &&
      merge.every((token) => typeof token === 'string' && token !== '')
    ) {
      return [String(merge[0]), String(merge[1])];
    }
    throw refusal(`${file}: merge ${rank + 1} should be two tokens.`);
  });
}

function cannot(what: string) {
  return refusal(
    `${file} asks for ${what}. Only byte-level BPE as GPT-2 has it can be used: a model of the type BPE, ByteLevel before ` +
      'and after it, and nothing else that changes the text.',
  );
}

export function writeTokenizerJson(spec: BpeSpec): string {
  const { vocabulary, merges, specials } = toLetters(spec);
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  const content: JsonObject = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specials.map((text) => ({
      id: vocabulary.get(text) ?? 0,
      content: text,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: { ...byteLevel, trim_offsets: false },
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(vocabulary),
      merges: merges.map((pair) => pair.join(' ')),
    },
  };
  return `${JSON.stringify(content)}\n`;
}

/**
 * What the ids of somebody else's model mean, from a file beside it: a tokenizer.json, or a list of tokens in the order of
 * their ids (a JSON array, a JSON object of token to id, or a line for each).
 */
import { parseTokenizerSpec, tokenizerSize, type TokenizerSpec } from '../../core/tokenizer.js';
import { grouped, quote, refusal } from './refusal.js';
import { isObject, parseStrictJson } from './strict-json.js';
import { readTokenizerJson } from './tokenizer-json.js';

export interface Vocabulary {
  readonly tokenizer: TokenizerSpec;
  /** Tokens that the file lists: V of its model. */
  readonly size: number;
  /** For each id of the tokenizer, the model's own; null where the model has no such token. */
  readonly sources: readonly (number | null)[];
}

/** What others call every token that they do not know, and the end of a line. */
const unknowns = ['<unk>', '<UNK>', '[UNK]', '<unknown>', '\ufffd'];
const lineEnds = ['<eos>', '<EOS>', '</s>', '[EOS]'];

/** A tokenizer whose ids are the model's. */
export function sameIds(tokenizer: TokenizerSpec): Vocabulary {
  const size = tokenizerSize(tokenizer);
  return { tokenizer, size, sources: Array.from({ length: size }, (_, id) => id) };
}

/**
 * Of a list, single characters make a tokenizer by characters, anything longer one by words.
 * @throws AdaptiveError 'model-file' if it is none of these, or the tokens of a list have spaces in them
 */
export function readVocabulary(bytes: Uint8Array): Vocabulary {
  const text = decode(bytes);
  return /^\s*\{[^]*"model"\s*:\s*\{/.test(text) ? sameIds(readTokenizerJson(text)) : readList(text);
}

function readList(list: string): Vocabulary {
  const tokens = listTokens(list);
  const find = (names: readonly string[]) => {
    const id = tokens.findIndex((token) => names.includes(token));
    return id < 0 ? null : id;
  };
  const unknown = find(unknowns);
  const all = tokens.map((token, id) => ({ token, id }));
  const characters = all.filter(({ id }) => id !== unknown);
  if (characters.every(({ token }) => [...token].length === 1)) {
    const alphabet = characters.map(({ token }) => token).join('');
    return vocabulary({ kind: 'characters', alphabet }, [unknown, ...characters.map(({ id }) => id)], tokens);
  }
  const lineEnd = find(lineEnds);
  const words = all.filter(({ id }) => id !== unknown && id !== lineEnd);
  const spaced = words.find(({ token }) => token === '' || /\s/.test(token));
  if (spaced) {
    throw refusal(
      `The vocabulary has the token ${quote(spaced.token)}. A list of tokens may have single characters, or words without ` +
        'spaces; parts of words need their tokenizer.json.',
      { token: spaced.token },
    );
  }
  const text = words.map(({ token }) => token).join(' ');
  return vocabulary({ kind: 'words', words: text }, [unknown, lineEnd, ...words.map(({ id }) => id)], tokens);
}

/** @throws AdaptiveError 'model-file' */
function vocabulary(spec: TokenizerSpec, sources: Vocabulary['sources'], { length }: readonly string[]): Vocabulary {
  return { tokenizer: parseTokenizerSpec(spec), size: length, sources };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refusal('The vocabulary is not UTF-8 text. Give a tokenizer.json, or a list of tokens.', {}, { cause });
  }
}

/** By id. */
function listTokens(text: string): readonly string[] {
  const lines = fromLines(text);
  // A list of characters by lines may begin with a bracket too.
  const isJson = /^\s*[[{]/.test(text) && lines.some((line) => [...line].length > 1);
  const tokens = isJson ? fromJson(text) : lines;
  if (tokens.length === 0)
    throw refusal('The vocabulary is empty. Give a list of the tokens in the order of their ids.');
  const seen = new Set<string>();
  for (const token of tokens) {
    if (seen.has(token)) throw refusal(`The vocabulary has the token ${quote(token)} twice.`, { token });
    seen.add(token);
  }
  return tokens;
}

function fromLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function fromJson(text: string): readonly string[] {
  const value = parseStrictJson(text, 'The vocabulary');
  if (Array.isArray(value)) {
    const wrong = value.findIndex((token) => typeof token !== 'string');
    if (wrong >= 0) throw refusal(`Token ${grouped(wrong)} of the vocabulary is no text.`);
    return value.map(String);
  }
  const tokens: string[] = [];
  if (!isObject(value)) throw refusal('The vocabulary should be a list of tokens, or an object of token to id.');
  const count = Object.keys(value).length;
  for (const [token, id] of Object.entries(value)) {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= count || tokens[id] !== undefined) {
      throw refusal(
        `The vocabulary should number its ${grouped(count)} tokens from 0, and ${quote(token)} does not fit in.`,
        {
          token,
        },
      );
    }
    tokens[id] = token;
  }
  return tokens;
}

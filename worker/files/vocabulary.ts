/**
 * What the ids of somebody else's model mean, from a file beside it: a list of tokens in the order of their ids (a JSON
 * array, a JSON object of token to id, or a line for each).
 */
import { AdaptiveError } from '../../core/errors.js';
import type { TokenizerSpec } from '../../core/tokenizer.js';
import { grouped, quote, refusal } from './refusal.js';
import { isObject, parseStrictJson } from './strict-json.js';

export interface Vocabulary {
  readonly tokenizer: TokenizerSpec;
  /** Tokens that the file lists: V of its model. */
  readonly size: number;
  /** For each id of the tokenizer, the model's own; null where the model has no such token. */
  readonly sources: readonly (number | null)[];
}

const unknowns = ['<unk>', '<UNK>', '[UNK]', '<unknown>', '\ufffd'];

/** @throws AdaptiveError 'model-file' if it is none of these, 'unsupported' if no tokenizer here has such tokens */
export function readVocabulary(bytes: Uint8Array): Vocabulary {
  const tokens = listTokens(decode(bytes));
  const unknown = tokens.findIndex((token) => unknowns.includes(token));
  const known = tokens.flatMap((token, id) => (id === unknown ? [] : [{ token, id }]));
  const many = known.find(({ token }) => [...token].length !== 1);
  if (many) {
    throw new AdaptiveError(
      'unsupported',
      `The vocabulary has the token ${quote(many.token)}, and only single characters are read from a list of tokens.`,
    );
  }
  const alphabet = known.map(({ token }) => token).join('');
  return {
    tokenizer: { kind: 'characters', alphabet },
    size: tokens.length,
    sources: [unknown < 0 ? null : unknown, ...known.map(({ id }) => id)],
  };
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

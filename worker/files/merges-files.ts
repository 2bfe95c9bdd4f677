/**
 * GPT-2's two files: `vocab.bpe` (by a newer name `merges.txt`), a merge a line, and `encoder.json` (`vocab.json`), the ids.
 * What encoder.json has beside bytes and merges is special, as <|endoftext|> is.
 */
import type { BpeSpec } from '../../core/bpe.js';
import { fromLetters, parseMerge, toLetters } from './bpe-vocabulary.js';
import { letters } from './byte-letters.js';
import { quote, refusal } from './refusal.js';
import { isObject, parseStrictJson } from './strict-json.js';

const versionLine = '#version: 0.2';

/**
 * @param encoder text of encoder.json; without it tokens have the ids that their order gives them, and none is special
 * @throws AdaptiveError 'model-file'
 */
export function readMergesFiles(merges: string, encoder: string | null): BpeSpec {
  const what = 'The list of merges';
  // Some writers have no version, and some end their lines as Windows does.
  const lines = merges.split(/\r?\n/).filter((line, at) => line !== '' && !(at === 0 && line.startsWith('#version')));
  const pairs = lines.map((line, rank) => parseMerge(line, what, rank));
  const made = new Set([...letters, ...pairs.map(([left, right]) => left + right)]);
  const vocabulary =
    encoder === null ? new Map([...made].map((token, id) => [token, id])) : readEncoder(encoder, 'The list of ids');
  const specials = [...vocabulary.keys()].filter((token) => !made.has(token));
  const strange = specials.find((token) => token === '' || /\p{White_Space}/u.test(token));
  if (strange !== undefined) throw refusal(`The list of ids has the token ${quote(strange)}, which no merge makes.`);
  specials.sort((a, b) => (vocabulary.get(a) ?? 0) - (vocabulary.get(b) ?? 0));
  return fromLetters({ vocabulary, merges: pairs, specials }, what);
}

/** Ids by token. @throws AdaptiveError 'model-file' */
function readEncoder(text: string, what: string): Map<string, number> {
  const value = parseStrictJson(text, what);
  if (!isObject(value)) throw refusal(`${what} should be a JSON object of tokens and their ids.`);
  return readIds(value, what);
}

/** @throws AdaptiveError 'model-file' */
export function readIds(value: Readonly<Record<string, unknown>>, what: string): Map<string, number> {
  return new Map(
    Object.entries(value).map(([token, id]) => {
      if (typeof id !== 'number') throw refusal(`${what}: the id of ${quote(token)} should be a number.`, { token });
      return [token, id];
    }),
  );
}

export interface MergesFiles {
  readonly merges: string;
  readonly encoder: string;
}

export function writeMergesFiles(spec: BpeSpec): MergesFiles {
  const { vocabulary, merges } = toLetters(spec);
  return {
    merges: `${[versionLine, ...merges.map((pair) => pair.join(' '))].join('\n')}\n`,
    encoder: JSON.stringify(Object.fromEntries(vocabulary)),
  };
}

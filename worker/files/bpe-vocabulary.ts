/** A byte-level BPE vocabulary as the files of other tools have it: tokens and merges in letters, and an id for each token. */
import { mostTokens, readBpe, tokenBytes, writeBpe, type BpeSpec } from '../../core/bpe.js';
import { letters } from './byte-letters.js';
import { grouped, quote, refusal } from './refusal.js';

export interface LetterVocabulary {
  /** Ids by token, in letters; special tokens stand for themselves. */
  readonly vocabulary: ReadonlyMap<string, number>;
  /** Left and right token of each merge, in letters. */
  readonly merges: readonly (readonly [left: string, right: string])[];
  readonly specials: readonly string[];
}

/**
 * @param what names the file in errors.
 * @throws AdaptiveError 'model-file' that names the token or merge that does not fit
 */
export function fromLetters({ vocabulary, merges, specials }: LetterVocabulary, what: string): BpeSpec {
  const tokens = 256 + merges.length + specials.length;
  if (tokens > mostTokens) {
    throw refusal(`${what} has ${grouped(tokens)} tokens and merges; at most ${grouped(mostTokens)} can be used.`);
  }
  const idOf = (token: string, why: string) => {
    const id = vocabulary.get(token);
    if (id !== undefined) return id;
    throw refusal(`The vocabulary of ${what} lacks ${quote(token)}, ${why}.`, { token });
  };
  const numbers = new Map<string, number>();
  const ids: number[] = [];
  const add = (token: string, id: number) => {
    // Several merges may make the same token: it is the first one's.
    if (!numbers.has(token)) numbers.set(token, ids.length);
    ids.push(id);
  };
  for (const letter of letters)
    add(letter, idOf(letter, 'which stands for a byte; without it not every text has tokens'));
  const pairs = new Uint16Array(2 * merges.length);
  merges.forEach(([left, right], rank) => {
    const joins = `which merge ${rank + 1} (${quote(left, 40)}, ${quote(right, 40)})`;
    [left, right].forEach((token, side) => {
      const number = numbers.get(token);
      if (number === undefined) {
        throw refusal(`${what}: ${quote(token)}, ${joins} joins, is made by no merge before it.`, { merge: rank + 1 });
      }
      pairs[2 * rank + side] = number;
    });
    add(left + right, idOf(left + right, `${joins} makes`));
  });
  for (const special of specials) add(special, idOf(special, 'which is to be special'));
  const unmade = [...vocabulary.keys()].filter((token) => !numbers.has(token));
  if (unmade.length > 0) {
    throw refusal(
      `${what} has ${unmade.length === 1 ? 'a token' : `${grouped(unmade.length)} tokens`} that no merge makes, ` +
        `such as ${quote(unmade[0] ?? '')}. Only special ones may be so.`,
    );
  }
  const wrong = ids.find((id) => !(Number.isInteger(id) && id >= 0 && id < mostTokens));
  if (wrong !== undefined) throw refusal(`${what} has the id ${String(wrong)}; ids count from 0 to ${mostTokens - 1}.`);
  const spec = writeBpe({ merges: pairs, specials, ids: Uint16Array.from(ids) });
  tokenBytes(readBpe(spec));
  return spec;
}

export function toLetters(spec: BpeSpec): LetterVocabulary {
  const { merges, specials, ids } = readBpe(spec);
  const tokens = [...letters];
  const pairs: (readonly [string, string])[] = [];
  for (let at = 0; at < merges.length; at += 2) {
    const pair = [tokens[merges[at] ?? 0] ?? '', tokens[merges[at + 1] ?? 0] ?? ''] as const;
    pairs.push(pair);
    tokens.push(pair[0] + pair[1]);
  }
  tokens.push(...specials);
  const vocabulary = new Map(
    tokens.map((token, number) => [token, ids[number] ?? 0] as const).sort(([, a], [, b]) => a - b),
  );
  return { vocabulary, merges: pairs, specials };
}

/** "Ġ t" as its two tokens. @throws AdaptiveError 'model-file' */
export function parseMerge(line: string, what: string, rank: number): readonly [string, string] {
  const [left, right, ...rest] = line.split(' ');
  if (left && right && rest.length === 0) return [left, right];
  throw refusal(`${what}: merge ${rank + 1} should be two tokens with a space between them, and is ${quote(line)}.`);
}

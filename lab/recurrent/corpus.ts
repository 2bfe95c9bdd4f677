/** Texts as ids: characters, or words of lines whose tokens others have cut already (Penn Treebank). */
import { AdaptiveError } from '../../core/errors.js';
import type { Laboratory } from '../experiment.js';

/** What each is made of, and the names of its texts; without one for what is held out, that is the last tenth. */
const corpora = {
  tinyshakespeare: { unit: 'characters', training: 'tinyshakespeare', held: null },
  ptb: { unit: 'words', training: 'ptb/ptb.train', held: 'ptb/ptb.valid' },
} as const;

export const corpusNames = ['tinyshakespeare', 'ptb'] as const;
export type CorpusName = (typeof corpusNames)[number];

export interface Corpus {
  readonly vocabularySize: number;
  readonly training: Int32Array;
  readonly held: Int32Array;
  /** Nats per token of the held-out part for who knows only how often each token occurs in training. */
  readonly unigramLoss: number;
}

export interface CorpusLimits {
  /** The first tokens of the training part, at most. */
  readonly trainingTokens: number;
  readonly heldTokens: number;
  /** Of the types in the training text the most frequent, at most; all others are one more, `<unk>`. All unless given. */
  readonly vocabularySize?: number;
}

const endOfSentence = '<eos>';
const unknown = '<unk>';
const fewestTokens = 100;

/**
 * Ids number the tokens of the whole text in the order in which they first occur, whatever the limits of its parts.
 * @throws AdaptiveError as `Laboratory.text`, and 'corpus-too-short'
 */
export async function loadCorpus(laboratory: Laboratory, name: CorpusName, limits: CorpusLimits): Promise<Corpus> {
  const { unit, training, held } = corpora[name];
  const tokensOf = async (text: string) => [...(unit === 'words' ? words : characters)(await laboratory.text(text))];
  const tokens = await tokensOf(training);
  const known = limits.vocabularySize === undefined ? null : mostFrequent(tokens, limits.vocabularySize);
  const numbers = new Map<string, number>();
  const first = numbered(tokens, numbers, known);
  const boundary = held === null ? Math.floor(0.9 * first.length) : first.length;
  const second = held === null ? first.subarray(boundary) : numbered(await tokensOf(held), numbers, known);
  const parts = {
    training: first.subarray(0, Math.min(boundary, limits.trainingTokens)),
    held: second.subarray(0, limits.heldTokens),
  };
  for (const [part, { length }] of Object.entries(parts)) {
    if (length >= fewestTokens) continue;
    throw new AdaptiveError(
      'corpus-too-short',
      `${name}, ${part}: expected at least ${fewestTokens} tokens, got ${length}.`,
      { tokens: length, needed: fewestTokens },
    );
  }
  return { vocabularySize: numbers.size, ...parts, unigramLoss: unigramLoss(parts.training, parts.held, numbers.size) };
}

function* characters(text: string): Iterable<string> {
  yield* text;
}

/** Lines are sentences; their words stand between spaces. */
function* words(text: string): Iterable<string> {
  for (const line of text.trimEnd().split('\n')) {
    for (const word of line.split(' ')) if (word !== '') yield word;
    yield endOfSentence;
  }
}

function mostFrequent(tokens: readonly string[], count: number): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return new Set(sorted.slice(0, count).map(([token]) => token));
}

/** `numbers` grows by what is new. Where there are `known` ones, all others are unknown. */
function numbered(
  tokens: readonly string[],
  numbers: Map<string, number>,
  known: ReadonlySet<string> | null,
): Int32Array {
  return Int32Array.from(tokens, (token) => {
    const type = known === null || known.has(token) ? token : unknown;
    const id = numbers.get(type) ?? numbers.size;
    numbers.set(type, id);
    return id;
  });
}

/** With one more of every token than there is, since the held-out part has some that training lacks. */
function unigramLoss(training: Int32Array, held: Int32Array, vocabularySize: number): number {
  const counts = new Float64Array(vocabularySize).fill(1);
  for (const id of training) counts[id] = (counts[id] ?? 0) + 1;
  const total = training.length + vocabularySize;
  return held.reduce((sum, id) => sum - Math.log((counts[id] ?? 0) / total), 0) / held.length;
}

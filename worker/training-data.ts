/** From a corpus as the reader gave it to the streams of tokens that a run reads. */
import type { TrainingConfig } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import type { CorpusSource, TrainingRequest } from '../core/protocol.js';
import type { RunRecord } from '../core/run-record.js';
import { givenTokenizer, type TokenizerRequest } from '../core/tokenizer-request.js';
import type { Tokenizer, TokenizerSpec } from '../core/tokenizer.js';
import { longestSegment } from '../model/segments.js';
import { Corpus, rowLengthOf, spanLength, split, type Span } from './text/corpus.js';
import { readCorpusText } from './text/corpus-text.js';
import { learnTokenizer } from './text/learning.js';
import { TextMemory } from './text/text-memory.js';
import { createTokenizer } from './text/tokenizers.js';
import type { TokenStream } from './token-stream.js';
import { completeOptions, planTraining, type TrainingPlan } from './training-plan.js';

/** With fewer characters there is nothing to learn. */
const fewestCharacters = 100;
/** Rows of held-out text are at least this long, so that most of it is read with a state that has settled. */
const fewestHeldSteps = 128;
/** Steps of one replay while evaluating. */
export const evaluationSteps = 128;

export interface TrainingData {
  readonly tokenizer: Tokenizer;
  /** All of them. */
  readonly tokens: Corpus;
  /** What people know the text by, or ''. */
  readonly name: string;
  readonly plan: TrainingPlan;
  readonly training: TokenStream;
  /** null when nothing is held out. */
  readonly validation: TokenStream | null;
  readonly charactersPerToken: number;
  readonly trainingTokens: number;
  readonly validationTokens: number;
  /** Bytes of memory that the tokens hold. */
  readonly bytes: number;
  /** Characters that the tokenizer has no id for, those that replace broken UTF-8 included. */
  readonly unknownCharacters: number;
}

/**
 * Reads the corpus and plans the run. `tokenizer` is that of the model to be trained further; null for a new model,
 * whose tokenizer is given with the request or learned here.
 * @throws AdaptiveError 'corpus-too-short', 'corpus-too-large', 'corpus-not-text', 'disk', 'invalid-option', 'memory'
 */
export async function prepareTraining(
  module: WebAssembly.Module,
  request: TrainingRequest,
  tokenizer: Tokenizer | null,
): Promise<TrainingData> {
  const { options } = request;
  const { validationFraction } = completeOptions(options, 1); // and refuses bad options before anything is read
  const known = tokenizer?.spec ?? givenTokenizer(request.tokenizer);
  const corpus = await readCorpus(module, request.corpus, known ?? { learn: request.tokenizer });
  const { training } = split(corpus.tokens.length, validationFraction);
  const config = completeOptions(options, spanLength(training));
  return {
    tokenizer: tokenizer ?? createTokenizer(module, corpus.spec),
    ...dataOf(corpus.tokens, config),
    name: request.corpus.kind === 'file' ? request.corpus.name : '',
    charactersPerToken: corpus.charactersPerToken,
    unknownCharacters: corpus.unknownCharacters,
  };
}

/** The same for a run that goes on, from the tokens that were kept. @throws AdaptiveError 'memory' */
export function reopenTraining(
  module: WebAssembly.Module,
  ids: Uint16Array,
  tokenizer: Tokenizer,
  { config, corpus }: Pick<RunRecord, 'config' | 'corpus'>,
): TrainingData {
  const { name, charactersPerToken, unknownCharacters } = corpus;
  return {
    tokenizer,
    ...dataOf(Corpus.of(new TextMemory(module), ids), config),
    name,
    charactersPerToken,
    unknownCharacters,
  };
}

function dataOf(tokens: Corpus, config: TrainingConfig) {
  const { training, held } = split(tokens.length, config.validationFraction);
  const rowLength = checkedRowLength(training, config.batchSize);
  const streams = {
    training: tokens.stream(training, config.batchSize, longestSegment(config)),
    validation: heldOut(tokens, held, config),
  };
  return {
    tokens,
    plan: planTraining(config, rowLength),
    ...streams,
    bytes: tokens.memory.held,
    trainingTokens: spanLength(training),
    validationTokens: spanLength(held),
  };
}

export interface EvaluationCounts {
  readonly tokens: number;
  readonly charactersPerToken: number;
  readonly unknownCharacters: number;
}

export interface EvaluationData {
  /** One row. */
  readonly tokens: TokenStream;
  readonly counts: EvaluationCounts;
}

/**
 * The last `fraction` of a corpus as one stream.
 * @throws as `prepareTraining`
 */
export async function prepareEvaluation(
  module: WebAssembly.Module,
  source: CorpusSource,
  fraction: number,
  spec: TokenizerSpec,
): Promise<EvaluationData> {
  if (!(fraction > 0 && fraction <= 1)) {
    throw new AdaptiveError(
      'invalid-option',
      `Fraction of the text: expected more than 0, at most 1, got ${fraction}.`,
    );
  }
  const { tokens, charactersPerToken, knowsAll } = await readCorpus(module, source, spec);
  const { held } = split(tokens.length, fraction);
  checkedRowLength(held, 1);
  const unknownCharacters = knowsAll ? 0 : tokens.countUnknown(held);
  return {
    tokens: tokens.stream(held, 1, evaluationSteps),
    counts: { tokens: spanLength(held), charactersPerToken, unknownCharacters },
  };
}

interface EncodedCorpus {
  readonly tokens: Corpus;
  readonly spec: TokenizerSpec;
  readonly charactersPerToken: number;
  readonly unknownCharacters: number;
  /** The tokenizer has an id for every text. */
  readonly knowsAll: boolean;
}

/** Encodes with a tokenizer that is there, or with one that is learned first. */
async function readCorpus(
  module: WebAssembly.Module,
  source: CorpusSource,
  tokenizer: TokenizerSpec | { readonly learn: TokenizerRequest },
): Promise<EncodedCorpus> {
  const memory = new TextMemory(module);
  const text = await readCorpusText(memory, source);
  if (text.characters < fewestCharacters) throw tooFewCharacters(text.characters);
  const spec = 'learn' in tokenizer ? learnTokenizer(memory, tokenizer.learn, text.block) : tokenizer;
  const tokens = Corpus.encode(memory, spec, text);
  const { knowsAll } = tokens;
  return {
    tokens,
    spec,
    charactersPerToken: text.characters / tokens.length,
    knowsAll,
    // Some know every text; what was not UTF-8 is still worth telling.
    unknownCharacters: knowsAll ? text.replaced : tokens.countUnknown({ start: 0, end: tokens.length }),
  };
}

function heldOut(tokens: Corpus, held: Span, { batchSize, segmentLength }: TrainingConfig): TokenStream | null {
  const rows = Math.min(batchSize, Math.max(1, Math.floor(spanLength(held) / fewestHeldSteps)));
  return rowLengthOf(held, rows) > 0 ? tokens.stream(held, rows, segmentLength) : null;
}

/** @throws AdaptiveError 'corpus-too-short' if a row would have no step. */
function checkedRowLength(span: Span, batchSize: number): number {
  const rowLength = rowLengthOf(span, batchSize);
  if (rowLength > 0) return rowLength;
  const tokens = spanLength(span);
  throw new AdaptiveError(
    'corpus-too-short',
    `The text has ${tokens} tokens here, and a batch of ${batchSize} rows needs at least ${batchSize + 1}. ` +
      'Give it more text, or choose a smaller batch.',
    { tokens, needed: batchSize + 1 },
  );
}

function tooFewCharacters(characters: number): AdaptiveError {
  const has = characters === 0 ? 'is empty' : `has only ${characters} character${characters === 1 ? '' : 's'}`;
  return new AdaptiveError(
    'corpus-too-short',
    `The text ${has}; at least ${fewestCharacters} characters are needed. ` +
      'The more the better: some pages teach spelling, a book teaches style.',
    { characters, needed: fewestCharacters },
  );
}

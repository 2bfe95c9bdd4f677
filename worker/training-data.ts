/** From a corpus as the reader gave it to the streams of tokens that a run reads. */
import type { TrainingConfig, TrainingOptions } from '../core/config.js';
import type { CorpusReport, CorpusSource, ReadingProgress } from '../core/corpus.js';
import { AdaptiveError } from '../core/errors.js';
import type { TrainingRequest } from '../core/protocol.js';
import type { RunRecord } from '../core/run-record.js';
import { givenTokenizer } from '../core/tokenizer-request.js';
import type { Tokenizer, TokenizerSpec } from '../core/tokenizer.js';
import { longestSegment } from '../model/segments.js';
import type { Corpus } from './corpus/corpus.js';
import { Epochs, type WeightedSpan } from './corpus/epochs.js';
import { nothingLasts, readCorpus, type CorpusStore, type ReadCorpus } from './corpus/read-corpus.js';
import { RowStream, rowLengthOf } from './corpus/row-stream.js';
import type { Shelf } from './corpus/shelf.js';
import { spanLength, totalLength, type Span } from './corpus/spans.js';
import { split } from './corpus/split.js';
import { runLength, type Tokens } from './corpus/tokens.js';
import { TextMemory } from './text/text-memory.js';
import { createTokenizer } from './text/tokenizers.js';
import type { TokenStream } from './token-stream.js';
import { completeOptions, planTraining, type TrainingPlan } from './training-plan.js';

/** Rows of held-out text are at least this long, so that most of it is read with a state that has settled. */
const fewestHeldSteps = 128;
/** Steps of one replay while evaluating. */
export const evaluationSteps = 128;

export interface TrainingData {
  readonly tokenizer: Tokenizer;
  readonly plan: TrainingPlan;
  readonly training: TokenStream;
  /** null when nothing is held out. */
  readonly validation: TokenStream | null;
  readonly charactersPerToken: number;
  readonly trainingTokens: number;
  readonly validationTokens: number;
  /** Whose tokens are to be closed when the run is over. */
  readonly corpus: Corpus;
  /** Of each of its files. */
  readonly weights: readonly number[];
  readonly report: CorpusReport;
  /** Bytes of memory that the tokens and their buffers hold. */
  readonly bytes: number;
  /** Characters that the tokenizer has no id for, those that replace broken UTF-8 included. */
  readonly unknownCharacters: number;
}

export interface ReadingHooks {
  readonly onProgress: (progress: ReadingProgress) => void;
  /** Whether somebody wants it to stop. */
  readonly stopped: () => boolean;
}

const unwatched: ReadingHooks = { onProgress: () => {}, stopped: () => false };

/**
 * Reads the corpus and plans the run. `tokenizer` is that of the model to be trained further; null for a new model,
 * whose tokenizer is given with the request or learned here.
 * @throws AdaptiveError as `readCorpus`
 */
export async function prepareTraining(
  module: WebAssembly.Module,
  request: TrainingRequest,
  tokenizer: Tokenizer | null,
  store: CorpusStore = nothingLasts,
  hooks = unwatched,
): Promise<TrainingData> {
  completeOptions(request.options, 1); // refuses bad options before anything is read
  const known = tokenizer?.spec ?? givenTokenizer(request.tokenizer);
  const read = await readCorpus(
    module,
    {
      source: request.corpus,
      deduplicate: request.deduplicate,
      tokenizer: known ?? { learn: request.tokenizer },
      ...hooks,
    },
    store,
  );
  return trainingData(module, request.options, tokenizer, read);
}

/** The run over a corpus that was read before: the same options and weights make the same of it. */
export async function trainingData(
  module: WebAssembly.Module,
  options: TrainingOptions,
  tokenizer: Tokenizer | null,
  { corpus, weights, report }: ReadCorpus,
): Promise<TrainingData> {
  const { tokens, spec } = corpus;
  try {
    const { validationFraction } = completeOptions(options, 1);
    const { training, held } = split(corpus, validationFraction);
    const epochs = new Epochs(weighted(training, weights));
    const config = completeOptions(options, epochs.length);
    const rowLength = checkedRowLength(epochs.length, config.batchSize);
    const stream = new RowStream(tokens, epochs, config.batchSize, longestSegment(config));
    const validation = heldOut(tokens, held, config);
    return {
      tokenizer: tokenizer ?? createTokenizer(module, spec),
      plan: planTraining(config, rowLength),
      training: stream,
      validation,
      corpus,
      weights,
      report,
      bytes: tokens.bytes + stream.bytes + (validation?.bytes ?? 0),
      charactersPerToken: corpus.characters / tokens.length,
      trainingTokens: epochs.length,
      validationTokens: totalLength(held),
      // Some know every text; what was not UTF-8 is still worth telling.
      unknownCharacters: corpus.knowsAll ? corpus.replaced : corpus.unknown,
    };
  } catch (error) {
    await tokens.close();
    throw error;
  }
}

/**
 * A run over a corpus that was kept, to go on with it.
 * @throws AdaptiveError 'checkpoint' when the corpus is gone
 */
export async function reopenTraining(
  module: WebAssembly.Module,
  { config, corpus: { id, weights } }: Pick<RunRecord, 'config' | 'corpus'>,
  tokenizer: Tokenizer,
  shelf: Shelf,
): Promise<TrainingData> {
  const corpus = await shelf.find(new TextMemory(module), id);
  if (!corpus) {
    throw new AdaptiveError(
      'checkpoint',
      'The text that this model was learning is no longer stored, so its training cannot go on where it stood. ' +
        'The model is whole: write with it, or train it further on the text.',
      { reason: 'corpus' },
    );
  }
  const report: CorpusReport = {
    documents: corpus.documents.length,
    skipped: [],
    skippedCount: 0,
    repeats: 0,
    sampledBytes: null,
    tokensOn: corpus.tokens.place,
    warning: '',
  };
  return trainingData(module, config, tokenizer, { corpus, weights, report });
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
  /** To be called when it is over. */
  close(): Promise<void>;
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
  store: CorpusStore = nothingLasts,
): Promise<EvaluationData> {
  if (!(fraction > 0 && fraction <= 1)) {
    throw new AdaptiveError(
      'invalid-option',
      `Fraction of the text: expected more than 0, at most 1, got ${fraction}.`,
    );
  }
  const { corpus } = await readCorpus(module, { source, tokenizer: spec, ...unwatched }, store);
  const { tokens } = corpus;
  const close = () => tokens.close();
  try {
    const held = { start: Math.floor(tokens.length * (1 - fraction)), end: tokens.length };
    checkedRowLength(spanLength(held), 1);
    return {
      tokens: new RowStream(tokens, new Epochs([{ ...held, weight: 1 }]), 1, evaluationSteps),
      counts: {
        tokens: spanLength(held),
        charactersPerToken: corpus.characters / tokens.length,
        unknownCharacters: corpus.knowsAll ? 0 : await countUnknown(tokens, held),
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function countUnknown(tokens: Tokens, { start, end }: Span): Promise<number> {
  const ids = new Uint16Array(Math.min(runLength, end - start));
  let unknown = 0;
  for (let at = start; at < end; at += ids.length) {
    const run = ids.subarray(0, end - at);
    await tokens.read(run, at);
    for (const id of run) if (id === 0) unknown++;
  }
  return unknown;
}

/** What of each file is trained on, with the file's weight. */
function weighted(training: readonly (readonly Span[])[], weights: readonly number[]): WeightedSpan[] {
  return training.flatMap((spans, i) => spans.map((span) => ({ ...span, weight: weights[i] ?? 1 })));
}

function heldOut(
  tokens: Tokens,
  held: readonly Span[],
  { batchSize, segmentLength }: TrainingConfig,
): RowStream | null {
  const length = totalLength(held);
  const rows = Math.min(batchSize, Math.max(1, Math.floor(length / fewestHeldSteps)));
  if (rowLengthOf(length, rows) === 0) return null;
  return new RowStream(tokens, new Epochs(held.map((span) => ({ ...span, weight: 1 }))), rows, segmentLength);
}

/** @throws AdaptiveError 'corpus-too-short' if a row would have no step. */
function checkedRowLength(tokens: number, batchSize: number): number {
  const rowLength = rowLengthOf(tokens, batchSize);
  if (rowLength > 0) return rowLength;
  throw new AdaptiveError(
    'corpus-too-short',
    `The text has ${tokens} tokens here, and a batch of ${batchSize} rows needs at least ${batchSize + 1}. ` +
      'Give it more text, or choose a smaller batch.',
    { tokens, needed: batchSize + 1 },
  );
}

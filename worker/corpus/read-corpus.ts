/** From a corpus as the reader gave it to its tokens: a pass to look at it, and one to encode it, unless that was done before. */
import type { CorpusReport, CorpusSource, Deduplication } from '../../core/corpus.js';
import type { CorpusRecord } from '../../core/corpus-record.js';
import { AdaptiveError } from '../../core/errors.js';
import { completeRequest, type TokenizerRequest } from '../../core/tokenizer-request.js';
import type { TokenizerKind, TokenizerSpec } from '../../core/tokenizer.js';
import type { Folder } from '../storage/folder.js';
import { learner, type Learner } from '../text/learning.js';
import { TextMemory } from '../text/text-memory.js';
import { hashOfText } from './content-hash.js';
import type { Corpus } from './corpus.js';
import { encode } from './encode.js';
import type { ReadingOptions } from './reading.js';
import { Shelf } from './shelf.js';
import { textSources, type TextSource } from './sources.js';
import { survey, type Survey, type SurveyedDocument } from './survey.js';
import { TokenWriter, usualLimits, type TokenLimits } from './token-writer.js';

/** Learning these takes the same memory however long the text is. */
const learnsAll: ReadonlySet<TokenizerKind> = new Set<TokenizerKind>(['characters', 'bytes']);

/** With fewer characters there is nothing to learn. */
const fewestCharacters = 100;

export interface CorpusRequest extends Omit<ReadingOptions, 'several' | 'deduplicate'> {
  readonly source: CorpusSource;
  readonly deduplicate?: Deduplication | undefined;
  /** To encode with, or what kind of tokenizer is to be learned. */
  readonly tokenizer: TokenizerSpec | { readonly learn: TokenizerRequest };
}

/** Where tokens may be kept. */
export interface CorpusStore {
  /** Null where nothing lasts. */
  readonly folder: () => Promise<Folder | null>;
  readonly limits?: TokenLimits;
  /** Ids of those that must stay there. */
  readonly needed?: () => Promise<ReadonlySet<string>>;
}

export const nothingLasts: CorpusStore = { folder: async () => null };

export interface ReadCorpus {
  readonly corpus: Corpus;
  /** Of each document. */
  readonly weights: readonly number[];
  readonly report: CorpusReport;
}

/**
 * @throws AdaptiveError 'corpus-too-short', 'corpus-too-large', 'corpus-not-text', 'disk', 'network', 'storage-full',
 * 'invalid-option', 'memory', 'aborted'
 */
export async function readCorpus(
  module: WebAssembly.Module,
  { source, tokenizer, ...request }: CorpusRequest,
  { folder, limits = usualLimits, needed }: CorpusStore,
): Promise<ReadCorpus> {
  const memory = new TextMemory(module);
  const sources = textSources(source);
  const options = { ...request, deduplicate: request.deduplicate ?? null, several: sources.length > 1 };
  const { surveyed, spec, characters } = await look(memory, sources, tokenizer, options);
  const id = corpusId(memory, surveyed.documents, spec);
  const kept = await folder();
  const shelf = kept && new Shelf(kept, needed);
  const found = await shelf?.find(memory, id);
  if (found) return result(found, surveyed, '');

  const writer = new TokenWriter(shelf, id, limits);
  try {
    const { documents, knowsAll, hash } = await encode(memory, surveyed.documents, spec, writer, options);
    const record: CorpusRecord = {
      id,
      spec,
      knowsAll,
      documents: documents.map((document, i) => ({ ...document, hash: surveyed.documents[i]?.hash ?? '' })),
      characters,
      replaced: sumOf(surveyed.documents, 'replaced'),
      hash,
    };
    return result(await writer.end(record), surveyed, writer.warning);
  } catch (thrown) {
    await writer.discard();
    throw thrown;
  }
}

/** A tokenizer learned from a corpus, in one pass. @throws AdaptiveError as `readCorpus` */
export async function learnFrom(
  module: WebAssembly.Module,
  source: CorpusSource,
  request: TokenizerRequest,
): Promise<{ readonly spec: TokenizerSpec; readonly characters: number }> {
  const sources = textSources(source);
  const options = { deduplicate: null, several: sources.length > 1, onProgress: () => {}, stopped: () => false };
  return look(new TextMemory(module), sources, { learn: request }, options);
}

/** The first pass, and the tokenizer that is known after it. */
async function look(
  memory: TextMemory,
  sources: readonly TextSource[],
  tokenizer: CorpusRequest['tokenizer'],
  options: ReadingOptions,
): Promise<{ readonly surveyed: Survey; readonly spec: TokenizerSpec; readonly characters: number }> {
  const learning = 'learn' in tokenizer ? learner(memory, tokenizer.learn) : knows(tokenizer);
  const surveyed = await survey(memory, sources, {
    ...options,
    learner: learning,
    learnsAll: !('learn' in tokenizer) || learnsAll.has(completeRequest(tokenizer.learn).kind),
  });
  const characters = sumOf(surveyed.documents, 'characters');
  if (characters < fewestCharacters) throw tooFewCharacters(characters);
  return { surveyed, spec: learning.finish(), characters };
}

/** Has learned already. */
function knows(spec: TokenizerSpec): Learner {
  return { add: () => {}, safeCut: ({ bytes }) => bytes, finish: () => spec };
}

function result(corpus: Corpus, surveyed: Survey, warning: string): ReadCorpus {
  const { documents, skipped, skippedCount, repeats, sampledBytes } = surveyed;
  return {
    corpus,
    weights: documents.map(({ source }) => source.weight),
    report: {
      documents: documents.length,
      skipped,
      skippedCount,
      repeats,
      sampledBytes,
      tokensOn: corpus.tokens.place,
      warning,
    },
  };
}

/** Another corpus has another: its texts, their order, and the tokenizer make it. */
function corpusId(memory: TextMemory, documents: readonly SurveyedDocument[], spec: TokenizerSpec): string {
  const texts = documents.map(({ hash, bytes }) => [hash, bytes]);
  return hashOfText(memory, JSON.stringify([1, spec, texts]));
}

function sumOf(documents: readonly SurveyedDocument[], what: 'characters' | 'replaced'): number {
  return documents.reduce((sum, document) => sum + document[what], 0);
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

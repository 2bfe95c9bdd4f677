/** From a corpus as the reader gave it to its tokens: a pass to look at it, and one to encode it, unless that was done before. */
import type { CorpusReport, CorpusSource, Deduplication } from '../../core/corpus.js';
import type { CorpusRecord } from '../../core/corpus-record.js';
import { AdaptiveError } from '../../core/errors.js';
import { completeRequest, type TokenizerRequest } from '../../core/tokenizer-request.js';
import type { TokenizerKind, TokenizerSpec } from '../../core/tokenizer.js';
import type { Folder } from '../storage/folder.js';
import { learner, type Learner } from '../text/learning.js';
import { TextMemory } from '../text/text-memory.js';
import { hashOf } from './content-hash.js';
import type { Corpus } from './corpus.js';
import { encode } from './encode.js';
import type { ReadingOptions } from './reading.js';
import { Shelf } from './shelf.js';
import { textSources, type TextSource } from './sources.js';
import { survey, type Survey } from './survey.js';
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
  /** Of each file. */
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
  const options = { ...request, deduplicate: request.deduplicate ?? null, several: areSeveral(sources) };
  const { surveyed, spec } = await look(memory, sources, tokenizer, options);
  const { characters, replaced } = surveyed;
  const files = surveyed.files.flatMap(({ kept }) => (kept > 0 ? [kept] : []));
  const id = hashOf(memory, JSON.stringify([2, spec, files, hashOf(memory, surveyed.documents.kept().bytes)]));
  const kept = await folder();
  const shelf = kept && new Shelf(kept, needed);
  const found = await shelf?.find(memory, id);
  if (found) return result(found, surveyed, '');

  const writer = new TokenWriter(shelf, id, limits);
  try {
    const encoded = await encode(memory, surveyed, spec, writer, options);
    const documents = surveyed.documents.kept();
    const record: CorpusRecord = {
      id,
      spec,
      files,
      tokenCount: writer.length,
      characters,
      replaced,
      documentsHash: hashOf(memory, documents.bytes),
      ...encoded,
    };
    return result(await writer.end(record, documents), surveyed, writer.warning);
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
  const options = { deduplicate: null, several: areSeveral(sources), onProgress: () => {}, stopped: () => false };
  const { surveyed, spec } = await look(new TextMemory(module), sources, { learn: request }, options);
  return { spec, characters: surveyed.characters };
}

/** The first pass, and the tokenizer that is known after it. */
async function look(
  memory: TextMemory,
  sources: readonly TextSource[],
  tokenizer: CorpusRequest['tokenizer'],
  options: ReadingOptions,
): Promise<{ readonly surveyed: Survey; readonly spec: TokenizerSpec }> {
  const learning = 'learn' in tokenizer ? learner(memory, tokenizer.learn) : knows(tokenizer);
  const surveyed = await survey(memory, sources, {
    ...options,
    learner: learning,
    learnsAll: !('learn' in tokenizer) || learnsAll.has(completeRequest(tokenizer.learn).kind),
  });
  if (surveyed.characters < fewestCharacters) throw tooFewCharacters(surveyed.characters);
  return { surveyed, spec: learning.finish() };
}

/** Whether there may be several documents that do not end their last lines. */
function areSeveral(sources: readonly TextSource[]): boolean {
  return sources.length > 1 || sources.some(({ separator }) => separator !== null);
}

/** Has learned already. */
function knows(spec: TokenizerSpec): Learner {
  return { add: () => {}, safeCut: ({ bytes }) => bytes, finish: () => spec };
}

function result(corpus: Corpus, surveyed: Survey, warning: string): ReadCorpus {
  const { files, skipped, skippedCount, repeats, sampledBytes } = surveyed;
  return {
    corpus,
    weights: files.flatMap(({ source, kept }) => (kept > 0 ? [source.weight] : [])),
    report: {
      documents: corpus.documents.length,
      skipped,
      skippedCount,
      repeats,
      sampledBytes,
      tokensOn: corpus.tokens.place,
      warning,
    },
  };
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

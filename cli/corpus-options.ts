/** What a command learns from, as the command line says it, and what is told of reading it. */
import type { CorpusReport, CorpusSource, ReadingProgress } from '../core/corpus.js';
import { AdaptiveError } from '../core/errors.js';
import { corpusFiles } from './files.js';
import { toNumber, type OptionTable, type Options } from './options.js';

export const corpusOptions = {
  corpus: {
    value: 'PATH',
    help: 'text to learn (.txt, .md, .html, .jsonl, .gz), or a folder of texts; may be given several times (required)',
    many: true,
  },
  weight: { value: 'N', help: 'how often an epoch reads the --corpus of the same place (default 1)', many: true },
  'document-separator': { value: 'LINE', help: 'a line that stands between two documents of a file, as <|endoftext|>' },
  deduplicate: { value: 'NAME', help: 'documents or paragraphs: drop those that were there before' },
} as const satisfies OptionTable;

/** @throws AdaptiveError 'invalid-option', 'disk' */
export async function readCorpusOptions(options: Options): Promise<CorpusSource> {
  const paths = options.texts('corpus');
  const weights = options.texts('weight').map((text) => toNumber('weight', text));
  if (paths.length === 0) throw new AdaptiveError('invalid-option', '--corpus is needed. See --help.');
  if (weights.length > 0 && weights.length !== paths.length) {
    throw new AdaptiveError(
      'invalid-option',
      `There are ${paths.length} --corpus and ${weights.length} --weight. Give each its weight, or none.`,
    );
  }
  return { ...(await corpusFiles(paths, weights)), documentSeparator: options.text('document-separator') };
}

/** For a terminal: each is written over the one before. */
export function readingLine({ phase, loadedBytes, totalBytes }: ReadingProgress): string {
  const of = totalBytes === null ? '' : ` of ${megabytes(totalBytes)}`;
  return `\r\x1b[K${phase} ${megabytes(loadedBytes)}${of} MB\r`;
}

/** What is worth knowing of a corpus, if anything is. */
export function reportLines({
  documents,
  skipped,
  skippedCount,
  repeats,
  sampledBytes,
  warning,
}: CorpusReport): string[] {
  const named = skipped.slice(0, 5).map(({ name, reason }) => `${name} ${reason}`);
  const more = skippedCount > named.length ? `; and ${skippedCount - named.length} more` : '';
  return [
    ...(documents > 1 ? [`${documents.toLocaleString('en')} documents`] : []),
    ...(skippedCount > 0 ? [`left out: ${named.join('; ')}${more}`] : []),
    ...(repeats > 0 ? [`${repeats.toLocaleString('en')} repeats dropped`] : []),
    ...(sampledBytes === null ? [] : [`the tokenizer was learned from ${megabytes(sampledBytes)} MB of it`]),
    ...(warning === '' ? [] : [warning]),
  ];
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** What is asked of a run, from what a caller says. */
import type { TrainingOptions } from './config.js';
import type { CorpusFile, CorpusSource, Deduplication } from './corpus.js';
import { AdaptiveError } from './errors.js';
import { isSizePreset, type SizePreset } from './presets.js';
import type { ModelShape, TrainingRequest } from './protocol.js';

/**
 * A text; a file, or several, each read as often as its weight says; or the address of a file of the page's own origin.
 * Text, Markdown, web pages, and lines of JSON with a "text" each, packed with gzip or not.
 */
export type CorpusInput = string | URL | Blob | Iterable<Blob | CorpusFile>;

/** What is trained, and how. What is not given suits the text. */
export interface TrainOptions extends TrainingOptions {
  /** A line that separates the documents of one file, such as <|endoftext|>. Without it a file is one document. */
  readonly documentSeparator?: string;
  /** Repeats to drop: whole documents, or paragraphs. None unless given. */
  readonly deduplicate?: Deduplication;
  /** Of a new model: a preset's name or a whole shape. `small` unless given. */
  readonly size?: SizePreset | ModelShape;
  /** Go on training the current model instead of starting a new one. */
  readonly continue?: boolean;
  /**
   * What a new model reads and writes: 'characters' (unless given), 'bpe' (parts of words), 'words' or 'bytes', or one of
   * these with its settings, such as { kind: 'bpe', vocabularySize: 2048 }.
   */
  readonly tokenizer?: TrainingRequest['tokenizer'];
  /** What samples begin with. */
  readonly samplePrompt?: string;
  /** Stops the run within a step. */
  readonly signal?: AbortSignal;
}

/** @throws AdaptiveError 'invalid-option' for a size that is none. All else is looked at where the run is. */
export function trainingRequest(corpus: CorpusInput, options: Omit<TrainOptions, 'signal'>): TrainingRequest {
  const {
    size = 'small',
    continue: goOn = false,
    tokenizer = 'characters',
    samplePrompt = '',
    deduplicate,
    documentSeparator,
    ...given
  } = options;
  if (typeof size === 'string' && !isSizePreset(size)) {
    throw new AdaptiveError('invalid-option', `There is no size “${String(size)}”. Give small, medium or large.`);
  }
  return {
    corpus: { ...corpusSource(corpus), documentSeparator },
    deduplicate,
    start: goOn ? { kind: 'continue' } : { kind: 'new', size },
    tokenizer,
    options: given,
    samplePrompt,
  };
}

export function corpusSource(corpus: CorpusInput): CorpusSource {
  if (typeof corpus === 'string') return { kind: 'text', text: corpus };
  if (corpus instanceof URL) return { kind: 'url', url: corpus.href };
  const files = corpus instanceof Blob ? [corpus] : [...corpus];
  return { kind: 'files', files: files.map((each) => (each instanceof Blob ? corpusFile(each) : each)) };
}

/** Of a folder's files the path tells more than the name, and Blobs have none. */
function corpusFile(file: Blob): CorpusFile {
  return { file, name: file instanceof File ? file.webkitRelativePath || file.name : '' };
}

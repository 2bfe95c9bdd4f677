/** What is asked of a run, from what a caller says. */
import type { TrainingOptions } from './config.js';
import { AdaptiveError } from './errors.js';
import { isSizePreset, type SizePreset } from './presets.js';
import type { CorpusSource, ModelShape, TrainingRequest } from './protocol.js';

export interface TrainOptions extends TrainingOptions {
  /** Of a new model: a preset's name or a whole shape. `small` unless given. */
  readonly size?: SizePreset | ModelShape;
  /** Go on training the current model instead of starting a new one. */
  readonly continue?: boolean;
  /** What a new model reads and writes. `characters` unless given. */
  readonly tokenizer?: TrainingRequest['tokenizer'];
  /** What samples begin with. */
  readonly samplePrompt?: string;
  readonly signal?: AbortSignal;
}

/** @throws AdaptiveError 'invalid-option' for a size that is none. All else is looked at where the run is. */
export function trainingRequest(corpus: string | Blob, options: Omit<TrainOptions, 'signal'>): TrainingRequest {
  const { size = 'small', continue: goOn = false, tokenizer = 'characters', samplePrompt = '', ...given } = options;
  if (typeof size === 'string' && !isSizePreset(size)) {
    throw new AdaptiveError('invalid-option', `There is no size “${String(size)}”. Give small, medium or large.`);
  }
  return {
    corpus: corpusSource(corpus),
    start: goOn ? { kind: 'continue' } : { kind: 'new', size },
    tokenizer,
    options: given,
    samplePrompt,
  };
}

export function corpusSource(corpus: string | Blob): CorpusSource {
  if (typeof corpus === 'string') return { kind: 'text', text: corpus };
  return { kind: 'file', file: corpus, name: 'name' in corpus && typeof corpus.name === 'string' ? corpus.name : '' };
}

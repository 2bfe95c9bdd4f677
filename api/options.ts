/** What can be asked for. Values are looked at where they are used; here it is only whether a name means anything. */
import type { BackendChoice } from '../core/backend.js';
import type { GenerationOptions } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import type { LearningOptions } from '../core/learning-config.js';
import type { Precision } from '../core/precision.js';
import type { TrainingEvent } from '../core/protocol.js';
import type { TrainOptions } from '../core/training-request.js';
import { AdaptiveException } from './exceptions.js';
import type { GivenWorker } from './given-worker.js';

/** What everything that takes a while can be given. */
export interface SignalOption {
  /** Gives up: what was asked for rejects with the signal's reason, and is as if it had not been asked for. */
  readonly signal?: AbortSignal | undefined;
}

/** How tokens are drawn. */
export type SamplingOptions = Pick<GenerationOptions, 'temperature' | 'topK' | 'topP' | 'seed'>;

export interface CreateOptions extends SamplingOptions, SignalOption {
  /** Address of a model file, relative to the page; in Node, where there is none, a whole one. */
  readonly src?: string | URL | undefined;
  /** A model file that is at hand. Without `src` and `file` there is no model until one is trained or imported. */
  readonly file?: Blob | ArrayBuffer | undefined;
  /** Is given an EventTarget that fires `downloadprogress`, with `loaded` from 0 to 1; both of these always come. */
  readonly monitor?: ((monitor: EventTarget) => void) | undefined;
  /** Where worker.js lies, if not in `worker/` beside this script. Another origin is allowed. */
  readonly workerUrl?: string | URL | undefined;
  /** A worker that runs already, with no other model in it; a Worker of Node, or a port to a runtime. */
  readonly worker?: GivenWorker | undefined;
  /** What it computes on: `auto` (the default), `wasm` or `webgpu`. */
  readonly backend?: BackendChoice | undefined;
}

/** How a text is written: how many tokens, how they are drawn, where it ends. What is not given is that of the session. */
export type PromptOptions = Omit<GenerationOptions, 'prompt' | 'keepState'> & SignalOption;

/** How it learns is taken at the first call since there is this model, or it forgot. */
export type LearnOptions = LearningOptions & SignalOption;

/** What a model file by others does not say itself. */
export interface ImportOptions {
  /** What the ids of a model from another tool mean: a tokenizer.json or a vocabulary file. */
  readonly tokenizer?: Blob | undefined;
}

/** What a file is written in. */
export interface ExportOptions {
  /** Of the weights: `f32`, `f16` or, but for PyTorch, `int8`; the model's own unless given. */
  readonly precision?: Precision | undefined;
}

/** Over how much of a text the loss is taken. */
export interface EvaluateOptions extends SignalOption {
  /** Over the last part of the corpus; 1, all of it, unless given. */
  readonly fraction?: number | undefined;
  /** A line that separates documents, and is not read. */
  readonly documentSeparator?: string | undefined;
}

/** What is trained, how, and who hears of it. */
export interface TrainRunOptions extends TrainOptions {
  /** All that happens in the run: validations, samples, changes of the backend, progress. */
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
}

/** Names of options, all of them and no other. */
type Names<T> = Readonly<Record<keyof T, true>>;

const signal: Names<SignalOption> = { signal: true };
const sampling: Names<SamplingOptions> = { temperature: true, topK: true, topP: true, seed: true };

export const known = {
  signal,
  create: {
    ...signal,
    ...sampling,
    src: true,
    file: true,
    monitor: true,
    workerUrl: true,
    worker: true,
    backend: true,
  } satisfies Names<CreateOptions>,
  availability: { src: true } satisfies Names<Pick<CreateOptions, 'src'>>,
  prompt: { ...signal, ...sampling, maxTokens: true, stop: true } satisfies Names<PromptOptions>,
  import: { tokenizer: true } satisfies Names<ImportOptions>,
  export: { precision: true } satisfies Names<ExportOptions>,
  evaluate: { ...signal, fraction: true, documentSeparator: true } satisfies Names<EvaluateOptions>,
};

export function refuse(message: string): AdaptiveException {
  return new AdaptiveException(new AdaptiveError('invalid-option', message));
}

/** @throws AdaptiveException 'invalid-option' that names what is not known. */
export function checkNames(options: object, names: Readonly<Record<string, true>>): void {
  const unknown = Object.keys(options).filter((name) => !Object.hasOwn(names, name));
  if (unknown.length === 0) return;
  const expected = Object.keys(names).join(', ');
  throw refuse(
    `There is no option ${unknown.map((name) => `“${name}”`).join(' or ')}. Those that there are: ${expected}.`,
  );
}

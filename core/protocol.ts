/**
 * What crosses the wall between page and worker. Calls go through Comlink (`WorkerApi`); what streams (text, progress)
 * goes over a MessagePort handed in with the call, as one discriminated union for each direction.
 * Comlink keeps only an error's message, so calls answer with a `Reply` and the client rebuilds the AdaptiveError.
 */
import type { BackendChange, BackendReason } from './backend.js';
import type { GenerationConfig, GenerationOptions, ModelConfig, TrainingOptions } from './config.js';
import type { CorpusReport, CorpusSource, Deduplication, ReadingProgress } from './corpus.js';
import type { SerializedError } from './errors.js';
import type { LearningOptions } from './learning-config.js';
import type { Backend } from './executor.js';
import type { ExportFormat } from './file-formats.js';
import type { LossCurve } from './loss-history.js';
import type { Precision } from './precision.js';
import type { SizePreset } from './presets.js';
import type { KeepOptions, StorageKind, Stored, StoredModel } from './stored.js';
import type { TokenizerKind } from './tokenizer.js';
import type { TokenizerRequest } from './tokenizer-request.js';

export type Reply<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: SerializedError };

/** What a model is, and where it stands. */
export interface ModelInfo {
  /** Its shape. */
  readonly config: ModelConfig;
  /** What a token is: a character, a byte, a part of a word, a word. */
  readonly tokenizer: TokenizerKind;
  /** Learned numbers. */
  readonly parameters: number;
  /** What the file that they came from kept of them. With 'int8' it writes in 8 bits too; training makes it 'f32'. */
  readonly precision: Precision;
  /**
   * Bytes of memory that the worker holds now for this model and what is done with it: weights, Programs with their
   * activations, tables of the tokenizer; while it trains also gradients, moments, the best weights so far, the text as
   * tokens, and the model that was there before. The browser's own needs, such as compiled code, are not in it.
   */
  readonly bytes: number;
  /** What it writes on. A training run may stand on another one. */
  readonly backend: Backend;
  /** Why it writes on that. */
  readonly reason: BackendReason;
  /** Mean loss on held-out text in nats per token, if it was ever measured. */
  readonly validationLoss: number | null;
  /** A title that came with the model, or ''. */
  readonly title: string;
}

export interface TrainingRequest {
  readonly corpus: CorpusSource;
  /** Nothing is dropped unless given. */
  readonly deduplicate?: Deduplication | undefined;
  /** A new model of this size with a tokenizer learned from the corpus, or the current model as it stands. */
  readonly start: { readonly kind: 'new'; readonly size: SizePreset | ModelShape } | { readonly kind: 'continue' };
  /** Of a new model; one that goes on keeps its own. */
  readonly tokenizer: TokenizerRequest;
  readonly options: TrainingOptions;
  /** What samples begin with. */
  readonly samplePrompt: string;
  /** Keeps the run and the model, in the browser or on disk; nothing is kept unless given. */
  readonly keep?: KeepOptions;
}

/** What there is of a run before it goes on. */
export interface RunPast {
  /** Optimizer steps done. */
  readonly step: number;
  readonly curve: LossCurve;
  /** What the model in training wrote last. */
  readonly sample: string | null;
}

/** A model's configuration before the corpus tells the vocabulary. */
export type ModelShape = Omit<ModelConfig, 'vocabularySize'>;

/** How far a run is. Losses are in nats per token. */
export interface TrainingProgress {
  /** Optimizer steps done. */
  readonly step: number;
  /** Steps that the run will take in all. */
  readonly totalSteps: number;
  /** Passes over the training part, with fractions. */
  readonly epoch: number;
  /** Tokens read so far, each as often as it was read. */
  readonly tokens: number;
  /** Of late. */
  readonly tokensPerSecond: number;
  /** Training loss of the last step, nats per token. */
  readonly loss: number;
  /** Exponential mean of the training loss over about 50 steps. */
  readonly smoothLoss: number;
  /** exp(smoothLoss). */
  readonly perplexity: number;
  /** smoothLoss / ln 2 for tokenizers by character, and by characters per token for others. */
  readonly bitsPerCharacter: number;
  /** Mean loss on the part that is held out, when it was last measured; null before that. */
  readonly validationLoss: number | null;
  /** The lowest so far: the weights that had it become the model. */
  readonly bestValidationLoss: number | null;
  /** Euclidean norm of the gradient of the last step, before clipping. */
  readonly gradientNorm: number;
  /** Of the last step, by the schedule. */
  readonly learningRate: number;
  /** Seconds of training, pauses not counted. */
  readonly secondsElapsed: number;
  /** An estimate from the speed of late. */
  readonly secondsLeft: number;
}

/** What is told of a run while it goes on. */
export type TrainingEvent =
  /** More of the corpus was read. Comes before all others. */
  | ({ readonly type: 'reading' } & ReadingProgress)
  | {
      readonly type: 'started';
      /** The model in training. */
      readonly model: ModelInfo;
      /** Optimizer steps that the run will take. */
      readonly totalSteps: number;
      /** Tokens that are learned in an epoch. */
      readonly trainingTokens: number;
      /** Tokens that are held out. */
      readonly validationTokens: number;
      /** What the run stands on, and why; the model itself may be on another one. */
      readonly backend: Backend;
      /** Why it stands there. */
      readonly reason: BackendReason;
      /** Threads that share the rows of a batch. */
      readonly threads: number;
      /** Characters of the corpus that the tokenizer does not know; of words, how many. */
      readonly unknownCharacters: number;
      /** What was read, and what was left out. */
      readonly corpus: CorpusReport;
      /** Of a run that goes on after it was interrupted. */
      readonly past?: RunPast;
      /** Where it is kept, if it is to be. With 'memory' it is gone with the page: the platform keeps nothing. */
      readonly storage?: StorageKind;
    }
  | {
      readonly type: 'progress';
      /** How far the run is. */
      readonly progress: TrainingProgress;
    }
  | {
      readonly type: 'validation';
      /** Optimizer steps done. */
      readonly step: number;
      /** On what is held out, nats per token. */
      readonly loss: number;
      /** Whether it is the lowest so far. */
      readonly best: boolean;
    }
  | {
      readonly type: 'sample';
      /** Optimizer steps done. */
      readonly step: number;
      /** What the model in training wrote. */
      readonly text: string;
    }
  /** The backend failed, and the run goes on on another one from its last step. */
  | ({ readonly type: 'backend'; readonly threads: number } & BackendChange)
  /** A checkpoint is kept. */
  | {
      readonly type: 'saved';
      /** Optimizer steps that it has done; null when the run has ended. */
      readonly step: number | null;
      /** Of the checkpoint. */
      readonly bytes: number;
    }
  /** One could not be kept. The run goes on, and it is tried again. */
  | {
      readonly type: 'unsaved';
      /** Why not. */
      readonly error: SerializedError;
    }
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' };

/** How a run ended. After each of them the session's best weights are the current model. */
export interface TrainingResult {
  /** Whether it came to its end, was stopped, or its loss ran away. */
  readonly reason: 'finished' | 'stopped' | 'diverged';
  /** Where it was then; null when no step was done. */
  readonly progress: TrainingProgress | null;
  /** null when it was stopped before there was one. */
  readonly model: ModelInfo | null;
  /** What happened and what to do, if it did not end as it was asked to; else ''. */
  readonly message: string;
}

/** `save` has a checkpoint written at once, where the run is kept. */
export interface TrainingCommand {
  readonly type: 'pause' | 'resume' | 'stop' | 'save';
}

/** What was opened of what is kept. */
export interface OpenedModel {
  readonly model: ModelInfo;
  /** What is stored under the name, an interrupted run included. */
  readonly stored: StoredModel;
  /** The newest checkpoint was not whole; this is the one before it. */
  readonly older: boolean;
}

export type GenerationEvent =
  | {
      readonly type: 'text';
      /** What to append. Whole characters. */
      readonly text: string;
      readonly tokens: number;
    }
  /** The model goes on on another backend, since that failed or was asked for. */
  | ({ readonly type: 'backend' } & BackendChange);

export type GenerationCommand = { readonly type: 'stop' };

export interface GenerationResult {
  readonly reason: 'length' | 'stop-string' | 'aborted';
  readonly text: string;
  readonly tokens: number;
  readonly tokensPerSecond: number;
  /** Characters of the prompt that the model does not know; of words, how many. It took them for its unknown one. */
  readonly unknownCharacters: number;
}

/** What a piece of the reader's text came to. */
export interface LearningResult {
  /** Optimizer steps taken now. */
  readonly steps: number;
  /** Steps that are left of what was given so far: the next call goes on with them. */
  readonly stepsLeft: number;
  /** Mean loss of those taken, rehearsal included, in nats per token; null when there was none. */
  readonly loss: number | null;
  /** Characters given since the model was loaded or forgot. */
  readonly characters: number;
}

/** A token of a text, and how probable the model found it there. */
export interface TokenScore {
  /** As it stands in the text. */
  readonly text: string;
  /** ln p: 0 at most, in nats. */
  readonly logProbability: number;
}

/** How well a model knows a text. */
export interface Evaluation {
  /** Mean, in nats per token. */
  readonly loss: number;
  /** Tokens that the loss is the mean over, and the one that came first. */
  readonly tokens: number;
  /** Of this text: loss / ln 2 / charactersPerToken is bits per character. */
  readonly charactersPerToken: number;
  /** Characters that the tokenizer does not know; of words, how many. */
  readonly unknownCharacters: number;
}

/**
 * What can be done with texts beside writing them. A session, which is a text, is known by a number that its owner
 * chooses; one that is new starts from nothing. Ports take GenerationCommand and send nothing.
 */
export interface SessionApi {
  /** Takes back what a session read and wrote last, if it had `usage` tokens before that; otherwise nothing. */
  undo(session: number, usage: number): Promise<Reply<null>>;
  /** Has a session stand where another one stands. */
  copySession(from: number, to: number): Promise<Reply<null>>;
  /** Frees what is held for a session; at any time. */
  closeSession(session: number): Promise<Reply<null>>;
  /** Tokens that a session has read and written; at any time. */
  contextUsage(session: number): Promise<Reply<number>>;
  /** How many tokens a text has; at any time. */
  countTokens(text: string): Promise<Reply<number>>;
  /** Every token of a text, read on from where the session stands, which stays there. */
  score(session: number, text: string, port: MessagePort): Promise<Reply<readonly TokenScore[]>>;
  /** Over the last `fraction` of a text, from the zero state. */
  evaluate(corpus: CorpusSource, fraction: number, port: MessagePort): Promise<Reply<Evaluation>>;
  /** What `generate` makes of options; it refuses those that `generate` would refuse. At any time. */
  completeOptions(options: GenerationOptions): Promise<Reply<GenerationConfig>>;
  /** Frees the model and all sessions; another one can be loaded. */
  unloadModel(): Promise<Reply<null>>;
}

/** The commands of the worker. Those that do not say otherwise answer 'busy' while another one goes on. */
export interface WorkerApi extends SessionApi {
  /** A BackendChoice, for the next loading, writing or training, which refuses what is none. */
  setBackend(choice: string): Promise<Reply<null>>;
  /**
   * Reads a model file; on an error the model that was there stays. The buffer may be transferred. `tokenizer` is the
   * tokenizer.json or vocabulary file of a model by others.
   */
  loadModel(file: ArrayBuffer, tokenizer?: Uint8Array): Promise<Reply<ModelInfo>>;
  /** Fetches a model file from a URL and reads it. `port` receives { loaded, total } in bytes. */
  fetchModel(url: string, port: MessagePort): Promise<Reply<ModelInfo>>;
  /** The current model as a file, 'safetensors' and in its own precision unless said. The buffer is transferred. */
  exportModel(format?: ExportFormat, precision?: Precision): Promise<Reply<ArrayBuffer>>;
  info(): Promise<Reply<ModelInfo | null>>;
  /** Writes, on the text of session 0 unless told otherwise. `port` sends GenerationEvent, takes GenerationCommand. */
  generate(options: GenerationOptions, port: MessagePort, session?: number): Promise<Reply<GenerationResult>>;
  /** Forgets what was written in session 0: the recurrent state goes back to zero. */
  resetState(): Promise<Reply<null>>;
  /** Trains. `port` sends TrainingEvent, takes TrainingCommand. */
  train(request: TrainingRequest, port: MessagePort): Promise<Reply<TrainingResult>>;
  /** Makes the model that is kept under a name the current one; null when there is none. */
  openKept(name: string): Promise<Reply<OpenedModel | null>>;
  /** Goes on with the run that is kept under a name. `port` as in `train`. */
  resume(keep: KeepOptions, port: MessagePort): Promise<Reply<TrainingResult>>;
  stored(): Promise<Reply<Stored>>;
  /** Deletes what is kept under a name. */
  removeKept(name: string): Promise<Reply<null>>;
  /**
   * Learns a little from what the reader wrote. `port` takes a GenerationCommand; every other command stops it too, within a
   * step, and what is left is owed. The options are taken at the first call for a model.
   */
  learn(text: string, options: LearningOptions, port: MessagePort): Promise<Reply<LearningResult>>;
  /** Back to the model as it was before it learned anything from `learn`. */
  forget(): Promise<Reply<ModelInfo>>;
}

export interface DownloadEvent {
  readonly loaded: number;
  /** null when the server does not say. */
  readonly total: number | null;
}

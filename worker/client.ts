/**
 * The page's side of the wall: a model that lives in a Web Worker, as a class with promises, streams and abort signals.
 * Importing this file starts nothing and needs no DOM; the worker is started by the first call.
 */
import { transfer, type Remote } from 'comlink';
import type { BackendChange, BackendChoice } from '../core/backend.js';
import type { GenerationOptions } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import type { LearningOptions } from '../core/learning-config.js';
import type { ExportFormat } from '../core/file-formats.js';
import type { Precision } from '../core/precision.js';
import type {
  DownloadEvent,
  GenerationCommand,
  GenerationEvent,
  GenerationResult,
  LearningResult,
  ModelInfo,
  OpenedModel,
  Reply,
  TrainingCommand,
  TrainingEvent,
  TrainingRequest,
  TrainingResult,
  WorkerApi,
} from '../core/protocol.js';
import type { KeepOptions, Stored } from '../core/stored.js';
import { Connection, pageAddress, startWorker, type WorkerHandle, type WorkerScript } from './connection.js';
import { checkModelSize } from './download.js';

export interface ModelClientOptions {
  /** Where worker.js lies, if not in `worker/` beside this script. Another origin is allowed. */
  readonly workerUrl?: string | URL | null;
  /** 'auto' unless given. */
  readonly backend?: BackendChoice;
  /** Finds the worker in another way than by its address. */
  readonly start?: () => WorkerHandle;
}

export interface LoadHooks {
  readonly signal?: AbortSignal | undefined;
  readonly onDownload?: ((event: DownloadEvent) => void) | undefined;
}

export type TextEvent = Extract<GenerationEvent, { readonly type: 'text' }>;

export interface GenerationHooks {
  /** Stops within one token; the result then has the reason `aborted` and the text so far. */
  readonly signal?: AbortSignal | undefined;
  readonly onText?: ((event: TextEvent) => void) | undefined;
  /** The model goes on on another backend. */
  readonly onBackend?: ((change: BackendChange) => void) | undefined;
  /** Which text is meant, 0 unless given. */
  readonly session?: number | undefined;
}

export interface TrainingHooks {
  /** Stops within one step, as `stop()` does. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
}

export interface LearningHooks {
  /** Stops within one step. */
  readonly signal?: AbortSignal | undefined;
}

/** A run under way. The commands take effect at the next step and are harmless once it has ended. */
export interface TrainingRun {
  readonly result: Promise<TrainingResult>;
  pause(): void;
  resume(): void;
  /** Ends the run; its best weights become the current model and `result` resolves with the reason `stopped`. */
  stop(): void;
  /** Has a checkpoint written at once, where the run is kept. */
  save(): void;
}

const script: WorkerScript = {
  file: 'worker.js',
  start: () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }),
  remedy: 'Load the model again',
};

/** How long a training run's last events are waited for after its answer, in ms: they travel on another port. */
const stragglerTime = 20;

/** How long a port stays open after the answer, in ms: what was sent before it may still be on its way. */
const portLinger = 1000;

/**
 * One model in one worker. Every method rejects with an AdaptiveError: `busy` while another operation goes on, `worker`
 * when the worker died, be it since the last call (the next call starts a fresh one, which has no model yet),
 * `destroyed` after `destroy()`.
 */
export class ModelClient {
  readonly #start: () => WorkerHandle;
  #connection: Connection<WorkerApi> | null = null;
  #backend: BackendChoice;
  #destroyed = false;

  constructor({ workerUrl = null, backend = 'auto', start }: ModelClientOptions = {}) {
    this.#start = start ?? (() => startWorker(script, workerUrl));
    this.#backend = backend;
  }

  get backend(): BackendChoice {
    return this.#backend;
  }

  /**
   * Where models write and learn: `webgpu`, `wasm`, or with `auto` on the one that was measured to be faster. From the next
   * loading, writing or training on, which rejects with `invalid-option` if it is none of these. Where there is no WebGPU,
   * `webgpu` is WASM, and `ModelInfo.reason` says so.
   */
  set backend(choice: BackendChoice) {
    this.#backend = choice;
    this.#connection?.tell((api) => api.setBackend(choice));
  }

  /** Fetches a model file; a relative `url` is relative to the page. On an error the model that was there stays. */
  async load(url: string | URL, { signal, onDownload }: LoadHooks = {}): Promise<ModelInfo> {
    const address = pageUrl(url);
    if (signal?.aborted) throw aborted('Loading');
    return this.stream<DownloadEvent, GenerationCommand, ModelInfo>({
      ask: (api, port) => api.fetchModel(address, port),
      onEvent: onDownload,
      signal,
    }).result;
  }

  /**
   * Reads a model file that is at hand already: our own, or a language model of PyTorch in safetensors, whose ids
   * `tokenizer` (a tokenizer.json or a vocabulary) then gives a meaning.
   */
  async loadFile(file: Blob | ArrayBuffer, tokenizer?: Blob): Promise<ModelInfo> {
    if (tokenizer) checkModelSize('The tokenizer', tokenizer.size);
    const vocabulary = tokenizer && new Uint8Array(await readFile(tokenizer));
    if (file instanceof ArrayBuffer) return this.call((api) => api.loadModel(file, vocabulary));
    checkModelSize('The file', file.size);
    const bytes = await readFile(file);
    return this.call((api) => api.loadModel(transfer(bytes, [bytes]), vocabulary));
  }

  /**
   * The current model as a file: our own in safetensors, an ONNX graph of one token, or a PyTorch state dict; in its own
   * precision unless told otherwise.
   */
  async export(format: ExportFormat = 'safetensors', precision?: Precision): Promise<ArrayBuffer> {
    return this.call((api) => api.exportModel(format, precision));
  }

  /** What the current model is, or null while there is none. */
  async info(): Promise<ModelInfo | null> {
    return this.call((api) => api.info());
  }

  /** Forgets what was written: the recurrent state goes back to zero. */
  async resetState(): Promise<void> {
    await this.call((api) => api.resetState());
  }

  async generate(options: GenerationOptions, hooks: GenerationHooks = {}): Promise<GenerationResult> {
    const { signal, onText, onBackend, session } = hooks;
    if (signal?.aborted) {
      return { reason: 'aborted', text: '', tokens: 0, tokensPerSecond: 0, unknownCharacters: 0 };
    }
    let received = '';
    let open = true;
    const { result } = this.stream<GenerationEvent, GenerationCommand, GenerationResult>({
      ask: (api, port) => api.generate(options, port, session),
      onEvent: (event) => {
        if (!open) return;
        if (event.type === 'backend') {
          onBackend?.(event);
          return;
        }
        received += event.text;
        onText?.(event);
      },
      signal,
    });
    const answer = await result.finally(() => (open = false));
    // The answer and the text travel on different ports, and the last of the text may come second.
    if (answer.text.length > received.length && answer.text.startsWith(received)) {
      onText?.({ type: 'text', text: answer.text.slice(received.length), tokens: answer.tokens });
    }
    return answer;
  }

  train(request: TrainingRequest, hooks?: TrainingHooks): TrainingRun {
    return this.#run((api, port) => api.train(request, port), hooks);
  }

  /**
   * Makes the model that is kept under a name the current one and goes on with its run; rejects with `checkpoint` where there
   * is none, `in-use` where another tab writes it.
   */
  resume(keep: KeepOptions, hooks?: TrainingHooks): TrainingRun {
    return this.#run((api, port) => api.resume(keep, port), hooks);
  }

  /** Makes the model that is kept under a name the current one; null when there is none. */
  async openKept(name: string): Promise<OpenedModel | null> {
    return this.call((api) => api.openKept(name));
  }

  /** All that is kept here, with its bytes. */
  async stored(): Promise<Stored> {
    return this.call((api) => api.stored());
  }

  /** Deletes what is kept under a name; the current model stays. */
  async removeKept(name: string): Promise<void> {
    await this.call((api) => api.removeKept(name));
  }

  #run(
    ask: (api: Remote<WorkerApi>, port: MessagePort) => Promise<Reply<TrainingResult>>,
    { signal, onEvent }: TrainingHooks = {},
  ): TrainingRun {
    if (signal?.aborted) {
      const result = Promise.reject(aborted('Training'));
      return { result, pause() {}, resume() {}, stop() {}, save() {} };
    }
    const { result, send } = this.stream<TrainingEvent, TrainingCommand, TrainingResult>({
      ask,
      onEvent,
      signal,
    });
    return {
      result: result.then(async (answer) => {
        await new Promise((resolve) => setTimeout(resolve, stragglerTime));
        if (this.#destroyed) throw destroyed(); // the model of the answer is gone
        return answer;
      }),
      pause: () => send({ type: 'pause' }),
      resume: () => send({ type: 'resume' }),
      stop: () => send({ type: 'stop' }),
      save: () => send({ type: 'save' }),
    };
  }

  /**
   * Learns a little from `text`, which the reader wrote: a few optimizer steps, and some seconds more at the first call. Any
   * other call stops it within a step; what is left is owed, and the next call, be it with '', goes on. The options are
   * taken at the first call since a model was loaded, trained or forgot.
   */
  async learn(text: string, options: LearningOptions = {}, { signal }: LearningHooks = {}): Promise<LearningResult> {
    if (signal?.aborted) throw aborted('Learning');
    return this.stream<never, GenerationCommand, LearningResult>({
      ask: (api, port) => api.learn(text, options, port),
      onEvent: undefined,
      signal,
    }).result;
  }

  /** The model is again as it was before `learn`, to the bit. */
  async forget(): Promise<ModelInfo> {
    return this.call((api) => api.forget());
  }

  /** Ends the worker and frees its memory; what is under way rejects with `destroyed`. Twice is harmless. */
  destroy(): void {
    this.#destroyed = true;
    this.#connection?.end(destroyed());
    this.#connection = null;
  }

  /** Asks the worker for what this class has no method for. */
  async call<T>(ask: (api: Remote<WorkerApi>) => Promise<Reply<T>>): Promise<T> {
    if (this.#destroyed) throw destroyed();
    const news = this.#connection?.takeUntold();
    if (news) throw news;
    if (!this.#connection || this.#connection.ended) {
      this.#connection = new Connection(this.#start());
      this.#connection.tell((api) => api.setBackend(this.#backend));
    }
    return this.#connection.call(ask);
  }

  /** A call with a port of its own, on which events come and commands go. An abort is a stop command. */
  stream<Event, Command, Result>({
    ask,
    onEvent,
    signal,
  }: StreamingCall<Event, Result>): {
    result: Promise<Result>;
    send: (command: Command | GenerationCommand) => void;
  } {
    const { port1: ours, port2: theirs } = new MessageChannel();
    ours.onmessage = ({ data }: MessageEvent<Event>) => onEvent?.(data);
    const send = (command: Command | GenerationCommand): void => ours.postMessage(command);
    const stop = (): void => send({ type: 'stop' });
    signal?.addEventListener('abort', stop, { once: true });
    const result = this.call((api) => ask(api, transfer(theirs, [theirs]))).finally(() => {
      signal?.removeEventListener('abort', stop);
      setTimeout(() => ours.close(), portLinger);
    });
    return { result, send };
  }
}

interface StreamingCall<Event, Result> {
  readonly ask: (api: Remote<WorkerApi>, port: MessagePort) => Promise<Reply<Result>>;
  readonly onEvent?: ((event: Event) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

function pageUrl(url: string | URL): string {
  try {
    return new URL(url, pageAddress()).href;
  } catch (thrown) {
    throw new AdaptiveError('network', `“${String(url)}” is no address of a model file.`, {}, { cause: thrown });
  }
}

async function readFile(file: Blob): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch (thrown) {
    const message = 'The file could not be read. If it changed or moved since it was chosen, choose it again.';
    throw new AdaptiveError('disk', message, {}, { cause: thrown });
  }
}

function aborted(what: string): AdaptiveError {
  return new AdaptiveError('aborted', `${what} was stopped before it began.`);
}

function destroyed(): AdaptiveError {
  return new AdaptiveError('destroyed', 'The model was destroyed. Make a new ModelClient.');
}

/** A language model as a class, of the shape of the platform's own, that learns. No element, no page needed. */
import { AdaptiveError } from '../core/errors.js';
import type { ExportFormat } from '../core/file-formats.js';
import type { Evaluation, LearningResult, ModelInfo, TokenScore } from '../core/protocol.js';
import { corpusSource, trainingRequest, type CorpusInput } from '../core/training-request.js';
import { ModelClient } from '../worker/client.js';
import { availabilityOf, whileDownloading, type Availability } from './availability.js';
import { DownloadMonitor } from './download-monitor.js';
import { AdaptiveException } from './exceptions.js';
import { givenWorker } from './given-worker.js';
import {
  checkNames,
  known,
  refuse,
  type CreateOptions,
  type EvaluateOptions,
  type ExportOptions,
  type ImportOptions,
  type LearnOptions,
  type PromptOptions,
  type SamplingOptions,
  type SignalOption,
  type TrainRunOptions,
} from './options.js';
import { Session, type WritingHooks } from './session.js';
import { SharedModel, type TrainingMark } from './shared-model.js';
import { textStream } from './text-stream.js';
import { TrainingRun, type Begin } from './training-run.js';

/**
 * One text, a session, that a model writes: the model lives in a worker, which clones share, each with a recurrent state of
 * its own. What is asked for while something else goes on, in any of them, waits for its turn, first come, first served; while
 * one trains, it is refused.
 *
 * Whatever rejects does so with an AdaptiveException, a DOMException with the platform's names whose `cause` is an
 * AdaptiveError, or with the reason of the signal that was given. `InvalidStateError`: no model yet, training, destroyed.
 */
export class AdaptiveLM {
  /** Where 0 the likeliest token is taken; the larger, the wilder. */
  temperature: number;
  /** Only the k likeliest tokens are drawn; 0 for all. */
  topK: number;
  /** Only the likeliest tokens that make up this much are drawn: above 0, at most 1. */
  topP: number;
  /** The same seed, model and text before give the same text. Chosen at random unless given. */
  seed: number;

  readonly #model: SharedModel;
  readonly #session: Session;

  private constructor(model: SharedModel, sampling: Required<SamplingOptions>) {
    this.#model = model;
    this.#session = new Session(model);
    this.temperature = sampling.temperature;
    this.topK = sampling.topK;
    this.topP = sampling.topP;
    this.seed = sampling.seed;
  }

  /** What it takes to create one with these options. Asks no server. */
  static async availability(options: Pick<CreateOptions, 'src'> = {}): Promise<Availability> {
    checkNames(options, known.availability);
    return availabilityOf(options.src);
  }

  /**
   * A model from an address or a file, or none yet. The signal ends it also later, as `destroy` does.
   * @throws AdaptiveException NetworkError, DataError (no model file), NotSupportedError (an option, the platform), …
   */
  static async create(options: CreateOptions = {}): Promise<AdaptiveLM> {
    checkNames(options, known.create);
    const { src, file, signal, monitor, workerUrl, worker, backend, ...given } = options;
    if (src !== undefined && file !== undefined) throw refuse('Give src or file, not both.');
    if (worker !== undefined && workerUrl !== undefined) throw refuse('Give worker or workerUrl, not both.');
    signal?.throwIfAborted();
    const progress = new DownloadMonitor();
    monitor?.(progress);
    const client = new ModelClient({
      workerUrl: workerUrl ?? null,
      backend: backend ?? 'auto',
      ...(worker && { start: () => givenWorker(worker) }),
    });
    const model = new SharedModel(client, worker !== undefined);
    const begin = (): Promise<AdaptiveLM> =>
      model.turn([signal], async (stop) => {
        const sampling = await client.call((api) =>
          api.completeOptions({ ...given, seed: given.seed ?? randomSeed() }),
        );
        if (src !== undefined) {
          model.info = await client.load(src, {
            signal: stop,
            onDownload: ({ loaded, total }) => progress.tell(loaded, total),
          });
        } else if (file !== undefined) {
          model.info = await client.loadFile(file);
        }
        progress.finish();
        return new AdaptiveLM(model, sampling);
      });
    try {
      const created = await (src === undefined ? begin() : whileDownloading(src, begin));
      created.#session.endWith(signal);
      return created;
    } catch (thrown) {
      model.end();
      throw thrown;
    }
  }

  /** What the model is, or null while there is none. */
  get model(): ModelInfo | null {
    return this.#model.info;
  }

  /** Tokens that this session has read and written. 0 again once there is another model. */
  get contextUsage(): number {
    return this.#session.record.usage;
  }

  /** A recurrent state takes in any number of tokens. */
  get contextWindow(): number {
    return Infinity;
  }

  /** Reads `text` and writes on, and returns what it wrote. One that is given up leaves the session where it was. */
  async prompt(text: string, options: PromptOptions = {}): Promise<string> {
    return this.#write(text, options);
  }

  /**
   * The same, as it is written. Cancelling the stream gives up the prompt, as a signal does: to keep what was written
   * until then, `append` it.
   */
  promptStreaming(text: string, options: PromptOptions = {}): ReadableStream<string> {
    return textStream((hooks) => this.#write(text, options, hooks));
  }

  /** Reads `text` into the state and writes nothing. */
  async append(text: string, options: SignalOption = {}): Promise<void> {
    checkNames(options, known.signal);
    if (text !== '') await this.#write(text, { maxTokens: 0, signal: options.signal });
  }

  /** How many tokens a text would add. At any time, also while it trains. */
  async measureContextUsage(text: string, options: SignalOption = {}): Promise<number> {
    checkNames(options, known.signal);
    return this.#model.ask(this.#session.signals(options.signal), (api) => api.countTokens(text));
  }

  /**
   * How probable each token of `text` is where this session stands, as natural logarithms; it stays there. The first token of
   * a session that has nothing yet is scored as the first one of a line.
   */
  async score(text: string, options: SignalOption = {}): Promise<readonly TokenScore[]> {
    checkNames(options, known.signal);
    return this.#session.turn(options.signal, (stop) =>
      this.#model.stoppable(stop, (api, port) => api.score(this.#session.record.id, text, port)),
    );
  }

  /** The mean loss over a corpus of at least 100 characters, in nats per token, read from nothing. */
  async evaluate(corpus: string | Blob, options: EvaluateOptions = {}): Promise<Evaluation> {
    checkNames(options, known.evaluate);
    const { fraction = 1, documentSeparator, signal } = options;
    const source = { ...corpusSource(corpus), documentSeparator };
    return this.#session.turn(signal, (stop) =>
      this.#model.stoppable(stop, (api, port) => api.evaluate(source, fraction, port)),
    );
  }

  /**
   * Trains the model on a text, files or an address; without one, or with a `size` or a `tokenizer`, a new one, unless `continue` says
   * otherwise. Sessions go on where they stood when their model has learned more, and start from nothing when it is another.
   * A signal stops it too, and then the run rejects; what was learned is kept even so.
   */
  train(corpus: CorpusInput, options: TrainRunOptions = {}): TrainingRun {
    const { signal, onEvent, ...rest } = options;
    const mark: TrainingMark = { going: true };
    const end = (): void => void (mark.going = false);
    const begin: Begin = async (started, onProgress) =>
      this.#session.turn(
        signal,
        async (stop) => {
          stop.addEventListener('abort', end);
          const goOn = this.model !== null && rest.size === undefined && rest.tokenizer === undefined;
          const run = this.#model.client.train(trainingRequest(corpus, { continue: goOn, ...rest }), {
            signal: stop,
            onEvent: (event) => {
              if (event.type === 'progress') onProgress(event.progress);
              onEvent?.(event);
            },
          });
          started(run);
          const result = await run.result;
          // Also of a run that was given up: what it had learned is the model.
          if (result.model) await this.#model.replaced(result.model);
          return result;
        },
        { training: mark },
      );
    return new TrainingRun(begin, end);
  }

  /**
   * Learns a little from `text`, which its reader wrote, and rehearses what it knew; all sessions write with that. The first
   * call takes some seconds more. Whatever else is asked for comes first: this then resolves early, and the next call, be it
   * with '', goes on with the steps that are left. A signal stops it too, within a step; the text counts as given.
   */
  async learn(text: string, options: LearnOptions = {}): Promise<LearningResult> {
    const { signal, ...learning } = options;
    const signals = this.#session.signals(signal);
    const result = await this.#model.besides(signals, (api, port) => api.learn(text, learning, port));
    this.#model.info = await this.#model.ask(signals, (api) => api.info());
    return result;
  }

  /** The model as it was before it learned anything from `learn`, to the bit. Sessions stay where they stand. */
  async forget(): Promise<ModelInfo> {
    return this.#session.turn(undefined, async () => {
      const info = await this.#model.client.forget();
      await this.#model.replaced(info);
      return info;
    });
  }

  /** The model as a file, for `create` and `import`. */
  async save(): Promise<Blob> {
    return this.export('safetensors');
  }

  /** The model as a file for other tools, `onnx` or `pytorch`, or our own, in its own precision or in another. */
  async export(format: ExportFormat, options: ExportOptions = {}): Promise<Blob> {
    checkNames(options, known.export);
    return this.#session.turn(
      undefined,
      async () => new Blob([await this.#model.client.export(format, options.precision)], { type: fileType }),
    );
  }

  /** Makes the model in a file the current one, for all sessions, which start from nothing. On an error nothing changes. */
  async import(file: Blob | ArrayBuffer, options: ImportOptions = {}): Promise<ModelInfo> {
    checkNames(options, known.import);
    return this.#session.turn(undefined, async () => {
      const info = await this.#model.client.loadFile(file, options.tokenizer);
      await this.#model.replaced(info);
      return info;
    });
  }

  /** Another session that stands where this one stands, with the same settings. It costs a copy of the state: kilobytes. */
  async clone(options: SignalOption = {}): Promise<AdaptiveLM> {
    checkNames(options, known.signal);
    const clone = await this.#session.turn(options.signal, async (stop) => {
      const copy = new AdaptiveLM(this.#model, this);
      try {
        await this.#model.client.call((api) => api.copySession(this.#session.record.id, copy.#session.record.id));
        copy.#session.record.usage = this.#session.record.usage;
        stop.throwIfAborted();
        return copy;
      } catch (thrown) {
        copy.destroy();
        throw thrown;
      }
    });
    clone.#session.endWith(options.signal);
    return clone;
  }

  /**
   * Ends this session: what it has under way rejects with an AbortError, what is asked for later with an InvalidStateError. With
   * the last session of a model its worker ends. Twice is harmless.
   */
  destroy(): void {
    this.#session.end(new AdaptiveException(new AdaptiveError('aborted', 'The session was destroyed.')));
  }

  async #write(text: string, options: PromptOptions, hooks: WritingHooks = {}): Promise<string> {
    checkNames(options, known.prompt);
    const { signal, ...given } = options;
    const { temperature, topK, topP, seed } = this;
    return this.#session.write({ temperature, topK, topP, seed, ...given, prompt: text }, { ...hooks, signal });
  }
}

const fileType = 'application/octet-stream';

function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
}

/**
 * Everything the worker can do, without the wall: a page reaches it through `endpoint.ts`, Node uses it as it is.
 * One operation at a time; a second one is refused as `busy` and does not disturb the first.
 */
import type { BackendChoice } from '../core/backend.js';
import { parseGenerationConfig, type GenerationOptions } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import type { CorpusSource } from '../core/corpus.js';
import { parseLearningConfig, type LearningOptions } from '../core/learning-config.js';
import { checkPrecision, type ExportFormat } from '../core/file-formats.js';
import type { Precision } from '../core/precision.js';
import type {
  DownloadEvent,
  Evaluation,
  GenerationResult,
  LearningResult,
  ModelInfo,
  OpenedModel,
  TokenScore,
  TrainingRequest,
  TrainingResult,
} from '../core/protocol.js';
import { parseKeepOptions, type KeepOptions, type Stored } from '../core/stored.js';
import type { Modules } from './assets.js';
import type { BackendOptions } from './backends.js';
import type { CorpusStore } from './corpus/read-corpus.js';
import { CurrentModel } from './current-model.js';
import { download } from './download.js';
import { encodeModelFile } from './files/model-file.js';
import { exchange, readModel } from './files/read-model.js';
import type { GenerationListener } from './generator.js';
import { keptModel } from './keeping.js';
import { readingCode } from './reading-code.js';
import type { ModelStore } from './storage/model-store.js';
import { createTokenizer } from './text/tokenizers.js';
import { Training, type TrainingHooks } from './training.js';
import { Turns } from './turns.js';
import { Validator } from './validator.js';

export interface RuntimeOptions extends BackendOptions {
  /** Where models write and learn; 'auto' unless given. */
  readonly backend?: BackendChoice;
  /** Where tokens of texts are kept that are too many for memory; nowhere unless given. */
  readonly corpora?: CorpusStore;
  /** Where models are kept; called when something is to be. Nothing can be kept unless given. */
  readonly store?: () => Promise<ModelStore>;
}

export class Runtime {
  readonly #model: CurrentModel;
  readonly #training: Training;
  readonly #corpora: CorpusStore | undefined;
  readonly #openStore: (() => Promise<ModelStore>) | undefined;
  readonly #turns = new Turns();
  #destroyed = false;

  /** `modules` is called once, at the first operation that needs them, and again if it failed. */
  constructor(modules: () => Promise<Modules>, { backend = 'auto', corpora, store, ...options }: RuntimeOptions = {}) {
    this.#corpora = corpora;
    this.#openStore = store;
    this.#model = new CurrentModel(modules, backend, options);
    this.#training = new Training(this.#model, () => this.#store(), corpora);
  }

  /**
   * Where models write and learn from the next loading, writing or training on; that refuses a name that is none. A model
   * that is there moves when it writes next, with its state.
   */
  set backend(choice: string) {
    this.#model.choice = choice;
  }

  get info(): ModelInfo | null {
    return this.#model.info;
  }

  /**
   * Makes the model in a file the current one. On an error the model that was there stays. A model of PyTorch may come too;
   * `tokenizer` is then a tokenizer.json or a vocabulary file that says what its ids mean.
   */
  load(file: ArrayBuffer | Uint8Array, tokenizer?: Uint8Array): Promise<ModelInfo> {
    return this.#alone('loading', () => this.#load(file, tokenizer));
  }

  fetch(url: string, onDownload: (event: DownloadEvent) => void, signal?: AbortSignal): Promise<ModelInfo> {
    return this.#alone('loading', async () => {
      this.#model.checkBackend();
      return this.#load(await download(url, onDownload, signal));
    });
  }

  /** The current model as a file, in its own precision unless told otherwise. */
  export(precision?: Precision, format: ExportFormat = 'safetensors'): Promise<ArrayBuffer> {
    return this.#alone('saving', async () => {
      if (precision !== undefined) checkPrecision(format, precision);
      const { tokenizer, ...model } = await this.#model.current().engine.model();
      const content = { ...model, tokenizer: tokenizer.spec, precision: precision ?? model.precision ?? 'f32' };
      return format === 'safetensors' ? encodeModelFile(content) : (await exchange()).encodeAs(format, content);
    });
  }

  generate(options: GenerationOptions, listener: GenerationListener = {}, session = 0): Promise<GenerationResult> {
    return this.#alone('writing', async () => {
      const config = parseGenerationConfig(options);
      await this.#model.move(listener);
      const text = await this.#model.current().at(session, listener);
      return text.generate(config, listener);
    });
  }

  resetState(): Promise<void> {
    return this.#alone('writing', async () => this.#model.current().close(0));
  }

  /** Takes back what a session read and wrote last, if it had `usage` tokens before that. */
  undo(session: number, usage: number): Promise<void> {
    return this.#alone('writing', async () => this.#model.sessions?.undo(session, usage));
  }

  /** ln p of each token of `text`, as if the session went on with it; it stays where it is. */
  score(text: string, listener: GenerationListener = {}, session = 0): Promise<readonly TokenScore[]> {
    return this.#alone('scoring', async () => {
      await this.#model.move(listener);
      return (await this.#model.current().at(session, listener)).score(text, listener);
    });
  }

  /** Has session `to` stand where `from` stands. Without a model both stand at nothing. */
  copySession(from: number, to: number): Promise<void> {
    return this.#alone('copying a text', async () => this.#model.sessions?.copy(from, to));
  }

  closeSession(session: number): void {
    this.#model.sessions?.close(session);
  }

  contextUsage(session: number): number {
    return this.#model.sessions?.usage(session) ?? 0;
  }

  countTokens(text: string): number {
    return this.#model.current().engine.tokenizer.encode(text).length;
  }

  /** As `Training.begin`. */
  train(request: TrainingRequest, hooks: TrainingHooks): Promise<TrainingResult> {
    return this.#alone('training', () => this.#training.begin(request, hooks));
  }

  /** As `Training.resume`. */
  resume(keep: KeepOptions, hooks: TrainingHooks): Promise<TrainingResult> {
    return this.#alone('training', () => this.#training.resume(keep, hooks));
  }

  /** Makes the model that is kept under a name the current one. null when there is none; the one that was there stays. */
  openKept(name: string): Promise<OpenedModel | null> {
    return this.#alone('loading', async () => {
      this.#model.checkBackend();
      const store = await this.#store();
      const opened = await store.open(parseKeepOptions({ name }).name);
      const stored = opened && (await store.find(name));
      if (!stored) return null;
      const { text } = await this.#model.modules();
      const engine = await this.#model.place(keptModel(text, opened.checkpoint));
      this.#model.use(engine);
      return { model: engine.info, stored, older: opened.older };
    });
  }

  /** All that is kept. Also while something is under way. */
  async stored(): Promise<Stored> {
    const store = await this.#store();
    return { kind: store.kind, models: await store.list() };
  }

  /** Deletes what is kept under a name; the current model stays. @throws AdaptiveError 'in-use' */
  async removeKept(name: string): Promise<void> {
    await (await this.#store()).remove(parseKeepOptions({ name }).name);
  }

  #store(): Promise<ModelStore> {
    if (this.#openStore) return this.#openStore();
    throw new AdaptiveError('unsupported', 'Nothing is kept here: the runtime was made without a store.');
  }

  /**
   * Takes a piece of the reader's text, and the optimizer steps that it is worth. Whatever else is asked for meanwhile stops it
   * within a step. `options` are taken at the first call for a model; training or loading makes what was learned part of it.
   */
  learn(text: string, options: LearningOptions = {}, signal?: AbortSignal): Promise<LearningResult> {
    return this.#turns.takeYielding('learning', async (wanted) => {
      this.#checkAlive();
      const config = parseLearningConfig(options);
      return this.#model.learn(text, config, () => signal?.aborted === true || wanted());
    });
  }

  /** The current model as it was before `learn`, and its texts where they stand. Without anything learned it stays as it is. */
  forget(): Promise<ModelInfo> {
    return this.#alone('forgetting', () => this.#model.forget());
  }

  /**
   * Mean loss of the current model over the last `fraction` of a text, read as one stream from the zero state, with the
   * kernels that it writes with.
   */
  evaluate(source: CorpusSource, fraction: number, signal?: AbortSignal): Promise<Evaluation> {
    return this.#alone('evaluating', async () => {
      const { text } = await this.#model.modules();
      const { engine } = this.#model.current();
      const { evaluationSteps, prepareEvaluation } = await readingCode();
      const data = await prepareEvaluation(text, source, fraction, engine.tokenizer.spec, this.#corpora);
      try {
        const { executor, config, loadOptions } = engine;
        const validator = await Validator.create(executor, config, data.tokens, evaluationSteps, loadOptions);
        const loss = await validator.run(() => signal?.aborted === true).finally(() => validator.unload());
        if (loss === null) throw new AdaptiveError('aborted', 'The evaluation was stopped.');
        return { ...data.counts, loss };
      } finally {
        await data.close();
      }
    });
  }

  /** A title for the current model, kept in its file. */
  setTitle(title: string): void {
    this.#model.current().engine.title = title;
  }

  /** Frees the model and its sessions. Another one can be loaded. */
  unload(): Promise<void> {
    return this.#alone('ending', async () => this.#model.drop());
  }

  /** Frees everything. Twice is harmless. */
  destroy(): void {
    this.#destroyed = true;
    this.#model.destroy();
  }

  async #load(file: ArrayBuffer | Uint8Array, tokenizerFile?: Uint8Array): Promise<ModelInfo> {
    this.#model.checkBackend();
    const { text } = await this.#model.modules();
    const { tokenizer, ...model } = await readModel(file, tokenizerFile);
    const engine = await this.#model.place({ ...model, tokenizer: createTokenizer(text, tokenizer) });
    this.#model.use(engine);
    return engine.info;
  }

  #alone<T>(operation: string, work: () => Promise<T>): Promise<T> {
    return this.#turns.take(operation, async () => {
      this.#checkAlive();
      return work();
    });
  }

  #checkAlive(): void {
    if (this.#destroyed) throw new AdaptiveError('destroyed', 'The model was destroyed. Make a new one.');
  }
}

/**
 * Everything the worker can do, without the wall: a page reaches it through `endpoint.ts`, Node uses it as it is.
 * One operation at a time; a second one is refused as `busy` and does not disturb the first.
 */
import type { BackendChoice } from '../core/backend.js';
import { parseBackendChoice, parseGenerationConfig, type GenerationOptions } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import type { CorpusSource } from '../core/corpus.js';
import { parseLearningConfig, type LearningOptions } from '../core/learning-config.js';
import type { ExportFormat } from '../core/file-formats.js';
import type { Precision } from '../core/precision.js';
import type {
  DownloadEvent,
  Evaluation,
  GenerationResult,
  LearningResult,
  ModelInfo,
  OpenedModel,
  TokenScore,
  TrainingEvent,
  TrainingRequest,
  TrainingResult,
} from '../core/protocol.js';
import type { RunText } from '../core/run-record.js';
import { parseKeepOptions, type KeepOptions, type Stored } from '../core/stored.js';
import type { Modules } from './assets.js';
import { Backends, type BackendOptions } from './backends.js';
import type { CorpusStore } from './corpus/read-corpus.js';
import { download } from './download.js';
import { Engine, type EngineModel } from './engine.js';
import { encodeModelFile } from './files/model-file.js';
import { exchange, readModel } from './files/read-model.js';
import type { GenerationListener } from './generator.js';
import { Keeping, runText } from './keeping.js';
import { Learning } from './learning/learning.js';
import { newModel } from './new-model.js';
import { Sessions } from './sessions.js';
import type { Checkpoint, CheckpointRun } from './storage/checkpoint.js';
import type { ModelStore } from './storage/model-store.js';
import { createTokenizer } from './text/tokenizers.js';
import type { TrainingData } from './training-data.js';
import type { TrainingControl } from './training-control.js';
import { TrainingSession } from './training-session.js';
import { Turns } from './turns.js';
import { Validator } from './validator.js';

export interface TrainingHooks {
  readonly onEvent: (event: TrainingEvent) => void;
  readonly control: TrainingControl;
}

/** A run, and what it goes on from. */
interface Lesson extends TrainingHooks {
  readonly samplePrompt: string;
  readonly engine: Engine;
  /** The current model, if it is the one that learns. */
  readonly continued: Sessions | null;
  /** Whether the model had been trained before the run. */
  readonly hadLearned: boolean;
  readonly keeping: Keeping | null;
  readonly text: RunText;
  readonly interrupted: CheckpointRun | null;
}

export interface RuntimeOptions extends BackendOptions {
  /** Where models write and learn; 'auto' unless given. */
  readonly backend?: BackendChoice;
  /** Where tokens of texts are kept that are too many for memory; nowhere unless given. */
  readonly corpora?: CorpusStore;
  /** Where models are kept; called when something is to be. Nothing can be kept unless given. */
  readonly store?: () => Promise<ModelStore>;
}

export class Runtime {
  readonly #backends: Backends;
  readonly #modules: () => Promise<Modules>;
  readonly #corpora: CorpusStore | undefined;
  readonly #openStore: (() => Promise<ModelStore>) | undefined;
  #choice: string;
  #loaded: Promise<Modules> | null = null;
  #sessions: Sessions | null = null;
  readonly #turns = new Turns();
  /** The model that is being trained, and bytes that its run holds beside it. */
  #run: { readonly engine: Engine; readonly bytes: number } | null = null;
  #learning: Learning | null = null;
  #destroyed = false;

  /** `modules` is called once, at the first operation that needs them, and again if it failed. */
  constructor(modules: () => Promise<Modules>, { backend = 'auto', corpora, store, ...options }: RuntimeOptions = {}) {
    this.#modules = modules;
    this.#corpora = corpora;
    this.#openStore = store;
    this.#choice = backend;
    this.#backends = new Backends(() => this.#ready(), options);
  }

  /**
   * Where models write and learn from the next loading, writing or training on; that refuses a name that is none. A model
   * that is there moves when it writes next, with its state.
   */
  set backend(choice: string) {
    this.#choice = choice;
  }

  get info(): ModelInfo | null {
    return this.#sessions && this.#infoOf(this.#sessions.engine);
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
      this.#checkBackend();
      return this.#load(await download(url, onDownload, signal));
    });
  }

  /** The current model as a file, in its own precision unless told otherwise. */
  export(precision?: Precision, format: ExportFormat = 'safetensors'): Promise<ArrayBuffer> {
    return this.#alone('saving', async () => {
      const { tokenizer, ...model } = await this.#current().engine.model();
      const content = { ...model, tokenizer: tokenizer.spec, precision: precision ?? model.precision ?? 'f32' };
      return format === 'safetensors' ? encodeModelFile(content) : (await exchange()).encodeAs(format, content);
    });
  }

  generate(options: GenerationOptions, listener: GenerationListener = {}, session = 0): Promise<GenerationResult> {
    return this.#alone('writing', async () => {
      const config = parseGenerationConfig(options);
      await this.#move(listener);
      const text = await this.#current().at(session, listener);
      return text.generate(config, listener);
    });
  }

  resetState(): Promise<void> {
    return this.#alone('writing', async () => this.#current().close(0));
  }

  /** Takes back what a session read and wrote last, if it had `usage` tokens before that. */
  undo(session: number, usage: number): Promise<void> {
    return this.#alone('writing', async () => this.#sessions?.undo(session, usage));
  }

  /** ln p of each token of `text`, as if the session went on with it; it stays where it is. */
  score(text: string, listener: GenerationListener = {}, session = 0): Promise<readonly TokenScore[]> {
    return this.#alone('scoring', async () => {
      await this.#move(listener);
      return (await this.#current().at(session, listener)).score(text, listener);
    });
  }

  /** Has session `to` stand where `from` stands. Without a model both stand at nothing. */
  copySession(from: number, to: number): Promise<void> {
    return this.#alone('copying a text', async () => this.#sessions?.copy(from, to));
  }

  closeSession(session: number): void {
    this.#sessions?.close(session);
  }

  contextUsage(session: number): number {
    return this.#sessions?.usage(session) ?? 0;
  }

  countTokens(text: string): number {
    return this.#current().engine.tokenizer.encode(text).length;
  }

  /**
   * Trains. Afterwards the trained model is the current one: unless not even one step was done, or there was a model
   * before and the run came apart before it had anything better than the noise that it began with. A model that went on
   * learning goes on writing where it was.
   */
  train(request: TrainingRequest, hooks: TrainingHooks): Promise<TrainingResult> {
    return this.#alone('training', async () => {
      this.#checkBackend();
      const continued = request.start.kind === 'continue' ? this.#current() : null;
      return this.#keeping(request.keep, async (asked) => {
        const data = await this.#readCorpus(request, continued, hooks);
        if (!data) return { reason: 'stopped', message: '', progress: null, model: this.info };
        return this.#trainOn(data, async () => ({
          ...hooks,
          engine: continued?.engine ?? (await this.#createEngine(newModel(request, data.tokenizer))),
          samplePrompt: request.samplePrompt,
          continued,
          hadLearned: continued !== null,
          keeping: (await asked?.keepText(data, hooks.onEvent)) ? asked : null,
          text: runText(data, request.corpus),
          interrupted: null,
        }));
      });
    });
  }

  /**
   * Makes the model that is kept under a name the current one, and goes on with its run where that was interrupted. What
   * its losses are then does not depend on the interruption.
   * @throws AdaptiveError 'checkpoint' when there is nothing to go on with, 'in-use'
   */
  resume(keep: KeepOptions, hooks: TrainingHooks): Promise<TrainingResult> {
    return this.#alone('training', async () => {
      this.#checkBackend();
      return this.#keeping(keep, async (keeping) => {
        const kept = (await keeping?.store.open(keep.name))?.checkpoint;
        if (!keeping || !kept?.run) throw nothingToResume(keep.name);
        const { record } = kept.run;
        const continued = this.#use(await this.#createKept(kept));
        const { engine } = continued;
        const { text } = await this.#ready();
        const { reopenTraining } = await readingCode();
        const data = await reopenTraining(text, record, engine.tokenizer, keeping.store.shelf);
        return this.#trainOn(data, async () => ({
          ...hooks,
          engine,
          samplePrompt: record.samplePrompt,
          continued,
          hadLearned: record.continued,
          keeping,
          text: record.corpus,
          interrupted: kept.run,
        }));
      });
    });
  }

  /** Makes the model that is kept under a name the current one. null when there is none; the one that was there stays. */
  openKept(name: string): Promise<OpenedModel | null> {
    return this.#alone('loading', async () => {
      this.#checkBackend();
      const store = await this.#store();
      const opened = await store.open(parseKeepOptions({ name }).name);
      const stored = opened && (await store.find(name));
      if (!stored) return null;
      const engine = await this.#createKept(opened.checkpoint);
      this.#use(engine);
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

  /** Runs `work` with the right to keep under a name, if anything is to be kept. */
  async #keeping<T>(options: KeepOptions | undefined, work: (keeping: Keeping | null) => Promise<T>): Promise<T> {
    if (!options) return work(null);
    const keeping = await Keeping.begin(await this.#store(), options);
    try {
      return await work(keeping);
    } finally {
      keeping.end();
    }
  }

  #store(): Promise<ModelStore> {
    if (this.#openStore) return this.#openStore();
    throw new AdaptiveError('unsupported', 'Nothing is kept here: the runtime was made without a store.');
  }

  async #createKept({ model, tokenizer, ...rest }: Checkpoint): Promise<Engine> {
    const { text } = await this.#ready();
    return this.#createEngine({ ...rest, parameters: model, tokenizer: createTokenizer(text, tokenizer) });
  }

  /** What a run learns from; null when it was stopped before that was read. */
  async #readCorpus(
    request: TrainingRequest,
    continued: Sessions | null,
    { onEvent, control }: TrainingHooks,
  ): Promise<TrainingData | null> {
    const { text } = await this.#ready();
    const { prepareTraining } = await readingCode();
    try {
      return await prepareTraining(text, request, continued?.engine.tokenizer ?? null, this.#corpora, {
        onProgress: (progress) => onEvent({ type: 'reading', ...progress }),
        stopped: () => control.stopped,
      });
    } catch (thrown) {
      if (thrown instanceof AdaptiveError && thrown.code === 'aborted') return null;
      throw thrown;
    }
  }

  /** Does a run, and closes its text. */
  async #trainOn(data: TrainingData, prepare: () => Promise<Lesson>): Promise<TrainingResult> {
    try {
      return await this.#follow(data, await prepare());
    } finally {
      await data.corpus.tokens.close();
    }
  }

  async #follow(data: TrainingData, lesson: Lesson): Promise<TrainingResult> {
    const { samplePrompt, engine, continued, hadLearned, keeping, interrupted, onEvent, control } = lesson;
    await continued?.save();
    if (continued) this.#endLearning();
    try {
      const { unknownCharacters, trainingTokens, validationTokens, bytes, report, ...rest } = data;
      const keeper = keeping?.keeper(engine.layout.length, onEvent);
      const session = await TrainingSession.create(
        {
          ...rest,
          engine,
          backends: this.#backends,
          choice: this.#checkBackend(),
          continued: hadLearned,
          samplePrompt,
          onEvent,
          control,
          keeping: keeper ? { keeper, corpus: lesson.text } : null,
        },
        interrupted,
      );
      this.#run = { engine, bytes: bytes + session.bytes };
      onEvent({
        type: 'started',
        model: this.#infoOf(engine),
        ...session.place,
        totalSteps: data.plan.totalSteps,
        trainingTokens,
        validationTokens,
        unknownCharacters,
        corpus: report,
        ...(interrupted ? { past: session.past } : {}),
        ...(keeping ? { storage: keeping.store.kind } : {}),
      });
      const outcome = await session.run();
      const { progress } = session;
      const learned = progress.step > 0 && (session.keptAny || this.#sessions === null);
      if (!continued && learned) this.#use(engine);
      this.#run = null;
      const model = this.info ?? engine.info;
      return { ...outcome, progress: progress.step > 0 ? progress : null, model };
    } finally {
      this.#run = null;
      if (engine !== this.#sessions?.engine) engine.destroy();
      // The samples were other texts.
      continued?.resume();
    }
  }

  /**
   * Takes a piece of the reader's text, and the optimizer steps that it is worth. Whatever else is asked for meanwhile stops it
   * within a step. `options` are taken at the first call for a model; training or loading makes what was learned part of it.
   */
  learn(text: string, options: LearningOptions = {}, signal?: AbortSignal): Promise<LearningResult> {
    return this.#turns.takeYielding('learning', async (wanted) => {
      this.#checkAlive();
      const config = parseLearningConfig(options);
      const sessions = this.#current();
      await sessions.save();
      this.#learning ??= await Learning.begin(sessions.engine, config, this.#backends);
      try {
        return await this.#learning.learn(text, () => signal?.aborted === true || wanted());
      } finally {
        sessions.resume(); // rehearsal was another text
      }
    });
  }

  /** The current model as it was before `learn`, and its texts where they stand. Without anything learned it stays as it is. */
  forget(): Promise<ModelInfo> {
    return this.#alone('forgetting', async () => {
      const sessions = this.#current();
      if (!this.#learning) return this.#infoOf(sessions.engine);
      const places = await sessions.save();
      const engine = await this.#createEngine(this.#learning.base);
      this.#use(engine).restore(places);
      return this.#infoOf(engine);
    });
  }

  /**
   * Mean loss of the current model over the last `fraction` of a text, read as one stream from the zero state, with the
   * kernels that it writes with.
   */
  evaluate(source: CorpusSource, fraction: number, signal?: AbortSignal): Promise<Evaluation> {
    return this.#alone('evaluating', async () => {
      const { text } = await this.#ready();
      const { engine } = this.#current();
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
    this.#current().engine.title = title;
  }

  /** Frees the model and its sessions. Another one can be loaded. */
  unload(): Promise<void> {
    return this.#alone('ending', async () => this.#drop());
  }

  /** Frees everything. Twice is harmless. */
  destroy(): void {
    this.#destroyed = true;
    this.#backends.close();
    this.#drop();
  }

  #drop(): void {
    this.#endLearning();
    this.#sessions?.engine.destroy();
    this.#sessions = null;
  }

  async #load(file: ArrayBuffer | Uint8Array, tokenizerFile?: Uint8Array): Promise<ModelInfo> {
    this.#checkBackend();
    const { text } = await this.#ready();
    const { tokenizer, ...model } = await readModel(file, tokenizerFile);
    const engine = await this.#createEngine({ ...model, tokenizer: createTokenizer(text, tokenizer) });
    this.#use(engine);
    return engine.info;
  }

  async #createEngine(model: EngineModel): Promise<Engine> {
    return Engine.place(this.#backends, this.#checkBackend(), model);
  }

  /** Has the model where it should be by now, with the states that its texts have come to. */
  async #move({ onBackend }: GenerationListener): Promise<void> {
    const sessions = this.#current();
    const { engine } = sessions;
    if (engine.choice === this.#choice) return;
    const places = await sessions.save();
    const moved = await this.#createEngine(await engine.model());
    const learning = this.#learning;
    this.#learning = null;
    this.#use(moved).restore(places);
    learning?.moveTo(moved);
    this.#learning = learning;
    const [from, to] = [engine.info.backend, moved.info.backend];
    if (from !== to) onBackend?.({ from, to, reason: moved.info.reason, message: '' });
  }

  #infoOf(engine: Engine): ModelInfo {
    const held = new Set([engine, this.#sessions?.engine, this.#run?.engine]);
    const beside = [this.#run, this.#sessions, this.#learning];
    const bytes = [...held, ...beside].reduce((sum, each) => sum + (each?.bytes ?? 0), 0);
    return { ...engine.info, bytes };
  }

  /** @throws AdaptiveError 'invalid-option' */
  #checkBackend(): BackendChoice {
    return parseBackendChoice(this.#choice);
  }

  /** Makes a model the current one. All sessions start from nothing. */
  #use(engine: Engine): Sessions {
    this.#endLearning();
    this.#sessions?.engine.destroy();
    return (this.#sessions = new Sessions(engine));
  }

  /** What was learned is part of the model from now on. */
  #endLearning(): void {
    this.#learning?.destroy();
    this.#learning = null;
  }

  #current(): Sessions {
    if (!this.#sessions) {
      throw new AdaptiveError('no-model', 'There is no model yet. Load a model file, or train one on a text.');
    }
    return this.#sessions;
  }

  #ready(): Promise<Modules> {
    this.#loaded ??= this.#modules();
    this.#loaded.catch(() => {
      this.#loaded = null;
    });
    return this.#loaded;
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

function nothingToResume(name: string): AdaptiveError {
  return new AdaptiveError(
    'checkpoint',
    `There is no run under “${name}” that could go on: it has ended, or was never begun. Train anew.`,
    { name, reason: 'nothing' },
  );
}

/** Texts are read only where something is to be learned: most who write never fetch this. */
function readingCode() {
  return import('./training-data.js');
}

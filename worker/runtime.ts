/**
 * Everything the worker can do, without the wall: a page reaches it through `endpoint.ts`, Node uses it as it is.
 * One operation at a time; a second one is refused as `busy` and does not disturb the first.
 */
import type { BackendChoice } from '../core/backend.js';
import { parseBackendChoice, parseGenerationConfig, type GenerationOptions } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import type { ExportFormat } from '../core/file-formats.js';
import type { Precision } from '../core/precision.js';
import type {
  CorpusSource,
  DownloadEvent,
  GenerationResult,
  ModelInfo,
  OpenedModel,
  TrainingEvent,
  TrainingRequest,
  TrainingResult,
} from '../core/protocol.js';
import type { CorpusRecord } from '../core/run-record.js';
import { parseKeepOptions, type KeepOptions, type Stored } from '../core/stored.js';
import type { Modules } from './assets.js';
import { Backends, type BackendOptions } from './backends.js';
import { download } from './download.js';
import { Engine, type EngineModel } from './engine.js';
import { encodeModelFile } from './files/model-file.js';
import { exchange, readModel } from './files/read-model.js';
import { Generator, type GenerationListener } from './generator.js';
import { corpusRecord, Keeping } from './keeping.js';
import { newModel } from './new-model.js';
import { createTokenizer } from './text/tokenizers.js';
import type { Checkpoint, CheckpointRun } from './storage/checkpoint.js';
import type { ModelStore } from './storage/model-store.js';
import {
  evaluationSteps,
  prepareEvaluation,
  prepareTraining,
  reopenTraining,
  type EvaluationCounts,
  type TrainingData,
} from './training-data.js';
import type { TrainingControl } from './training-control.js';
import { TrainingSession } from './training-session.js';
import { Validator } from './validator.js';

export interface TrainingHooks {
  readonly onEvent: (event: TrainingEvent) => void;
  readonly control: TrainingControl;
}

export interface Evaluation extends EvaluationCounts {
  /** Nats per token. */
  readonly loss: number;
}

export interface RuntimeOptions extends BackendOptions {
  /** Where models write and learn; 'auto' unless given. */
  readonly backend?: BackendChoice;
  /** Where models are kept; called when something is to be. Nothing can be kept unless given. */
  readonly store?: () => Promise<ModelStore>;
}

/** A run to be done, new or interrupted. */
interface LearningOrder extends TrainingHooks {
  readonly data: TrainingData;
  readonly corpus: CorpusRecord;
  readonly keeping: Keeping | null;
  /** The current model, if it is the one that learns. */
  readonly continued: Generator | null;
  readonly engine: Engine;
  /** Whether the model had been trained before the run. */
  readonly hadLearned: boolean;
  readonly samplePrompt: string;
  readonly interrupted: CheckpointRun | null;
}

export class Runtime {
  readonly #backends: Backends;
  readonly #modules: () => Promise<Modules>;
  readonly #openStore: (() => Promise<ModelStore>) | undefined;
  #choice: string;
  #loaded: Promise<Modules> | null = null;
  #generator: Generator | null = null;
  #busyWith: string | null = null;
  /** The model that is being trained, and bytes that its run holds beside it. */
  #run: { readonly engine: Engine; readonly bytes: number } | null = null;
  #destroyed = false;

  /** `modules` is called once, at the first operation that needs them, and again if it failed. */
  constructor(modules: () => Promise<Modules>, { backend = 'auto', store, ...options }: RuntimeOptions = {}) {
    this.#modules = modules;
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
    return this.#generator && this.#infoOf(this.#generator.engine);
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

  generate(options: GenerationOptions, listener: GenerationListener = {}): Promise<GenerationResult> {
    return this.#alone('writing', async () => {
      const config = parseGenerationConfig(options);
      await this.#move(listener);
      return this.#current().generate(config, listener);
    });
  }

  resetState(): Promise<void> {
    return this.#alone('writing', async () => {
      this.#current().reset();
    });
  }

  /**
   * Trains. Afterwards the trained model is the current one: unless not even one step was done, or there was a model
   * before and the run came apart before it had anything better than the noise that it began with. A model that went on
   * learning goes on writing where it was.
   */
  train(request: TrainingRequest, hooks: TrainingHooks): Promise<TrainingResult> {
    return this.#alone('training', async () => {
      this.#checkBackend();
      const { text } = await this.#ready();
      const continued = request.start.kind === 'continue' ? this.#current() : null;
      return this.#keeping(request.keep, async (keeping) => {
        const data = await prepareTraining(text, request, continued?.engine.tokenizer ?? null);
        const corpus = keeping ? await keeping.keepText(data, hooks.onEvent) : null;
        return this.#learn({
          ...hooks,
          data,
          corpus: corpusRecord(data, corpus ?? ''),
          keeping: corpus === null ? null : keeping,
          continued,
          engine: continued?.engine ?? (await this.#createEngine(newModel(request, data.tokenizer))),
          hadLearned: continued !== null,
          samplePrompt: request.samplePrompt,
          interrupted: null,
        });
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
      const { text } = await this.#ready();
      return this.#keeping(keep, async (keeping) => {
        const interrupted = (await keeping?.store.open(keep.name))?.checkpoint;
        if (!keeping || !interrupted?.run) throw nothingToResume(keep.name);
        const { record } = interrupted.run;
        const continued = this.#use(await this.#createKept(interrupted));
        const { engine } = continued;
        const data = reopenTraining(text, await keeping.store.corpora.open(record.corpus.id), engine.tokenizer, record);
        return this.#learn({
          ...hooks,
          data,
          corpus: record.corpus,
          keeping,
          continued,
          engine,
          hadLearned: record.continued,
          samplePrompt: record.samplePrompt,
          interrupted: interrupted.run,
        });
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

  /**
   * Mean loss of the current model over the last `fraction` of a text, read as one stream from the zero state, with the
   * kernels that it writes with.
   */
  evaluate(source: CorpusSource, fraction: number): Promise<Evaluation> {
    return this.#alone('evaluating', async () => {
      const { text } = await this.#ready();
      const { engine } = this.#current();
      const data = await prepareEvaluation(text, source, fraction, engine.tokenizer.spec);
      const { executor, config, loadOptions } = engine;
      const validator = await Validator.create(executor, config, data.tokens, evaluationSteps, loadOptions);
      try {
        const loss = await validator.run(() => false);
        return { ...data.counts, loss: loss ?? NaN };
      } finally {
        validator.unload();
      }
    });
  }

  /** A title for the current model, kept in its file. */
  setTitle(title: string): void {
    this.#current().engine.title = title;
  }

  /** Frees everything. Twice is harmless. */
  destroy(): void {
    this.#destroyed = true;
    this.#backends.close();
    this.#generator?.engine.destroy();
    this.#generator = null;
  }

  /** Runs `work` with the right to keep under a name, if anything is to be kept. */
  async #keeping<T>(options: KeepOptions | undefined, work: (keeping: Keeping | null) => Promise<T>): Promise<T> {
    if (!options) return work(null);
    const keeping = await Keeping.begin(await this.#store(), options);
    try {
      return await work(keeping);
    } finally {
      await keeping.end();
    }
  }

  async #learn(order: LearningOrder): Promise<TrainingResult> {
    const { data, keeping, continued, engine, onEvent, hadLearned, interrupted } = order;
    try {
      await continued?.save();
      const { trainingTokens, validationTokens, unknownCharacters } = data;
      const keeper = keeping?.keeper(engine.layout.length, onEvent) ?? null;
      const { charactersPerToken, plan, training, validation } = data;
      const session = await TrainingSession.create(
        {
          charactersPerToken,
          plan,
          training,
          validation,
          engine,
          backends: this.#backends,
          choice: this.#checkBackend(),
          continued: hadLearned,
          samplePrompt: order.samplePrompt,
          onEvent,
          control: order.control,
          keeping: keeper && { keeper, corpus: order.corpus },
        },
        interrupted,
      );
      this.#run = { engine, bytes: data.bytes + session.bytes };
      onEvent({
        type: 'started',
        model: this.#infoOf(engine),
        ...session.place,
        totalSteps: plan.totalSteps,
        trainingTokens,
        validationTokens,
        unknownCharacters,
        ...(interrupted ? { past: session.past } : {}),
        ...(keeping ? { storage: keeping.store.kind } : {}),
      });
      const outcome = await session.run();
      const { progress } = session;
      const learned = progress.step > 0 && (session.keptAny || this.#generator === null);
      if (!continued && learned) this.#use(engine);
      this.#run = null;
      const model = this.info ?? engine.info;
      return { ...outcome, progress: progress.step > 0 ? progress : null, model };
    } finally {
      this.#run = null;
      if (engine !== this.#generator?.engine) engine.destroy();
      // The samples were other texts.
      continued?.resume();
    }
  }

  async #createKept({ config, tokenizer, title, validationLoss, model }: Checkpoint): Promise<Engine> {
    const { text } = await this.#ready();
    const parameters = model;
    return this.#createEngine({
      config,
      tokenizer: createTokenizer(text, tokenizer),
      title,
      validationLoss,
      parameters,
    });
  }

  #store(): Promise<ModelStore> {
    if (this.#openStore) return this.#openStore();
    throw new AdaptiveError('unsupported', 'Nothing is kept here: the runtime was made without a store.');
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

  /** Has the model where it should be by now, with the state that its text has come to. */
  async #move({ onBackend }: GenerationListener): Promise<void> {
    const generator = this.#current();
    const { engine } = generator;
    if (engine.choice === this.#choice) return;
    const place = await generator.save();
    const moved = await this.#createEngine(await engine.model());
    this.#use(moved).restore(place);
    const [from, to] = [engine.info.backend, moved.info.backend];
    if (from !== to) onBackend?.({ from, to, reason: moved.info.reason, message: '' });
  }

  #infoOf(engine: Engine): ModelInfo {
    const held = new Set([engine, this.#generator?.engine, this.#run?.engine]);
    const bytes = [...held].reduce((sum, each) => sum + (each?.bytes ?? 0), this.#run?.bytes ?? 0);
    return { ...engine.info, bytes };
  }

  /** @throws AdaptiveError 'invalid-option' */
  #checkBackend(): BackendChoice {
    return parseBackendChoice(this.#choice);
  }

  #use(engine: Engine): Generator {
    this.#generator?.engine.destroy();
    return (this.#generator = new Generator(engine));
  }

  #current(): Generator {
    if (!this.#generator) {
      throw new AdaptiveError('no-model', 'There is no model yet. Load a model file, or train one on a text.');
    }
    return this.#generator;
  }

  #ready(): Promise<Modules> {
    this.#loaded ??= this.#modules();
    this.#loaded.catch(() => {
      this.#loaded = null;
    });
    return this.#loaded;
  }

  async #alone<T>(operation: string, work: () => Promise<T>): Promise<T> {
    if (this.#destroyed) throw new AdaptiveError('destroyed', 'The model was destroyed. Make a new one.');
    if (this.#busyWith !== null) {
      throw new AdaptiveError('busy', `The model is ${this.#busyWith}. Stop that first, or wait until it ends.`, {
        operation: this.#busyWith,
      });
    }
    this.#busyWith = operation;
    try {
      return await work();
    } finally {
      this.#busyWith = null;
    }
  }
}

function nothingToResume(name: string): AdaptiveError {
  return new AdaptiveError(
    'checkpoint',
    `There is no run under “${name}” that could go on: it has ended, or was never begun. Train anew.`,
    { name, reason: 'nothing' },
  );
}

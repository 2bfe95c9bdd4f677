/**
 * Everything the worker can do, without the wall: a page reaches it through `endpoint.ts`, Node uses it as it is.
 * One operation at a time; a second one is refused as `busy` and does not disturb the first.
 */
import { parseGenerationConfig, type GenerationOptions } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import type { Precision } from '../core/precision.js';
import type {
  CorpusSource,
  DownloadEvent,
  GenerationResult,
  ModelInfo,
  TrainingEvent,
  TrainingRequest,
  TrainingResult,
} from '../core/protocol.js';
import type { GpuSource } from '../gpu/webgpu.js';
import type { Modules } from './assets.js';
import { createExecutor, type BackendChoice } from './backend.js';
import { download } from './download.js';
import { Engine, type EngineModel } from './engine.js';
import { decodeModelFile, encodeModelFile } from './files/model-file.js';
import { Generator, type GenerationListener, type WritingState } from './generator.js';
import { newModel } from './new-model.js';
import { createTokenizer } from './text/tokenizers.js';
import { evaluationSteps, prepareEvaluation, prepareTraining, type EvaluationCounts } from './training-data.js';
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

export interface RuntimeOptions {
  /** What models are made on from now on; 'wasm' unless told. */
  readonly backend?: BackendChoice;
  /** Where GPU adapters come from; the platform's own unless given. */
  readonly gpu?: GpuSource;
}

export class Runtime {
  readonly #modules: () => Promise<Modules>;
  readonly #backend: BackendChoice;
  readonly #gpu: GpuSource | undefined;
  #loaded: Promise<Modules> | null = null;
  #generator: Generator | null = null;
  #busyWith: string | null = null;
  /** The model that is being trained, and bytes that its run holds beside it. */
  #run: { readonly engine: Engine; readonly bytes: number } | null = null;
  #destroyed = false;

  /** `modules` is called once, at the first operation that needs them, and again if it failed. */
  constructor(modules: () => Promise<Modules>, { backend = 'wasm', gpu }: RuntimeOptions = {}) {
    this.#modules = modules;
    this.#backend = backend;
    this.#gpu = gpu;
  }

  get info(): ModelInfo | null {
    return this.#generator && this.#infoOf(this.#generator.engine);
  }

  /** Makes the model in a file the current one. On an error the model that was there stays. */
  load(file: ArrayBuffer | Uint8Array): Promise<ModelInfo> {
    return this.#alone('loading', () => this.#load(file));
  }

  fetch(url: string, onDownload: (event: DownloadEvent) => void, signal?: AbortSignal): Promise<ModelInfo> {
    return this.#alone('loading', async () => this.#load(await download(url, onDownload, signal)));
  }

  /** The current model as a file, in its own precision unless told otherwise. */
  export(precision?: Precision): Promise<ArrayBuffer> {
    return this.#alone('saving', async () => {
      const { engine } = this.#current();
      return encodeModelFile({
        config: engine.config,
        tokenizer: engine.tokenizer.spec,
        parameters: await engine.readParameters(),
        title: engine.title,
        validationLoss: engine.validationLoss,
        precision: precision ?? engine.info.precision,
      });
    });
  }

  generate(options: GenerationOptions, listener: GenerationListener = {}): Promise<GenerationResult> {
    return this.#alone('writing', async () => {
      const config = parseGenerationConfig(options);
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
  train(request: TrainingRequest, { onEvent, control }: TrainingHooks): Promise<TrainingResult> {
    return this.#alone('training', async () => {
      const { text } = await this.#ready();
      const continued = request.start.kind === 'continue' ? this.#current() : null;
      const data = await prepareTraining(text, request, continued?.engine.tokenizer ?? null);
      const place = continued && (await continued.save());
      const engine = continued?.engine ?? (await this.#createEngine(newModel(request, data.tokenizer)));
      try {
        const { unknownCharacters, trainingTokens, validationTokens, bytes, ...rest } = data;
        const session = await TrainingSession.create({
          ...rest,
          engine,
          continued: continued !== null,
          samplePrompt: request.samplePrompt,
          onEvent,
          control,
        });
        this.#run = { engine, bytes: bytes + session.weights.byteLength };
        onEvent({
          type: 'started',
          model: this.#infoOf(engine),
          totalSteps: data.plan.totalSteps,
          trainingTokens,
          validationTokens,
          threads: session.threads,
          unknownCharacters,
        });
        const outcome = await session.run();
        const { progress } = session;
        const learned = progress.step > 0 && (session.keptAny || this.#generator === null);
        if (continued || learned) await this.#settle(engine, session.weights, place);
        this.#run = null;
        const model = this.info ?? engine.info;
        return { ...outcome, progress: progress.step > 0 ? progress : null, model };
      } finally {
        this.#run = null;
        if (engine !== this.#generator?.engine) engine.destroy();
      }
    });
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
    this.#generator?.engine.destroy();
    this.#generator = null;
  }

  async #load(file: ArrayBuffer | Uint8Array): Promise<ModelInfo> {
    const { text } = await this.#ready();
    const { tokenizer, ...model } = decodeModelFile(file);
    const engine = await this.#createEngine({ ...model, tokenizer: createTokenizer(text, tokenizer) });
    this.#use(engine);
    return engine.info;
  }

  async #createEngine(model: EngineModel): Promise<Engine> {
    return Engine.create(await createExecutor(this.#backend, await this.#ready(), this.#gpu), model);
  }

  /**
   * Makes a model that was trained the current one. Memory of WebAssembly never shrinks, so the model leaves what training
   * took by moving to new memory; where there is none it stays, and nothing is lost.
   */
  async #settle(engine: Engine, weights: Float32Array, place: WritingState | null): Promise<void> {
    let settled = engine;
    if (engine.executor.backend === 'wasm') {
      const copy = async () => engine.copyTo(await createExecutor('wasm', await this.#ready()), weights);
      settled = await copy().catch(() => engine);
    }
    if (settled !== this.#generator?.engine) this.#use(settled);
    if (place) this.#current().restore(place);
  }

  #infoOf(engine: Engine): ModelInfo {
    const held = new Set([engine, this.#generator?.engine, this.#run?.engine]);
    const bytes = [...held].reduce((sum, each) => sum + (each?.bytes ?? 0), this.#run?.bytes ?? 0);
    return { ...engine.info, bytes };
  }

  #use(engine: Engine): void {
    this.#generator?.engine.destroy();
    this.#generator = new Generator(engine);
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

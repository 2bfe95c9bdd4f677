/**
 * A model that can write: its parameters and its one-token Program on an executor, which may be replaced by another one.
 * A training run works on an executor of its own and gives the engine weights.
 *
 * A model in int8 writes with weights in int8. Its parameters in memory are what these stand for, in float32.
 */
import type { BackendChange, BackendChoice, BackendReason } from '../core/backend.js';
import type { ModelConfig } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import type { Executor, LoadOptions, Runner } from '../core/executor.js';
import type { ParameterLayout } from '../core/layout.js';
import { languageModelLayout } from '../core/parameters.js';
import type { Precision } from '../core/precision.js';
import type { ModelInfo } from '../core/protocol.js';
import type { Tokenizer } from '../core/tokenizer.js';
import type { Backends } from './backends.js';
import { place, placeAgain, type Placed } from './placing.js';
import type { RecurrentState } from './recurrent-state.js';
import { loadOptions, Writer } from './writer.js';

/** Seconds that a token may take on WASM before a GPU is asked: as long as a GPU's answer is under way, computing apart. */
const tokenTime = 0.002;

export interface EngineModel {
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  readonly title: string;
  /** Flat, in the layout of the configuration. */
  readonly parameters: Float32Array;
  /** What they are exact in. Default 'f32'. */
  readonly precision?: Precision;
  readonly validationLoss: number | null;
}

export class Engine {
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  readonly layout: ParameterLayout;
  title: string;
  validationLoss: number | null;
  #precision: Precision;
  #writer: Writer;
  #reason: BackendReason;
  /** While the writer is on a GPU, which may take its memory with it when it goes. */
  #parameters: Float32Array | null;
  #losses = 0;

  private constructor(
    model: EngineModel,
    { it, reason }: Placed<Writer>,
    readonly backends: Backends | null,
    /** What decided where it is. */
    readonly choice: BackendChoice,
  ) {
    this.#precision = model.precision ?? 'f32';
    this.config = model.config;
    this.tokenizer = model.tokenizer;
    this.layout = languageModelLayout(model.config);
    this.title = model.title;
    this.validationLoss = model.validationLoss;
    this.#writer = it;
    this.#reason = reason;
    this.#parameters = mayGo(it) ? model.parameters.slice() : null;
  }

  /** On an executor that is there already. Takes ownership; destroys it when the model does not fit. */
  static async create(executor: Executor, model: EngineModel): Promise<Engine> {
    try {
      check(model);
    } catch (error) {
      executor.destroy();
      throw error;
    }
    const it = await Writer.create(executor, model.config, model.precision ?? 'f32', model.parameters);
    return new Engine(model, { it, reason: { code: 'asked' } }, null, 'wasm');
  }

  /** On the backend of choice; for 'auto', on the one where a token takes less time. */
  static async place(backends: Backends, choice: BackendChoice, model: EngineModel): Promise<Engine> {
    check(model);
    const { config, precision = 'f32', parameters } = model;
    const placed = await place(backends, {
      choice,
      enough: tokenTime,
      key: ['writing', config, precision],
      make: (executor) => Writer.create(executor, config, precision, parameters),
    });
    return new Engine(model, placed, backends, choice);
  }

  get executor(): Executor {
    return this.#writer.executor;
  }

  /** The one-token Program. Another one after `keepFloat32` and `recover`. */
  get generation(): Runner {
    return this.#writer.generation;
  }

  /** The recurrent state of writing. */
  get state(): RecurrentState {
    return this.#writer.state;
  }

  /** How Programs that read one token at a time are loaded. */
  get loadOptions(): LoadOptions {
    return loadOptions(this.#precision, this.executor);
  }

  /** Bytes of memory that are held now. */
  get bytes(): number {
    return this.executor.bytes + this.tokenizer.bytes + (this.#parameters?.byteLength ?? 0);
  }

  get info(): ModelInfo {
    return {
      config: this.config,
      tokenizer: this.tokenizer.spec.kind,
      parameters: this.layout.count,
      precision: this.#precision,
      bytes: this.bytes,
      backend: this.executor.backend,
      reason: this.#reason,
      validationLoss: this.validationLoss,
      title: this.title,
    };
  }

  /** All that it was made from, as it is now. */
  async model(): Promise<EngineModel> {
    const { config, tokenizer, title, validationLoss } = this;
    const parameters = await this.readParameters();
    return { config, tokenizer, title, parameters, precision: this.#precision, validationLoss };
  }

  /** A copy of the parameters, flat. */
  async readParameters(into: Float32Array = new Float32Array(this.layout.length)): Promise<Float32Array> {
    if (!this.#parameters) return this.generation.read('parameters', into);
    into.set(this.#parameters);
    return into;
  }

  writeParameters(parameters: Float32Array): void {
    this.#parameters?.set(parameters);
    try {
      this.#writer.writeParameters(parameters);
    } catch (error) {
      // On a GPU that is gone; whoever writes next finds that out, and starts from the copy.
      if (!this.#parameters) throw error;
    }
  }

  /** To be called before training: its weights have any value, so from now on writing reads them as they are. */
  async keepFloat32(): Promise<void> {
    if (this.#precision === 'int8') this.#writer = await this.#writer.inFloat32();
    this.#precision = 'f32';
  }

  /**
   * Goes on on another executor after this one failed; the recurrent state is the zero state there.
   * @throws AdaptiveError `error` itself when there is none
   */
  async recover(error: AdaptiveError): Promise<BackendChange> {
    const { backends, config } = this;
    const parameters = this.#parameters;
    const from = this.executor.backend;
    if (!backends || !parameters) throw error;
    this.#writer.destroy();
    const { it, reason } = await placeAgain(backends, {
      make: (executor) => Writer.create(executor, config, this.#precision, parameters),
      error,
      from,
      losses: this.#losses++,
    });
    this.#writer = it;
    this.#reason = reason;
    if (!mayGo(it)) this.#parameters = null;
    return { from, to: this.executor.backend, reason, message: error.message };
  }

  destroy(): void {
    this.#writer.destroy();
  }
}

function mayGo({ executor }: Writer): boolean {
  return executor.backend === 'webgpu';
}

function check({ tokenizer, config }: EngineModel): void {
  if (tokenizer.size === config.vocabularySize) return;
  throw new AdaptiveError(
    'model-config',
    `The tokenizer has ${tokenizer.size} tokens, the model ${config.vocabularySize}.`,
  );
}

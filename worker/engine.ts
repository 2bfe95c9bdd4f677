/**
 * A model that stands ready on an executor: its parameters in memory, its one-token Program loaded. Training and
 * writing both work on an engine; they never run at once, so they share the parameters without copies.
 *
 * A model in int8 writes with weights in int8. Its parameters in memory are what these stand for, in float32.
 */
import type { ModelConfig } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import type { Executor, LoadOptions, Runner } from '../core/executor.js';
import type { ParameterLayout } from '../core/layout.js';
import type { Precision } from '../core/precision.js';
import type { ModelInfo } from '../core/protocol.js';
import type { Tokenizer } from '../core/tokenizer.js';
import { generationProgram } from '../model/language-model.js';
import { languageModelLayout } from '../core/parameters.js';
import { RecurrentState } from './recurrent-state.js';

/** Tokens of a prompt that are read in one replay. */
export const promptChunk = 32;

/** Threads that write. More of them do not get more bytes out of memory. */
const mostWriters = 4;

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

interface Writing {
  readonly generation: Runner;
  readonly state: RecurrentState;
}

export class Engine {
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  readonly layout: ParameterLayout;
  title: string;
  validationLoss: number | null;
  #precision: Precision;
  #writing: Writing;

  private constructor(
    readonly executor: Executor,
    generation: Runner,
    model: EngineModel,
  ) {
    this.#precision = model.precision ?? 'f32';
    this.#writing = { generation, state: new RecurrentState(generation) };
    this.config = model.config;
    this.tokenizer = model.tokenizer;
    this.layout = languageModelLayout(model.config);
    this.title = model.title;
    this.validationLoss = model.validationLoss;
    this.writeParameters(model.parameters);
  }

  /** Takes ownership of the executor; destroys it when the model does not fit. */
  static async create(executor: Executor, model: EngineModel): Promise<Engine> {
    try {
      if (model.tokenizer.size !== model.config.vocabularySize) {
        throw new AdaptiveError(
          'model-config',
          `The tokenizer has ${model.tokenizer.size} tokens, the model ${model.config.vocabularySize}.`,
        );
      }
      const options = loadOptions(model.precision ?? 'f32', executor);
      const generation = await executor.load(generationProgram(model.config, promptChunk), options);
      return new Engine(executor, generation, model);
    } catch (error) {
      executor.destroy();
      throw error;
    }
  }

  /** The one-token Program. `keepFloat32` may replace it. */
  get generation(): Runner {
    return this.#writing.generation;
  }

  /** The recurrent state of writing. */
  get state(): RecurrentState {
    return this.#writing.state;
  }

  /** How Programs that read one token at a time are loaded. */
  get loadOptions(): LoadOptions {
    return loadOptions(this.#precision, this.executor);
  }

  /** Bytes of memory that are held now. */
  get bytes(): number {
    return this.executor.bytes + this.tokenizer.bytes;
  }

  get info(): ModelInfo {
    return {
      config: this.config,
      tokenizer: this.tokenizer.spec.kind,
      parameters: this.layout.count,
      precision: this.#precision,
      bytes: this.bytes,
      backend: this.executor.backend,
      validationLoss: this.validationLoss,
      title: this.title,
    };
  }

  /** A copy of the parameters, flat. */
  readParameters(into: Float32Array = new Float32Array(this.layout.length)): Promise<Float32Array> {
    return this.generation.read('parameters', into);
  }

  writeParameters(parameters: Float32Array): void {
    this.generation.write('parameters', parameters);
    this.generation.refresh();
  }

  /** To be called before training: its weights have any value, so from now on writing reads them as they are. */
  async keepFloat32(): Promise<void> {
    if (this.#precision === 'int8') {
      const { generation: before, state } = this.#writing;
      const generation = await this.executor.load(before.program, loadOptions('f32', this.executor));
      this.#writing = { generation, state: new RecurrentState(generation) };
      this.state.restore(await state.save());
      before.unload();
    }
    this.#precision = 'f32';
  }

  /**
   * The same model, with these weights, on an executor of its own; this one stays as it is. Takes ownership of the
   * executor, and destroys it when the model does not fit.
   */
  copyTo(executor: Executor, parameters: Float32Array): Promise<Engine> {
    const { config, tokenizer, title, validationLoss } = this;
    return Engine.create(executor, {
      config,
      tokenizer,
      title,
      parameters,
      precision: this.#precision,
      validationLoss,
    });
  }

  destroy(): void {
    this.executor.destroy();
  }
}

function loadOptions(precision: Precision, { usualThreads }: Executor): LoadOptions {
  return { weights: precision === 'int8' ? 'int8' : 'f32', threads: Math.min(usualThreads, mostWriters) };
}

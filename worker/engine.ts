/**
 * A model that stands ready on an executor: its parameters in memory, its one-token Program loaded. Training and
 * writing both work on an engine; they never run at once, so they share the parameters without copies.
 */
import type { ModelConfig } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import type { Executor, Runner } from '../core/executor.js';
import type { ParameterLayout } from '../core/layout.js';
import type { ModelInfo } from '../core/protocol.js';
import type { Tokenizer } from '../core/tokenizer.js';
import { generationProgram } from '../model/language-model.js';
import { languageModelLayout } from '../model/parameters.js';

/** Tokens of a prompt that are read in one replay. */
export const promptChunk = 32;

export interface EngineModel {
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  readonly title: string;
  /** Flat, in the layout of the configuration. */
  readonly parameters: Float32Array;
  readonly validationLoss: number | null;
}

export class Engine {
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  readonly layout: ParameterLayout;
  title: string;
  validationLoss: number | null;

  private constructor(
    readonly executor: Executor,
    readonly generation: Runner,
    model: EngineModel,
  ) {
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
      const generation = await executor.load(generationProgram(model.config, promptChunk));
      return new Engine(executor, generation, model);
    } catch (error) {
      executor.destroy();
      throw error;
    }
  }

  get info(): ModelInfo {
    return {
      config: this.config,
      tokenizer: this.tokenizer.spec.kind,
      parameters: this.layout.count,
      bytes: this.executor.bytes,
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
  }

  destroy(): void {
    this.executor.destroy();
  }
}

/** Everything of writing that stands on one executor, which is its own: parameters, the one-token Program, its state. */
import type { ModelConfig } from '../core/config.js';
import type { Executor, LoadOptions, Runner } from '../core/executor.js';
import type { Precision } from '../core/precision.js';
import { generationProgram } from '../model/language-model.js';
import type { Placeable } from './placing.js';
import { quickest } from './quickest.js';
import { RecurrentState } from './recurrent-state.js';

/** Tokens of a prompt that are read in one replay. */
export const promptChunk = 32;

/** Threads that write. More of them do not get more bytes out of memory. */
const mostWriters = 4;

export function loadOptions(precision: Precision, { usualThreads }: Executor): LoadOptions {
  return { weights: precision === 'int8' ? 'int8' : 'f32', threads: Math.min(usualThreads, mostWriters) };
}

export class Writer implements Placeable {
  readonly state: RecurrentState;
  readonly #id = new Int32Array(1);

  private constructor(
    readonly executor: Executor,
    readonly generation: Runner,
  ) {
    this.state = new RecurrentState(generation);
  }

  /** The executor is destroyed when the model does not fit. @throws AdaptiveError 'memory' */
  static async create(
    executor: Executor,
    config: ModelConfig,
    precision: Precision,
    parameters: Float32Array,
  ): Promise<Writer> {
    try {
      const generation = await executor.load(generationProgram(config, promptChunk), loadOptions(precision, executor));
      const writer = new Writer(executor, generation);
      writer.writeParameters(parameters);
      return writer;
    } catch (error) {
      executor.destroy();
      throw error;
    }
  }

  /** Another one on the same executor, with the same parameters and state, in float32; this one is unloaded. */
  async inFloat32(): Promise<Writer> {
    const writer = new Writer(
      this.executor,
      await this.executor.load(this.generation.program, loadOptions('f32', this.executor)),
    );
    writer.state.restore(await this.state.save());
    this.generation.unload();
    return writer;
  }

  writeParameters(parameters: Float32Array): void {
    this.generation.write('parameters', parameters);
    this.generation.refresh();
  }

  /** Of a token, as one of several in a queue where there is one. The state is the zero state afterwards. */
  async time(limit?: number): Promise<number> {
    const tokens = this.executor.queues ? 4 : 1;
    const seconds = await quickest(
      async () => {
        for (let token = 0; token < tokens; token++) this.generation.run(1);
        await this.generation.read('id', this.#id);
      },
      limit === undefined ? limit : limit * tokens,
    );
    this.state.clear();
    return seconds / tokens;
  }

  /** Also ends the executor. Twice is harmless. */
  destroy(): void {
    this.executor.destroy();
  }
}

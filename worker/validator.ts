/** Mean loss over the held-out tokens, from the zero state, in nats per token. */
import type { ModelConfig } from '../core/config.js';
import type { Executor, LoadOptions, Runner } from '../core/executor.js';
import { evaluationProgram } from '../model/language-model.js';
import { nextTask } from './next-task.js';
import { RecurrentState } from './recurrent-state.js';
import type { TokenStream } from './token-stream.js';

export class Validator {
  readonly #ids: Int32Array;
  readonly #targets: Int32Array;
  readonly #loss = new Float32Array(1);
  readonly #state: RecurrentState;

  private constructor(
    readonly runner: Runner,
    readonly tokens: TokenStream,
  ) {
    const { maxSteps } = runner.program;
    this.#ids = new Int32Array(maxSteps * tokens.batchSize);
    this.#targets = new Int32Array(maxSteps * tokens.batchSize);
    this.#state = new RecurrentState(runner);
  }

  static async create(
    executor: Executor,
    config: ModelConfig,
    tokens: TokenStream,
    maxSteps: number,
    options?: LoadOptions,
  ): Promise<Validator> {
    const program = evaluationProgram(config, { batch: tokens.batchSize, maxSteps });
    return new Validator(await executor.load(program, options), tokens);
  }

  /** The mean loss, or null when `interrupted` became true on the way. */
  async run(interrupted: () => boolean): Promise<number | null> {
    const { runner, tokens } = this;
    const { batchSize } = tokens;
    let total = 0;
    let steps = 0;
    tokens.position = 0;
    this.#state.clear();
    while (tokens.position < tokens.rowLength) {
      if (interrupted()) return null;
      const length = await tokens.next(this.#ids, this.#targets, runner.program.maxSteps);
      runner.write('ids', this.#ids.subarray(0, length * batchSize));
      runner.write('targets', this.#targets.subarray(0, length * batchSize));
      runner.run(length);
      await runner.read('loss', this.#loss);
      total += (this.#loss[0] ?? NaN) * length;
      steps += length;
      await nextTask();
    }
    return total / steps;
  }

  unload(): void {
    this.runner.unload();
  }
}

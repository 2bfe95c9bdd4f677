/**
 * Learning while used: a few optimizer steps for each piece of text that the reader writes.
 *
 * Whoever learns only what comes last forgets what came before. So most rows of a batch are rehearsal: text that the model
 * wrote itself before it learned anything. It stands for the corpus, which is not at hand, and keeps the model near to its
 * old self (docs/decisions/0031-learning-while-used.md).
 */
import type { LearningConfig } from '../../core/learning-config.js';
import type { ModelConfig } from '../../core/config.js';
import type { Executor } from '../../core/executor.js';
import { Random, streams } from '../../core/random.js';
import type { OptimizerConfig } from '../../model/optimizer.js';
import type { StepResult } from '../batch-programs.js';
import { TrainingStep } from '../training-step.js';
import { TokenMemory } from './token-memory.js';

/** Rows shorter than this teach little more than how texts begin. */
const shortestRow = 16;

const noDropout = { embedding: 0, input: 0, hidden: 0, latent: 0, output: 0 };

const optimizer: OptimizerConfig = {
  optimizer: 'adam',
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  clip: 1,
};

export class Learner {
  readonly #memory: TokenMemory;
  readonly #ids: Int32Array; // [T, B]
  readonly #targets: Int32Array; // [T, B]
  #owed = 0;
  #fresh = 0;
  #done = 0;

  private constructor(
    readonly executor: Executor,
    readonly step: TrainingStep,
    readonly rehearsal: Int32Array,
    readonly config: LearningConfig,
  ) {
    this.#memory = new TokenMemory(config.memoryTokens);
    this.#ids = new Int32Array(config.segmentLength * this.#batch);
    this.#targets = new Int32Array(this.#ids.length);
  }

  /** Takes the executor, and destroys it when that fails. @throws AdaptiveError 'memory', 'worker' */
  static async create(
    executor: Executor,
    model: ModelConfig,
    parameters: Float32Array,
    rehearsal: Int32Array,
    config: LearningConfig,
  ): Promise<Learner> {
    try {
      const step = await TrainingStep.create(executor, {
        model,
        batch: config.readerRows + rehearsalRows(rehearsal, config),
        maxSteps: config.segmentLength,
        dropout: noDropout,
        optimizer,
        threads: executor.usualThreads,
      });
      step.writeParameters(parameters);
      return new Learner(executor, step, rehearsal, config);
    } catch (error) {
      executor.destroy();
      throw error;
    }
  }

  /** Whole steps that what was given is still worth. */
  get owed(): number {
    return this.#memory.length > shortestRow ? Math.floor(this.#owed) : 0;
  }

  /** Steps taken. */
  get done(): number {
    return this.#done;
  }

  get bytes(): number {
    return this.executor.bytes + this.#memory.bytes + this.rehearsal.byteLength;
  }

  /** The reader wrote this. Nothing is learned yet: what it is worth is owed. */
  take(ids: Int32Array): void {
    this.#memory.push(ids);
    this.#owed += stepsWorth(ids.length, this.config);
    this.#fresh = ids.length;
  }

  /** One step of those owed. If loss or gradient is not finite the parameters stay as they are. */
  async learn(): Promise<StepResult> {
    const { segmentLength, learningRate, seed } = this.config;
    const steps = Math.min(segmentLength, this.#memory.length - 1);
    this.#fill(steps);
    this.step.clearState();
    const result = await this.step.run({
      ids: this.#ids,
      targets: this.#targets,
      steps,
      learningRate,
      seed,
      done: this.#done++,
    });
    this.#owed = Math.max(0, this.#owed - 1);
    return result;
  }

  /** Also ends the executor. Twice is harmless. */
  destroy(): void {
    this.executor.destroy();
  }

  get #batch(): number {
    return this.config.readerRows + rehearsalRows(this.rehearsal, this.config);
  }

  /** Segments at random places: every other row of the reader's is of what came last, so that it is surely read. */
  #fill(steps: number): void {
    const { readerRows, seed } = this.config;
    const random = new Random(seed, streams.learning, this.#done);
    const segment = steps + 1;
    const place = (from: number, to: number) => from + Math.floor(random.next() * Math.max(1, to - segment - from + 1));
    for (let row = 0; row < this.#batch; row++) {
      if (row >= readerRows) {
        const { rehearsal } = this;
        const start = place(0, rehearsal.length);
        this.#fillRow(row, rehearsal.subarray(start, start + segment));
        continue;
      }
      const { length } = this.#memory;
      const newest = row % 2 === 0 ? Math.max(0, length - Math.max(this.#fresh, segment)) : 0;
      this.#fillRow(row, this.#memory.slice(place(newest, length), segment));
    }
  }

  /** `tokens` [T + 1]. */
  #fillRow(row: number, tokens: Int32Array): void {
    const batch = this.#batch;
    for (let t = 0; t + 1 < tokens.length; t++) {
      this.#ids[t * batch + row] = tokens[t] ?? 0;
      this.#targets[t * batch + row] = tokens[t + 1] ?? 0;
    }
  }
}

/** Steps, not whole ones, that so many tokens are worth. More than are remembered are worth no more. */
export function stepsWorth(
  tokens: number,
  { passes, readerRows, segmentLength, memoryTokens }: LearningConfig,
): number {
  return (passes * Math.min(tokens, memoryTokens)) / (readerRows * segmentLength);
}

/** None where there is too little to take a segment from. */
function rehearsalRows(rehearsal: Int32Array, { rehearsalRows: rows, segmentLength }: LearningConfig): number {
  return rehearsal.length > segmentLength ? rows : 0;
}

/**
 * One optimizer step over a batch. Where one thread does it all, or the GPU, it is one Program (whole-batch.ts); where a
 * batch is shared out to threads, several (shared-batch.ts).
 */
import type { Dropout, ModelConfig } from '../core/config.js';
import type { Executor } from '../core/executor.js';
import { updateSettings, type OptimizerConfig } from '../model/optimizer.js';
import { languageModelLayout } from '../core/parameters.js';
import type { BatchPrograms, Share, StepResult } from './batch-programs.js';
import { gatherRows, RecurrentState, takeRows, type StateSnapshot } from './recurrent-state.js';
import { loadSharedBatch } from './shared-batch.js';
import { loadWholeBatch } from './whole-batch.js';

export interface TrainingStepOptions {
  readonly model: ModelConfig;
  /** B. */
  readonly batch: number;
  /** T at most. */
  readonly maxSteps: number;
  readonly dropout: Dropout;
  readonly optimizer: OptimizerConfig;
  /** Threads that are wanted; never more than there are rows. */
  readonly threads: number;
}

export interface StepInput {
  /** [T, B] */
  readonly ids: Int32Array;
  readonly targets: Int32Array;
  /** T. */
  readonly steps: number;
  readonly learningRate: number;
  readonly seed: number;
  /** Optimizer steps done before this one. */
  readonly done: number;
}

/** All that a run consists of, on whatever backend and however many threads. */
export interface TrainingState {
  /** Flat, in the layout of the model, as the moments are. */
  readonly parameters: Float32Array;
  readonly moment1: Float32Array;
  readonly moment2: Float32Array;
  /** Of all B rows; null for the zero state. */
  readonly recurrent: StateSnapshot | null;
}

const flatNames = ['parameters', 'moment1', 'moment2'] as const;

export class TrainingStep {
  readonly #ids: Int32Array;
  readonly #settings = new Float32Array(8);
  readonly #random = new Int32Array(2);
  readonly #states: readonly RecurrentState[];

  private constructor(
    readonly options: TrainingStepOptions,
    readonly programs: BatchPrograms,
  ) {
    this.#ids = new Int32Array(options.batch * options.maxSteps);
    this.#states = programs.shares.map(({ runner }) => new RecurrentState(runner));
  }

  /** Takes the memory and starts the threads. @throws AdaptiveError 'memory', 'worker' */
  static async create(executor: Executor, options: TrainingStepOptions): Promise<TrainingStep> {
    const { model, batch, maxSteps, dropout } = options;
    const threads = Math.max(1, Math.min(options.threads, executor.threads, batch));
    const parts = { model, batch, maxSteps, dropout, optimizer: options.optimizer.optimizer };
    const programs = await (threads === 1
      ? loadWholeBatch(executor, parts)
      : loadSharedBatch(executor, parts, threads));
    const zeros = new Float32Array(languageModelLayout(model).length);
    for (const moment of ['moment1', 'moment2']) programs.update.write(moment, zeros);
    return new TrainingStep(options, programs);
  }

  get threads(): number {
    return this.programs.shares.length;
  }

  /**
   * Forward, backward, update. If loss or gradient is not finite the parameters stay as they are.
   * @throws AdaptiveError 'worker' when a thread died
   */
  run(input: StepInput): Promise<StepResult> {
    updateSettings(this.options.optimizer, input.learningRate, input.done + 1, this.#settings);
    this.#writeShares(input);
    return this.programs.run(input.steps, this.#settings);
  }

  /** Every row starts from the zero state. */
  clearState(): void {
    for (const state of this.#states) state.clear();
  }

  /** Of the flat buffer that all Programs of the executor share, in the model's layout. */
  writeParameters(parameters: Float32Array): void {
    this.programs.update.write('parameters', parameters);
  }

  readParameters(into: Float32Array): Promise<Float32Array> {
    return this.programs.update.read('parameters', into);
  }

  /** A copy of the run's state, in the flat buffers of `room`. If it rejects, these hold nothing of use. */
  async save(room: Omit<TrainingState, 'recurrent'>): Promise<TrainingState> {
    for (const name of flatNames) await this.programs.update.read(name, room[name]);
    const parts: StateSnapshot[] = [];
    for (const state of this.#states) parts.push(await state.save());
    return { ...room, recurrent: gatherRows(parts) };
  }

  /** Goes on from a saved state. */
  restore(saved: TrainingState): void {
    const { recurrent } = saved;
    for (const name of flatNames) this.programs.update.write(name, saved[name]);
    if (!recurrent) this.clearState();
    else {
      const { batch } = this.options;
      this.programs.shares.forEach((share, i) => this.#states[i]?.restore(takeRows(recurrent, share, batch)));
    }
  }

  /** Ends the threads and gives the memory back. Twice is harmless. */
  unload(): void {
    this.programs.unload();
  }

  /** Each share's columns of [T, B], its random numbers. */
  #writeShares({ ids, targets, steps, seed, done }: StepInput): void {
    this.#random[0] = seed;
    this.#random[1] = done;
    for (const share of this.programs.shares) {
      const { runner } = share;
      runner.write('ids', this.#columns(ids, steps, share));
      runner.write('targets', this.#columns(targets, steps, share));
      if (runner.program.ports.has('random')) runner.write('random', this.#random);
    }
  }

  #columns(from: Int32Array, steps: number, { first, count }: Share): Int32Array {
    const { batch } = this.options;
    if (count === batch) return from.subarray(0, steps * batch);
    for (let t = 0; t < steps; t++) {
      this.#ids.set(from.subarray(t * batch + first, t * batch + first + count), t * count);
    }
    return this.#ids.subarray(0, steps * count);
  }
}

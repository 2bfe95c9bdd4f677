/**
 * One optimizer step over a batch, on as many threads as the batch was shared out to. Each thread replays forward and
 * backward over its own rows; then they add the gradients up and update the parameters, each in its slice of the flat
 * buffers. On one thread the same happens with one share.
 */
import type { Dropout, ModelConfig } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import type { Executor, Team } from '../core/executor.js';
import { trainingProgram } from '../model/language-model.js';
import { reductionProgram, slices, updateProgram, updateSettings, type OptimizerConfig } from '../model/optimizer.js';
import { languageModelLayout } from '../model/parameters.js';
import { RecurrentState } from './recurrent-state.js';

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

export interface StepResult {
  /** Mean over the batch, nats per token. */
  readonly loss: number;
  /** Before clipping. */
  readonly gradientNorm: number;
}

interface Rows {
  readonly first: number;
  readonly count: number;
}

export class TrainingStep {
  readonly #ids: Int32Array;
  readonly #settings = new Float32Array(8);
  readonly #random = new Int32Array(2);
  readonly #one = new Float32Array(1);
  readonly #states: readonly RecurrentState[];

  private constructor(
    readonly options: TrainingStepOptions,
    readonly rows: readonly Rows[],
    readonly shares: Team,
    readonly reduction: Team,
    readonly update: Team,
  ) {
    this.#ids = new Int32Array(options.batch * options.maxSteps);
    this.#states = shares.runners.map((runner) => new RecurrentState(runner));
  }

  /** Takes the memory and starts the threads. @throws AdaptiveError 'memory', 'worker' */
  static async create(executor: Executor, options: TrainingStepOptions): Promise<TrainingStep> {
    const { model, batch, maxSteps, dropout, optimizer } = options;
    const layout = languageModelLayout(model);
    const rows = shareOut(batch, Math.max(1, Math.min(options.threads, executor.threads, batch)));
    const cuts = slices(layout, rows.length);
    const teams: Team[] = [];
    const load = async (programs: Parameters<Executor['loadTeam']>[0]) => {
      const team = await executor.loadTeam(programs);
      teams.push(team);
      return team;
    };
    try {
      const shares = await load(
        rows.map(({ first, count }, index) =>
          trainingProgram(model, { batch: count, maxSteps, dropout, share: { index, first, of: batch } }),
        ),
      );
      const reduction = await load(cuts.map((slice) => reductionProgram(layout, rows.length, slice)));
      const update = await load(cuts.map((slice) => updateProgram(layout, optimizer.optimizer, slice)));
      const step = new TrainingStep(options, rows, shares, reduction, update);
      step.clearMoments(layout.length);
      return step;
    } catch (error) {
      for (const team of teams) team.unload();
      throw error;
    }
  }

  get threads(): number {
    return this.rows.length;
  }

  /**
   * Forward, backward, update. If loss or gradient is not finite the parameters stay as they are.
   * @throws AdaptiveError 'worker' when a thread died
   */
  async run(input: StepInput): Promise<StepResult> {
    const { optimizer } = this.options;
    updateSettings(optimizer, input.learningRate, input.done + 1, this.#settings);
    this.#writeShares(input);
    await this.shares.run(input.steps);
    await this.reduction.run(1);
    const gradientNorm = await this.#wholeNorm();
    this.#one[0] = gradientNorm;
    for (const runner of this.update.runners) {
      runner.write('settings', this.#settings);
      runner.write('norm', this.#one);
    }
    await this.update.run(1);
    return { loss: await this.#sum('loss'), gradientNorm };
  }

  /** Every row starts from the zero state. */
  clearState(): void {
    for (const state of this.#states) state.clear();
  }

  clearMoments(length: number): void {
    const [runner] = this.update.runners;
    for (const moment of ['moment1', 'moment2']) runner?.write(moment, new Float32Array(length));
  }

  /** Ends the threads and gives the memory back. Twice is harmless. */
  unload(): void {
    for (const team of [this.shares, this.reduction, this.update]) team.unload();
  }

  /** Each share's columns of [T, B], its random numbers. */
  #writeShares({ ids, targets, steps, seed, done }: StepInput): void {
    this.#random[0] = seed;
    this.#random[1] = done;
    this.rows.forEach((rows, i) => {
      const runner = this.shares.runners[i];
      if (!runner) throw new AdaptiveError('internal', `Share ${i} was not loaded.`);
      runner.write('ids', this.#columns(ids, steps, rows));
      runner.write('targets', this.#columns(targets, steps, rows));
      if (runner.program.ports.has('random')) runner.write('random', this.#random);
    });
  }

  #columns(from: Int32Array, steps: number, { first, count }: Rows): Int32Array {
    const { batch } = this.options;
    if (count === batch) return from.subarray(0, steps * batch);
    for (let t = 0; t < steps; t++) {
      this.#ids.set(from.subarray(t * batch + first, t * batch + first + count), t * count);
    }
    return this.#ids.subarray(0, steps * count);
  }

  /** √ Σ norm², of the slices. */
  async #wholeNorm(): Promise<number> {
    let squares = 0;
    for (const runner of this.reduction.runners) squares += ((await runner.read('norm', this.#one))[0] ?? NaN) ** 2;
    return Math.sqrt(squares);
  }

  async #sum(port: string): Promise<number> {
    let sum = 0;
    for (const runner of this.shares.runners) sum += (await runner.read(port, this.#one))[0] ?? NaN;
    return sum;
  }
}

/** Rows in runs of about one length. */
function shareOut(batch: number, count: number): Rows[] {
  const cut = (i: number) => Math.floor((batch * i) / count);
  return Array.from({ length: count }, (_, i) => ({ first: cut(i), count: cut(i + 1) - cut(i) }));
}

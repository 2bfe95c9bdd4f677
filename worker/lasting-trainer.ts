/**
 * A trainer that outlasts its backend. While it is on a GPU, which may go at any time, the run's state is copied out now
 * and then; when the GPU fails, another trainer starts from the last copy, and the steps since are taken again.
 *
 * Memory: two copies of weights and moments (one that is whole, one that is being made), on a GPU only.
 */
import type { BackendChange, BackendChoice, BackendReason } from '../core/backend.js';
import { AdaptiveError } from '../core/errors.js';
import type { Backend, Executor } from '../core/executor.js';
import type { Backends } from './backends.js';
import { place, placeAgain } from './placing.js';
import type { TokenStream } from './token-stream.js';
import { Trainer, type TrainerOptions } from './trainer.js';
import type { TrainingState, TrainingStep } from './training-step.js';
import type { Validator } from './validator.js';

export interface LastingTrainerOptions extends TrainerOptions {
  readonly backends: Backends;
  readonly choice: BackendChoice;
  readonly training: TokenStream;
}

/** A place in a run to go on from. */
export interface RunCopy {
  readonly state: TrainingState;
  /** Optimizer steps done. */
  readonly step: number;
  /** Place in the text. */
  readonly position: number;
}

/** No more than this part of the time goes into copies, and there is none sooner than `soonest` after the last one. */
const copyingPart = 0.02;
const soonest = 500; // ms

export class LastingTrainer {
  #trainer: Trainer;
  #reason: BackendReason;
  #steps = 0;
  #losses = 0;
  #copy: RunCopy | null;
  #spare: Omit<TrainingState, 'recurrent'> | null = null;
  #nextCopy = 0;

  private constructor(
    readonly options: LastingTrainerOptions,
    placed: { readonly it: Trainer; readonly reason: BackendReason },
    start: RunCopy,
  ) {
    this.#trainer = placed.it;
    this.#reason = placed.reason;
    this.#copy = start;
  }

  /** Goes on from `start`, whose arrays belong to it from then on. */
  static async create(options: LastingTrainerOptions, start: RunCopy): Promise<LastingTrainer> {
    const { backends, choice, model, plan } = options;
    const { batchSize, segmentLength, threads, optimizer, dropout } = plan.config;
    const placed = await place(backends, {
      choice,
      key: [
        'training',
        model,
        batchSize,
        segmentLength,
        optimizer,
        Object.values(dropout).some((rate) => rate > 0),
        threads || (await backends.usualThreads()),
      ],
      make: (executor) => Trainer.create(executor, options),
    });
    const trainer = new LastingTrainer(options, placed, start);
    try {
      trainer.#goBack();
    } catch (thrown) {
      await trainer.replace(AdaptiveError.from(thrown));
    }
    return trainer;
  }

  get step(): TrainingStep {
    return this.#trainer.step;
  }

  get validator(): Validator | null {
    return this.#trainer.validator;
  }

  get backend(): Backend {
    return this.#trainer.backend;
  }

  get reason(): BackendReason {
    return this.#reason;
  }

  get threads(): number {
    return this.#trainer.threads;
  }

  get bytes(): number {
    return this.#trainer.bytes;
  }

  /** Steps that its weights have seen. Fewer than the run's after it was replaced, until those are taken again. */
  get steps(): number {
    return this.#steps;
  }

  /** To be called after each step. Copies the state out when it is time. */
  async stepped(): Promise<void> {
    this.#steps++;
    if (!this.#copy || performance.now() < this.#nextCopy) return;
    const started = performance.now();
    const { state } = this.#copy;
    const room = this.#spare ?? emptyState(state.parameters.length);
    const copied = await this.step.save(room);
    this.#copy = { state: copied, step: this.#steps, position: this.options.training.position };
    this.#spare = state;
    this.#copied(performance.now() - started);
  }

  /** Weights that are at hand when the trainer's cannot be had: those of the last copy, or null without one. */
  get copiedParameters(): Float32Array | null {
    return this.#copy?.state.parameters ?? null;
  }

  /** Goes on on another executor. @throws AdaptiveError `error` itself when there is none */
  async replace(error: AdaptiveError): Promise<BackendChange> {
    const from = this.backend;
    let failure = error;
    for (;;) {
      this.#trainer.destroy();
      await this.#placeAgain(failure);
      try {
        this.#goBack();
        return { from, to: this.backend, reason: this.#reason, message: error.message };
      } catch (thrown) {
        failure = AdaptiveError.from(thrown);
      }
    }
  }

  /** Twice is harmless. */
  destroy(): void {
    this.#trainer.destroy();
  }

  async #placeAgain(error: AdaptiveError): Promise<void> {
    const { backends } = this.options;
    const make = (executor: Executor) => Trainer.create(executor, this.options);
    const placed = await placeAgain(backends, { make, error, from: this.backend, losses: this.#losses++ });
    this.#trainer = placed.it;
    this.#reason = placed.reason;
  }

  #goBack(): void {
    const { training } = this.options;
    if (!this.#copy) throw new AdaptiveError('internal', 'There is nothing to go back to.');
    const { state, step, position } = this.#copy;
    this.step.restore(state);
    training.position = position;
    this.#steps = step;
    this.#copied(0);
    // From WASM there is no way on, and none is needed.
    if (this.backend === 'wasm') this.#copy = this.#spare = null;
  }

  #copied(cost: number): void {
    this.#nextCopy = performance.now() + Math.max(soonest, cost / copyingPart);
  }
}

/** Where a run starts that has these parameters. */
export function firstCopy(parameters: Float32Array): RunCopy {
  const state = { ...emptyState(parameters.length), parameters: parameters.slice(), recurrent: null };
  return { state, step: 0, position: 0 };
}

/** Room for the flat buffers of a state. */
export function emptyState(length: number): Omit<TrainingState, 'recurrent'> {
  const flat = () => new Float32Array(length);
  return { parameters: flat(), moment1: flat(), moment2: flat() };
}

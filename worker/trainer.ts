/** Everything of a training run that stands on one executor, which is its own: the step, and the validation beside it. */
import type { ModelConfig } from '../core/config.js';
import type { Backend, Executor } from '../core/executor.js';
import { languageModelLayout } from '../core/parameters.js';
import { longestSegment } from '../model/segments.js';
import type { Placeable } from './placing.js';
import { quickest } from './quickest.js';
import type { TokenStream } from './token-stream.js';
import type { TrainingPlan } from './training-plan.js';
import { TrainingStep } from './training-step.js';
import { Validator } from './validator.js';

export interface TrainerOptions {
  readonly model: ModelConfig;
  readonly plan: TrainingPlan;
  /** null when nothing is held out. */
  readonly validation: TokenStream | null;
}

/** Multiplications with an addition in a step that is timed, at most, and its steps of time. */
const timedWork = 2e9;
const timedSteps = 16;

export class Trainer implements Placeable {
  private constructor(
    readonly executor: Executor,
    readonly step: TrainingStep,
    readonly validator: Validator | null,
    readonly options: TrainerOptions,
  ) {}

  /** Takes the memory of the run. The executor is destroyed when that fails. @throws AdaptiveError 'memory', 'worker' */
  static async create(executor: Executor, options: TrainerOptions): Promise<Trainer> {
    const { model, plan, validation } = options;
    const { config } = plan;
    try {
      const step = await TrainingStep.create(executor, {
        model,
        batch: config.batchSize,
        maxSteps: longestSegment(config),
        dropout: config.dropout,
        optimizer: config,
        threads: config.threads || executor.usualThreads,
      });
      const validator = validation && (await Validator.create(executor, model, validation, config.segmentLength));
      return new Trainer(executor, step, validator, options);
    } catch (error) {
      executor.destroy();
      throw error;
    }
  }

  get backend(): Backend {
    return this.executor.backend;
  }

  get threads(): number {
    return this.step.threads;
  }

  get bytes(): number {
    return this.executor.bytes;
  }

  /** Of a short step. Leaves the moments and the recurrent state as they happen to be then. */
  time(limit?: number): Promise<number> {
    const { model, plan } = this.options;
    const { batchSize, segmentLength, seed } = plan.config;
    const suitable = Math.floor(timedWork / (3 * languageModelLayout(model).count * batchSize));
    const steps = Math.max(1, Math.min(timedSteps, suitable, segmentLength));
    const ids = Int32Array.from({ length: steps * batchSize }, (_, i) => (i * 7) % model.vocabularySize);
    // At a rate of 0 the parameters stay as they are.
    const input = { ids, targets: ids, steps, learningRate: 0, seed, done: 0 };
    return quickest(() => this.step.run(input), limit);
  }

  /** Also ends the executor. Twice is harmless. */
  destroy(): void {
    this.executor.destroy();
  }
}

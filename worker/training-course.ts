/** What each step of a run is: which segment of the text, from which state, at which rate. */
import { scheduledRate } from '../model/schedule.js';
import { longestSegment, segmentLengthAt } from '../model/segments.js';
import type { TokenStream } from './token-stream.js';
import type { StepReport } from './training-meter.js';
import type { TrainingPlan } from './training-plan.js';
import type { TrainingStep } from './training-step.js';

export class TrainingCourse {
  readonly #ids: Int32Array; // [T, B]
  readonly #targets: Int32Array; // [T, B]

  constructor(
    readonly plan: TrainingPlan,
    readonly training: TokenStream,
  ) {
    this.#ids = new Int32Array(longestSegment(plan.config) * training.batchSize);
    this.#targets = new Int32Array(this.#ids.length);
  }

  /** The step after `done` others. The same `done` from the same state and place in the text is the same step. */
  async run(step: TrainingStep, done: number): Promise<StepReport> {
    const { config, totalSteps } = this.plan;
    const length = await this.#nextSegment(step, segmentLengthAt(config, done));
    // The rate of a segment is in proportion to its length, or short ones would count for more (Merity et al. 2017).
    const learningRate =
      scheduledRate(config.schedule, config.learningRate, done, totalSteps) * (length / config.segmentLength);
    const { loss, gradientNorm } = await step.run({
      ids: this.#ids,
      targets: this.#targets,
      steps: length,
      learningRate,
      seed: config.seed,
      done,
    });
    return { loss, gradientNorm, learningRate, tokens: length * this.training.batchSize };
  }

  /** Reads the next segment, at most `maxSteps` long, and returns its length. A new epoch starts from the zero state. */
  async #nextSegment(step: TrainingStep, maxSteps: number): Promise<number> {
    const { training } = this;
    if (training.position % training.rowLength === 0) step.clearState();
    return training.next(this.#ids, this.#targets, maxSteps);
  }
}

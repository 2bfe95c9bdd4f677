/** One model that is trained on a corpus, from its first step to the loss on what was held out. */
import type { ModelConfig, TrainingConfig } from '../../core/config.js';
import { AdaptiveError } from '../../core/errors.js';
import type { Executor } from '../../core/executor.js';
import { languageModelLayout } from '../../core/parameters.js';
import { initialise } from '../../model/initialise.js';
import { Trainer } from '../../worker/trainer.js';
import { TrainingCourse } from '../../worker/training-course.js';
import type { StepReport } from '../../worker/training-meter.js';
import { planTraining } from '../../worker/training-plan.js';
import type { Laboratory } from '../experiment.js';
import type { Pace } from '../pace.js';
import type { Corpus } from './corpus.js';
import { TokenRows } from './token-rows.js';

export interface LanguageRunOptions {
  readonly laboratory: Laboratory;
  readonly model: ModelConfig;
  readonly config: TrainingConfig;
  readonly corpus: Corpus;
  /** Optimizer steps; as many as the epochs take unless given. */
  readonly steps?: number;
}

/** Rows of held-out text, at most: the fewer, the less of it is read with a state that has not settled. */
const heldRows = 10;

export class LanguageRun {
  readonly totalSteps: number;
  readonly #course: TrainingCourse;
  #done = 0;
  #failure = '';

  private constructor(
    readonly trainer: Trainer,
    course: TrainingCourse,
  ) {
    this.#course = course;
    this.totalSteps = course.plan.totalSteps;
  }

  /** @throws AdaptiveError 'memory', 'corpus-too-short' */
  static async create(options: LanguageRunOptions): Promise<LanguageRun> {
    const { laboratory, model, config, corpus } = options;
    const training = new TokenRows(corpus.training, config.batchSize);
    const validation = new TokenRows(corpus.held, Math.min(config.batchSize, heldRows));
    if (training.rowLength === 0 || validation.rowLength === 0) {
      throw new AdaptiveError(
        'corpus-too-short',
        `${corpus.training.length} tokens are not enough for a batch of ${config.batchSize} rows.`,
      );
    }
    const usual = planTraining(config, training.rowLength);
    const plan = { ...usual, totalSteps: options.steps ?? usual.totalSteps };
    const trainer = await Trainer.create(await laboratory.executor(), { model, plan, validation });
    const layout = languageModelLayout(model);
    const parameters = new Float32Array(layout.length);
    initialise(layout, config.seed, parameters);
    trainer.step.writeParameters(parameters);
    return new LanguageRun(trainer, new TrainingCourse(plan, training));
  }

  get executor(): Executor {
    return this.trainer.executor;
  }

  get done(): number {
    return this.#done;
  }

  /** What went wrong, or ''. A run that failed has ended. */
  get failure(): string {
    return this.#failure;
  }

  get ended(): boolean {
    return this.#failure !== '' || this.#done >= this.totalSteps;
  }

  /** The next optimizer step. */
  async step(): Promise<StepReport> {
    const report = await this.#course.run(this.trainer.step, this.#done);
    this.#done++;
    if (!Number.isFinite(report.loss)) this.#failure = `loss not finite at step ${this.#done}`;
    else if (!Number.isFinite(report.gradientNorm)) this.#failure = `gradient not finite at step ${this.#done}`;
    return report;
  }

  /** Mean over the held-out tokens, in nats per token. @throws AdaptiveError 'aborted' */
  async heldLoss(signal: AbortSignal): Promise<number> {
    const loss = await this.trainer.validator?.run(() => signal.aborted);
    if (loss === null) throw new AdaptiveError('aborted', 'The experiment was stopped.');
    return loss ?? NaN;
  }

  /** Ends the executor. Twice is harmless. */
  destroy(): void {
    this.trainer.destroy();
  }
}

export interface TrainedRun {
  /** Nats per token; NaN after a failure. */
  readonly heldLoss: number;
  /** What went wrong, or ''. */
  readonly failure: string;
}

/**
 * Trains a model to its end and measures it on what was held out. `frame` is asked when it is time to show how far it is:
 * the part of the steps that is done, and the loss in words.
 * @throws AdaptiveError 'aborted', 'memory', 'corpus-too-short'
 */
export async function* trainedRun<Frame>(
  options: LanguageRunOptions,
  pace: Pace,
  frame: (part: number, loss: string) => Frame,
): AsyncGenerator<Frame, TrainedRun> {
  const run = await LanguageRun.create(options);
  try {
    while (!run.ended) {
      const { loss } = await run.step();
      if (await pace.beat()) yield frame(run.done / run.totalSteps, `loss ${loss.toFixed(3)}`);
    }
    return { heldLoss: run.failure === '' ? await run.heldLoss(pace.signal) : NaN, failure: run.failure };
  } finally {
    run.destroy();
  }
}

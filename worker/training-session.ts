/**
 * One training run of an engine: steps, validations, samples, and the best weights so far.
 * However it ends (finished, stopped, diverged, an error), the engine is left with the best weights it ever had.
 */
import { parseGenerationConfig } from '../core/config.js';
import type { TrainingEvent, TrainingProgress, TrainingResult } from '../core/protocol.js';
import { scheduledRate } from '../model/schedule.js';
import { longestSegment, segmentLengthAt } from '../model/segments.js';
import type { Engine } from './engine.js';
import { Generator } from './generator.js';
import { nextTask } from './next-task.js';
import type { TrainingControl } from './training-control.js';
import type { TokenStream } from './token-stream.js';
import { TrainingMeter } from './training-meter.js';
import type { TrainingPlan } from './training-plan.js';
import { TrainingStep } from './training-step.js';
import { Validator } from './validator.js';

export interface SessionOptions {
  readonly engine: Engine;
  readonly plan: TrainingPlan;
  readonly training: TokenStream;
  /** null when nothing is held out. */
  readonly validation: TokenStream | null;
  readonly charactersPerToken: number;
  /** Whether the model had been trained before. */
  readonly continued: boolean;
  readonly samplePrompt: string;
  readonly onEvent: (event: TrainingEvent) => void;
  readonly control: TrainingControl;
}

/** Progress is sent at most this often. */
const progressInterval = 100; // ms
const sampleTokens = 200;
/** Weights of a run without validations are kept after this many steps. */
const keepEvery = 100; // steps
/** A smoothed loss this much above that of guessing means that the run has diverged. */
const divergenceFactor = 1.5;

type Outcome = Pick<TrainingResult, 'reason' | 'message'>;

export class TrainingSession {
  readonly #meter: TrainingMeter;
  readonly #best: Float32Array;
  #sentAt = 0;
  /** Whether any of what the run has learned was validated. */
  #judged = false;
  #keptAny = false;

  private constructor(
    readonly options: SessionOptions,
    readonly step: TrainingStep,
    readonly validator: Validator | null,
  ) {
    const { plan, charactersPerToken, engine } = options;
    this.#meter = new TrainingMeter(plan, charactersPerToken);
    this.#best = new Float32Array(engine.layout.length);
  }

  /** Takes the memory of the run: Programs for training and validation, and one copy of the weights. */
  static async create(options: SessionOptions): Promise<TrainingSession> {
    const { engine, plan, training, validation } = options;
    const { config } = plan;
    const step = await TrainingStep.create(engine.executor, {
      model: engine.config,
      batch: training.batchSize,
      maxSteps: longestSegment(config),
      dropout: config.dropout,
      optimizer: config,
      threads: config.threads || engine.executor.usualThreads,
    });
    let validator: Validator | null = null;
    try {
      validator =
        validation && (await Validator.create(engine.executor, engine.config, validation, config.segmentLength));
      await engine.keepFloat32();
      return new TrainingSession(options, step, validator);
    } catch (error) {
      step.unload();
      validator?.unload();
      throw error;
    }
  }

  get threads(): number {
    return this.step.threads;
  }

  get progress(): TrainingProgress {
    return this.#meter.progress;
  }

  /** The best so far, or those that the run began with. */
  get weights(): Float32Array {
    return this.#best;
  }

  /** Whether the best weights are others than those that the run began with. */
  get keptAny(): boolean {
    return this.#keptAny;
  }

  /** Runs to an end. Throws only on a bug or a lost backend; the weights are the best ones even then. */
  async run(): Promise<Outcome> {
    const { engine } = this.options;
    await engine.readParameters(this.#best);
    this.step.clearState();
    try {
      // What a trained model can do already is what the run has to beat.
      if (this.options.continued) await this.#validate();
      const outcome = await this.#loop();
      await this.#finish(outcome);
      return outcome;
    } finally {
      engine.writeParameters(this.#best);
      this.step.unload();
      this.validator?.unload();
    }
  }

  async #loop(): Promise<Outcome> {
    const { plan, training, control } = this.options;
    const longest = longestSegment(plan.config);
    const ids = new Int32Array(longest * training.batchSize);
    const targets = new Int32Array(ids.length);
    while (this.#meter.step < plan.totalSteps) {
      await nextTask();
      if (control.paused) await this.#pause();
      if (control.stopped) return { reason: 'stopped', message: '' };
      const diverged = await this.#step(ids, targets);
      if (diverged) return { reason: 'diverged', message: diverged };
      await this.#afterStep();
    }
    return { reason: 'finished', message: '' };
  }

  async #pause(): Promise<void> {
    const { control, onEvent } = this.options;
    this.#sendProgress();
    onEvent({ type: 'paused' });
    await control.whenRunning();
    if (!control.stopped) onEvent({ type: 'resumed' });
  }

  /** One optimizer step. Returns what went wrong, or ''. */
  async #step(ids: Int32Array, targets: Int32Array): Promise<string> {
    const { plan, training, engine } = this.options;
    const { config } = plan;
    const started = performance.now();
    const step = this.#meter.step;
    const length = this.#nextSegment(ids, targets, segmentLengthAt(config, step));
    const tokens = length * training.batchSize;
    // The rate of a segment is in proportion to its length, or short ones would count for more (Merity et al. 2017).
    const rate =
      scheduledRate(config.schedule, config.learningRate, step, plan.totalSteps) * (length / config.segmentLength);
    const { loss, gradientNorm } = await this.step.run({
      ids,
      targets,
      steps: length,
      learningRate: rate,
      seed: config.seed,
      done: step,
    });
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      return divergence(`the ${Number.isFinite(loss) ? 'gradient' : 'loss'} was not a number at step ${step + 1}`);
    }
    this.#meter.record({ loss, gradientNorm, learningRate: rate, tokens }, (performance.now() - started) / 1000);
    const guessing = Math.log(engine.config.vocabularySize);
    if (this.#meter.smoothLoss > divergenceFactor * guessing + 1) {
      return divergence(
        `the loss rose to ${this.#meter.smoothLoss.toFixed(2)}, worse than guessing (${guessing.toFixed(2)})`,
      );
    }
    return '';
  }

  /** Fills in the next segment, at most `maxSteps` long, and returns its length. A new epoch starts from the zero state. */
  #nextSegment(ids: Int32Array, targets: Int32Array, maxSteps: number): number {
    const { training } = this.options;
    const length = training.next(ids, targets, maxSteps);
    if (length > 0) return length;
    training.rewind();
    this.step.clearState();
    return training.next(ids, targets, maxSteps);
  }

  async #afterStep(): Promise<void> {
    const { plan } = this.options;
    const { step } = this.#meter;
    const last = step === plan.totalSteps;
    if (step % plan.validateEvery === 0 || last) await this.#validate();
    if (!this.validator && (step % keepEvery === 0 || last)) await this.#keep();
    if (step % plan.sampleEvery === 0 || last) await this.#sample();
    if (performance.now() - this.#sentAt >= progressInterval || last) this.#sendProgress();
  }

  async #validate(): Promise<void> {
    const { onEvent, engine, control } = this.options;
    if (!this.validator) return;
    const started = performance.now();
    const loss = await this.validator.run(() => control.stopped);
    this.#meter.addSeconds((performance.now() - started) / 1000);
    if (loss === null || !Number.isFinite(loss)) return;
    this.#judged = this.#meter.step > 0;
    const best = this.#meter.recordValidation(loss);
    if (best) {
      await this.#keep();
      engine.validationLoss = loss;
    }
    onEvent({ type: 'validation', step: this.#meter.step, loss, best });
  }

  /** What the model writes now. */
  async #sample(): Promise<void> {
    const { engine, samplePrompt, plan, onEvent, control } = this.options;
    if (control.stopped) return;
    const started = performance.now();
    const config = parseGenerationConfig({
      prompt: samplePrompt,
      maxTokens: sampleTokens,
      seed: plan.config.seed,
    });
    const { text } = await new Generator(engine).generate(config);
    this.#meter.addSeconds((performance.now() - started) / 1000);
    onEvent({ type: 'sample', step: this.#meter.step, text });
  }

  /** A run that was stopped before its first validation keeps what it has learned so far. */
  async #finish({ reason }: Outcome): Promise<void> {
    const { engine } = this.options;
    if (reason === 'stopped' && !this.#judged && this.#meter.step > 0) {
      await this.#keep();
      engine.validationLoss = null;
    }
    this.#sendProgress();
  }

  async #keep(): Promise<void> {
    await this.options.engine.readParameters(this.#best);
    this.#keptAny = true;
  }

  #sendProgress(): void {
    if (this.#meter.step === 0) return;
    this.#sentAt = performance.now();
    this.options.onEvent({ type: 'progress', progress: this.progress });
  }
}

function divergence(what: string): string {
  return (
    `Training stopped: ${what}. The last good weights were kept. ` +
    'Try a lower learning rate, or a stricter limit on the gradient norm.'
  );
}

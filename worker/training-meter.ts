/** Keeps the numbers of a run: smoothed loss, speed, time left. */
import type { TrainingProgress } from '../core/protocol.js';
import type { TrainingPlan } from './training-plan.js';

/** The smoothed loss forgets with this horizon. */
const smoothing = 50; // steps
/** Speed is that of about the last this many seconds. */
const speedWindow = 5; // s

export interface StepReport {
  readonly loss: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  readonly tokens: number;
}

export class TrainingMeter {
  #step = 0;
  #tokens = 0;
  #last: StepReport = { loss: NaN, gradientNorm: 0, learningRate: 0, tokens: 0 };
  #smooth = 0;
  #weight = 0;
  #speed = 0; // tokens/s
  #secondsPerStep = 0;
  #elapsed = 0;
  #validationLoss: number | null = null;
  #best: number | null = null;

  constructor(
    readonly plan: TrainingPlan,
    /** Characters per token, for bits per character. */
    readonly charactersPerToken: number,
  ) {}

  get step(): number {
    return this.#step;
  }

  /** Mean of the loss over about the last 50 steps, unbiased at the start. */
  get smoothLoss(): number {
    return this.#weight > 0 ? this.#smooth / this.#weight : NaN;
  }

  record(report: StepReport, seconds: number): void {
    this.#step++;
    this.#tokens += report.tokens;
    this.#last = report;
    const keep = 1 - 1 / smoothing;
    this.#smooth = keep * this.#smooth + (1 - keep) * report.loss;
    this.#weight = keep * this.#weight + (1 - keep);
    this.#elapsed += seconds;
    const share = Math.max(1 / this.#step, Math.min(1, seconds / speedWindow));
    this.#secondsPerStep += share * (seconds - this.#secondsPerStep);
    this.#speed += share * (report.tokens / Math.max(seconds, 1e-6) - this.#speed);
  }

  /** Seconds that were spent on other things than steps: validation, samples. */
  addSeconds(seconds: number): void {
    this.#elapsed += seconds;
  }

  isBest(validationLoss: number): boolean {
    return this.#best === null || validationLoss < this.#best;
  }

  recordValidation(loss: number): void {
    this.#validationLoss = loss;
    if (this.isBest(loss)) this.#best = loss;
  }

  get progress(): TrainingProgress {
    const smoothLoss = this.smoothLoss;
    const { config, totalSteps, stepsPerEpoch } = this.plan;
    const share = this.#step > 0 ? this.#elapsed / this.#step : this.#secondsPerStep;
    return {
      step: this.#step,
      totalSteps,
      epoch: Math.min(config.epochs, this.#step / stepsPerEpoch),
      tokens: this.#tokens,
      tokensPerSecond: this.#speed,
      loss: this.#last.loss,
      smoothLoss,
      perplexity: Math.exp(smoothLoss),
      bitsPerCharacter: smoothLoss / Math.LN2 / this.charactersPerToken,
      validationLoss: this.#validationLoss,
      bestValidationLoss: this.#best,
      gradientNorm: this.#last.gradientNorm,
      learningRate: this.#last.learningRate,
      secondsElapsed: this.#elapsed,
      secondsLeft: Math.max(share, this.#secondsPerStep) * (totalSteps - this.#step),
    };
  }
}

/** Keeps the numbers of a run: smoothed loss, speed, time left. */
import { bitsPerCharacter } from '../core/bits.js';
import type { TrainingProgress } from '../core/protocol.js';
import type { MeterState } from '../core/run-record.js';
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

/** Before the first step. */
const nothing: MeterState = {
  step: 0,
  tokens: 0,
  last: { loss: 0, gradientNorm: 0, learningRate: 0, tokens: 0 },
  smooth: 0,
  weight: 0,
  speed: 0,
  secondsPerStep: 0,
  elapsed: 0,
  validationLoss: null,
  best: null,
};

export class TrainingMeter {
  #state: MeterState;

  constructor(
    readonly plan: TrainingPlan,
    /** Characters per token, for bits per character. */
    readonly charactersPerToken: number,
    /** What it came to before the run was interrupted. */
    state: MeterState = nothing,
  ) {
    this.#state = state;
  }

  /** All of it, as a value. */
  get state(): MeterState {
    return this.#state;
  }

  get step(): number {
    return this.#state.step;
  }

  /** Mean of the loss over about the last 50 steps, unbiased at the start. */
  get smoothLoss(): number {
    const { smooth, weight } = this.#state;
    return weight > 0 ? smooth / weight : NaN;
  }

  record(report: StepReport, seconds: number): void {
    const { step, tokens, smooth, weight, elapsed, secondsPerStep, speed, ...rest } = this.#state;
    const keep = 1 - 1 / smoothing;
    const share = Math.max(1 / (step + 1), Math.min(1, seconds / speedWindow));
    this.#state = {
      ...rest,
      step: step + 1,
      tokens: tokens + report.tokens,
      last: report,
      smooth: keep * smooth + (1 - keep) * report.loss,
      weight: keep * weight + (1 - keep),
      elapsed: elapsed + seconds,
      secondsPerStep: secondsPerStep + share * (seconds - secondsPerStep),
      speed: speed + share * (report.tokens / Math.max(seconds, 1e-6) - speed),
    };
  }

  /** Seconds that were spent on other things than steps: validation, samples. */
  addSeconds(seconds: number): void {
    this.#state = { ...this.#state, elapsed: this.#state.elapsed + seconds };
  }

  isBest(validationLoss: number): boolean {
    const { best } = this.#state;
    return best === null || validationLoss < best;
  }

  recordValidation(validationLoss: number): void {
    const best = this.isBest(validationLoss) ? validationLoss : this.#state.best;
    this.#state = { ...this.#state, validationLoss, best };
  }

  /** The next validation is the best one, whatever comes out. */
  forgetBest(): void {
    this.#state = { ...this.#state, best: null };
  }

  get progress(): TrainingProgress {
    const smoothLoss = this.smoothLoss;
    const { config, totalSteps, stepsPerEpoch } = this.plan;
    const { step, tokens, last, speed, secondsPerStep, elapsed, validationLoss, best } = this.#state;
    const share = step > 0 ? elapsed / step : secondsPerStep;
    return {
      step,
      totalSteps,
      epoch: Math.min(config.epochs, step / stepsPerEpoch),
      tokens,
      tokensPerSecond: speed,
      loss: step > 0 ? last.loss : NaN,
      smoothLoss,
      perplexity: Math.exp(smoothLoss),
      bitsPerCharacter: bitsPerCharacter(smoothLoss, this.charactersPerToken),
      validationLoss,
      bestValidationLoss: best,
      gradientNorm: last.gradientNorm,
      learningRate: last.learningRate,
      secondsElapsed: elapsed,
      secondsLeft: Math.max(share, secondsPerStep) * (totalSteps - step),
    };
  }
}

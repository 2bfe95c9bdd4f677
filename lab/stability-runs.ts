/** What is kept of a run of the experiment `stability`, and what is measured of it. */
import type { AnyFrame } from './experiment.js';
import { mean } from './statistics.js';

/** A gradient of norm 1 at the last step, and its norm `distances` steps before. */
export interface Flow {
  /** Optimizer steps done. */
  readonly step: number;
  readonly distances: readonly number[];
  readonly norms: readonly number[];
}

export interface StabilityRunName {
  readonly model: 'aLSTM' | 'LSTM';
  readonly parameters: number;
  readonly rate: number;
  readonly seed: number;
}

export interface StabilityRun extends StabilityRunName {
  /** Of each step, nats per token. */
  readonly losses: readonly number[];
  /** Of the whole gradient, at each step. */
  readonly norms: readonly number[];
  readonly flows: readonly Flow[];
  /** What was not finite, or ''. */
  readonly failure: string;
}

export interface StabilityFrame extends AnyFrame {
  readonly runs: readonly StabilityRun[];
}

/** The loss in the end is the mean over this part of the steps. */
const lastPart = 0.1;

export function finalLoss({ losses }: StabilityRun): number {
  return mean(losses.slice(-Math.max(1, Math.round(lastPart * losses.length))));
}

/** Not finite, or no better in the end than at the start. */
export function failed(run: StabilityRun): boolean {
  return run.failure !== '' || !(finalLoss(run) < (run.losses[0] ?? NaN));
}

export function lowestLoss({ losses }: StabilityRun): number {
  return Math.min(...losses.filter(Number.isFinite));
}

/** The most that the loss ever rose above the lowest before, in nats. */
export function largestRise({ losses }: StabilityRun): number {
  let lowest = Infinity;
  let rise = 0;
  for (const loss of losses) {
    rise = Math.max(rise, loss - lowest);
    lowest = Math.min(lowest, loss);
  }
  return rise;
}

/** Of the whole gradient; infinite where it was not finite. */
export function largestNorm({ norms }: StabilityRun): number {
  return Math.max(...norms.map((norm) => (Number.isFinite(norm) ? norm : Infinity)));
}

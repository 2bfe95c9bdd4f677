/** What a run has come to, its large arrays apart: its numbers, its curve, and what is to be done next. */
import { LossHistory } from '../core/loss-history.js';
import type { RunPast, TrainingProgress } from '../core/protocol.js';
import type { DueWork, RunRecord, RunText } from '../core/run-record.js';
import { TrainingMeter, type StepReport } from './training-meter.js';
import type { TrainingPlan } from './training-plan.js';

/** Progress is sent at most this often. */
const progressInterval = 100; // ms
/** Weights of a run without validations are kept after this many steps. */
const keepEvery = 100; // steps
/** A smoothed loss this much above that of guessing means that the run has diverged. */
const divergenceFactor = 1.5;

export interface RunSettings {
  readonly plan: TrainingPlan;
  readonly charactersPerToken: number;
  /** Whether the model had been trained before. */
  readonly continued: boolean;
  readonly samplePrompt: string;
}

export class RunState {
  readonly meter: TrainingMeter;
  readonly #history: LossHistory;
  /** What is still to be done after the last step. Each can be begun again after it failed. */
  readonly due: DueWork[];
  /** What the model wrote last. */
  sample: string | null;
  /** Whether any of what the run has learned was validated. */
  judged: boolean;
  /** Whether the best weights are others than those that the run began with. */
  keptAny: boolean;
  #sentAt = 0;

  /** `record` is that of a run to go on with; null for a new one. */
  constructor(
    readonly settings: RunSettings,
    record: RunRecord | null,
  ) {
    const { plan, charactersPerToken, continued } = settings;
    this.meter = new TrainingMeter(plan, charactersPerToken, record?.meter);
    this.#history = new LossHistory(plan.totalSteps, { curve: record?.curve ?? null });
    // What a trained model can do already is what the run has to beat.
    this.due = [...(record?.due ?? (continued ? ['validate' as const] : []))];
    this.sample = record?.sample ?? null;
    this.judged = record?.judged ?? false;
    this.keptAny = record?.keptAny ?? false;
  }

  /** What there is to show of a run that goes on after it was interrupted. */
  get past(): RunPast {
    return { step: this.meter.step, curve: this.#history.curve, sample: this.sample };
  }

  /** Says what is due after the step that was done last; `validates`: whether text is held out. */
  planNext(validates: boolean): void {
    const { plan } = this.settings;
    const { step } = this.meter;
    const last = step === plan.totalSteps;
    if (step % plan.validateEvery === 0 || last) this.due.push('validate');
    if (!validates && (step % keepEvery === 0 || last)) this.due.push('keep');
    if (step % plan.sampleEvery === 0 || last) this.due.push('sample');
    if (performance.now() - this.#sentAt >= progressInterval || last) this.due.push('progress');
  }

  recordValidation(loss: number): void {
    const { step } = this.meter;
    this.judged = step > 0;
    this.meter.recordValidation(loss);
    this.#history.addValidation(step, loss);
  }

  /** Progress to be sent now; null before the first step. */
  nextProgress(): TrainingProgress | null {
    const { progress } = this.meter;
    if (progress.step === 0) return null;
    this.#sentAt = performance.now();
    this.#history.addTraining(progress.step, progress.smoothLoss);
    return progress;
  }

  /** To be kept. `position`: of its text, in steps of a row. */
  record(position: number, corpus: RunText): RunRecord {
    const { plan, continued, samplePrompt } = this.settings;
    return {
      ...plan,
      meter: this.meter.state,
      position,
      due: [...this.due],
      judged: this.judged,
      keptAny: this.keptAny,
      continued,
      samplePrompt,
      sample: this.sample,
      curve: this.#history.curve,
      corpus,
    };
  }
}

/** Why a run cannot be gone on with after a step that is not recorded yet, or ''. */
export function brokenStep({ loss, gradientNorm }: StepReport, step: number): string {
  if (Number.isFinite(loss) && Number.isFinite(gradientNorm)) return '';
  return divergence(`the ${Number.isFinite(loss) ? 'gradient' : 'loss'} was not a number at step ${step}`);
}

/** Why a run leads nowhere, or ''. `vocabularySize`: V. */
export function diverged({ smoothLoss }: TrainingMeter, vocabularySize: number): string {
  const guessing = Math.log(vocabularySize);
  if (smoothLoss <= divergenceFactor * guessing + 1) return '';
  return divergence(`the loss rose to ${smoothLoss.toFixed(2)}, worse than guessing (${guessing.toFixed(2)})`);
}

function divergence(what: string): string {
  return (
    `Training stopped: ${what}. The last good weights were kept. ` +
    'Try a lower learning rate, or a stricter limit on the gradient norm.'
  );
}

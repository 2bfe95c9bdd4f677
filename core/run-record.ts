/**
 * A training run, written down: all of it but the large arrays of numbers. It comes from a store, so it is parsed, not
 * trusted.
 */
import * as v from 'valibot';
import { parseTrainingConfig, type TrainingConfig } from './config.js';
import type { LossCurve } from './loss-history.js';
import { parse } from './parse.js';

const number = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const point = v.strictObject({ step: count, loss: number });
const series = v.strictObject({ points: v.array(point), stride: v.pipe(count, v.minValue(1)), seen: count });

/** What may be due after a step. */
export const dueWorks = ['validate', 'keep', 'sample', 'progress'] as const;
export type DueWork = (typeof dueWorks)[number];

const schema = v.strictObject({
  config: v.unknown(),
  totalSteps: count,
  stepsPerEpoch: count,
  validateEvery: count,
  sampleEvery: count,
  /** The numbers of the run, see worker/training-meter.ts. `step` are the optimizer steps done. */
  meter: v.strictObject({
    step: count,
    tokens: count,
    last: v.strictObject({ loss: number, gradientNorm: number, learningRate: number, tokens: count }),
    smooth: number,
    weight: number,
    speed: number,
    secondsPerStep: number,
    elapsed: number,
    validationLoss: v.nullable(number),
    best: v.nullable(number),
  }),
  /** Steps of the rows of the corpus that were read. */
  position: count,
  due: v.array(v.picklist(dueWorks)),
  judged: v.boolean(),
  keptAny: v.boolean(),
  /** Whether the model had been trained before the run. */
  continued: v.boolean(),
  samplePrompt: v.string(),
  sample: v.nullable(v.string()),
  curve: v.strictObject({ training: series, validation: series, best: v.nullable(point) }),
  corpus: v.strictObject({
    /** By which it is found again. */
    id: v.string(),
    /** As people know it; may be empty. */
    name: v.string(),
    /** Of each file. */
    weights: v.array(number),
  }),
});

type Parsed = v.InferOutput<typeof schema>;

export type MeterState = Readonly<Parsed['meter']>;
/** The text that a run learns. */
export type RunText = Readonly<Parsed['corpus']>;

export interface RunRecord extends Omit<Readonly<Parsed>, 'config' | 'curve' | 'due'> {
  readonly config: TrainingConfig;
  readonly due: readonly DueWork[];
  readonly curve: LossCurve;
}

/** @throws AdaptiveError 'checkpoint', 'invalid-option' */
export function parseRunRecord(input: unknown): RunRecord {
  const { config, ...record } = parse('Stored run', 'checkpoint', schema, input);
  return { ...record, config: parseTrainingConfig(config) };
}

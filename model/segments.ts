/** Lengths of the segments that back-propagation runs through. */
import type { TrainingConfig } from '../core/config.js';
import { Random, streams } from '../core/random.js';

/** A segment is at least this long. */
const shortest = 5;
/** Standard deviation of the drawn length, and how far above the mean a Program must reach. */
const deviation = 5;
const reach = 4 * deviation;

export type SegmentConfig = Pick<TrainingConfig, 'segmentLength' | 'variableSegments' | 'seed'>;

/** T that a training Program is made for. */
export function longestSegment({ segmentLength, variableSegments }: SegmentConfig): number {
  return variableSegments ? segmentLength + reach : segmentLength;
}

/**
 * Length of the segment of step `step`: fixed, or drawn from N(mean, 5) with mean = segmentLength, or its half with
 * probability 0.05 (Merity et al. 2017, "Regularizing and optimizing LSTM language models", section 5).
 * A function of (seed, step) alone, so a resumed run draws the same.
 */
export function segmentLengthAt(config: SegmentConfig, step: number): number {
  if (!config.variableSegments) return config.segmentLength;
  const random = new Random(config.seed, streams.segments, step);
  const mean = random.next() < 0.95 ? config.segmentLength : config.segmentLength / 2;
  const drawn = Math.round(mean + deviation * random.nextNormal());
  return Math.min(Math.max(drawn, Math.min(shortest, config.segmentLength)), longestSegment(config));
}

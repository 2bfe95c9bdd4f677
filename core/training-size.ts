/** How much a run takes on: batch, segment and passes that suit a text, where nobody chose them. */

/** Rows of the batch, steps of back-propagation, and the part of a text that is held out, unless told otherwise. */
export const usualBatchSize = 32;
export const usualSegmentLength = 64;
export const usualValidationFraction = 0.1;

/** A short text is passed over until this many steps are done, within `mostEpochs`. */
const fewestSteps = 600;
const mostEpochs = 100;
const usualEpochs = 4;
/** Rows shorter than this many segments make poor use of carried state. */
const segmentsPerRow = 2;

export interface TrainingSize {
  /** B. */
  readonly batchSize: number;
  /** T. */
  readonly segmentLength: number;
  /** Passes over the training part. */
  readonly epochs: number;
}

/** What suits `trainingTokens`. What is given stays as it is. */
export function suitableSize(
  trainingTokens: number,
  given: { readonly [K in keyof TrainingSize]?: TrainingSize[K] | undefined } = {},
): TrainingSize {
  const segmentLength =
    given.segmentLength ?? Math.min(usualSegmentLength, Math.max(2, Math.floor(trainingTokens / segmentsPerRow)));
  const rows = Math.floor(trainingTokens / (segmentLength * segmentsPerRow));
  const batchSize = given.batchSize ?? Math.min(usualBatchSize, Math.max(1, rows));
  const stepsPerEpoch = Math.max(1, trainingTokens / (batchSize * segmentLength));
  const epochs = given.epochs ?? Math.min(mostEpochs, Math.max(usualEpochs, Math.ceil(fewestSteps / stepsPerEpoch)));
  return { batchSize, segmentLength, epochs };
}

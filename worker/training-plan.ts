/**
 * What a run will do, decided before it starts: batch and segment that suit the corpus where the caller left them open,
 * number of steps, times of validation.
 */
import { parseTrainingConfig, type TrainingConfig, type TrainingOptions } from '../core/config.js';

/** A short text is passed over until this many steps are done, within `mostEpochs`. */
const fewestSteps = 600;
const mostEpochs = 100;
const usualEpochs = 4;
/** Rows shorter than this many segments make poor use of carried state. */
const segmentsPerRow = 2;
/** A run that does not say otherwise is validated this often. */
const validationsPerRun = 20;
const fewestStepsBetweenValidations = 20;

export interface TrainingPlan {
  readonly config: TrainingConfig;
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
  readonly validateEvery: number;
  readonly sampleEvery: number;
}

/**
 * Completes the options for a corpus of `trainingTokens`. What the caller gave stays as it is.
 * @throws AdaptiveError 'invalid-option'
 */
export function completeOptions(options: TrainingOptions, trainingTokens: number): TrainingConfig {
  const asked = parseTrainingConfig(options);
  const segmentLength =
    options.segmentLength ?? Math.min(asked.segmentLength, Math.max(2, Math.floor(trainingTokens / segmentsPerRow)));
  const rows = Math.floor(trainingTokens / (segmentLength * segmentsPerRow));
  const batchSize = options.batchSize ?? Math.min(asked.batchSize, Math.max(1, rows));
  const stepsPerEpoch = Math.max(1, trainingTokens / (batchSize * segmentLength));
  const epochs = options.epochs ?? Math.min(mostEpochs, Math.max(usualEpochs, Math.ceil(fewestSteps / stepsPerEpoch)));
  return { ...asked, segmentLength, batchSize, epochs };
}

/** `rowLength` is the number of tokens in one row of the batch. The last segment of a row may be shorter than the others. */
export function planTraining(config: TrainingConfig, rowLength: number): TrainingPlan {
  const stepsPerEpoch = Math.ceil(rowLength / config.segmentLength);
  const totalSteps = Math.max(1, Math.ceil(config.epochs * stepsPerEpoch));
  const validateEvery =
    config.validateEvery || Math.max(fewestStepsBetweenValidations, Math.ceil(totalSteps / validationsPerRun));
  return { config, totalSteps, stepsPerEpoch, validateEvery, sampleEvery: config.sampleEvery || validateEvery };
}

/** What a run will do, decided before it starts: its size where the caller left it open, steps, times of validation. */
import { parseTrainingConfig, type TrainingConfig, type TrainingOptions } from '../core/config.js';
import { suitableSize } from '../core/training-size.js';

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
  return { ...asked, ...suitableSize(trainingTokens, options) };
}

/** `rowLength` is the number of tokens in one row of the batch. The last segment of a row may be shorter than the others. */
export function planTraining(config: TrainingConfig, rowLength: number): TrainingPlan {
  const stepsPerEpoch = Math.ceil(rowLength / config.segmentLength);
  const totalSteps = Math.max(1, Math.ceil(config.epochs * stepsPerEpoch));
  const validateEvery =
    config.validateEvery || Math.max(fewestStepsBetweenValidations, Math.ceil(totalSteps / validationsPerRun));
  return { config, totalSteps, stepsPerEpoch, validateEvery, sampleEvery: config.sampleEvery || validateEvery };
}

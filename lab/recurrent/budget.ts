/** Models of one size: comparisons are fair at equal numbers of parameters. */
import type { ModelConfig } from '../../core/config.js';
import { AdaptiveError } from '../../core/errors.js';
import { languageModelLayout } from '../../core/parameters.js';

/** A budget is met when it is missed by no more than this. */
const tolerance = 0.02;
const largestHidden = 8192;

export function parameterCount(config: ModelConfig): number {
  return languageModelLayout(config).count;
}

/**
 * Of the models that `make` makes by their hidden size, the one whose parameters come nearest to `budget`.
 * @param make gives more parameters for a larger hidden size
 * @throws AdaptiveError 'invalid-option' when none comes within 2 %
 */
export function fitBudget(budget: number, make: (hiddenSize: number) => ModelConfig): ModelConfig {
  // The largest that does not exceed the budget lies from `low` up to, not including, `high`.
  let low = 1;
  let high = largestHidden + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (parameterCount(make(middle)) <= budget) low = middle;
    else high = middle;
  }
  const miss = (config: ModelConfig) => Math.abs(parameterCount(config) - budget);
  const below = make(low);
  const above = make(Math.min(low + 1, largestHidden));
  const nearest = miss(above) < miss(below) ? above : below;
  if (miss(nearest) > tolerance * budget) {
    throw new AdaptiveError(
      'invalid-option',
      `No hidden size gives about ${budget.toLocaleString('en-US')} parameters: the nearest has ` +
        `${parameterCount(nearest).toLocaleString('en-US')}. Choose another budget, or other sizes beside it.`,
      { budget, nearest: parameterCount(nearest) },
    );
  }
  return nearest;
}

/**
 * The two that are compared: the adaptive LSTM with `hiddenSize`, and a static one with as many parameters.
 * @throws AdaptiveError 'invalid-option' when no static one comes within 2 %
 */
export function adaptiveAndStatic(
  make: (adaptation: 'io' | 'static', hiddenSize: number) => ModelConfig,
  hiddenSize: number,
) {
  const adaptive = make('io', hiddenSize);
  const still = fitBudget(parameterCount(adaptive), (hidden) => make('static', hidden));
  return [
    { name: 'aLSTM', model: adaptive },
    { name: 'LSTM', model: still },
  ] as const;
}

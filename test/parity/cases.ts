/** Runs one golden case on one executor. */
import type { Executor } from '../../core/executor.js';
import { runLinear } from './case-linear.js';
import { runOptimizer } from './case-optimizer.js';
import type { CaseErrors } from './case-ports.js';
import { runLanguageModel, runRecurrent } from './case-recurrent.js';
import type { Fixture } from './fixture.js';

const layers = {
  'adaptive-linear': runLinear,
  'adaptive-recurrent': runRecurrent,
  'language-model': runLanguageModel,
} as const;

/** Why a case is outside of what there is, or '' when it is covered. */
export function uncovered({ case: { layer, optimizer } }: Fixture): string {
  if (optimizer !== undefined)
    return optimizer === 'adam' || optimizer === 'adamw' ? '' : `optimizer ${JSON.stringify(optimizer)}`;
  return Object.hasOwn(layers, String(layer)) ? '' : `layer ${String(layer)}`;
}

export async function runCase(fixture: Fixture, executor: Executor): Promise<CaseErrors> {
  if (fixture.case['optimizer'] !== undefined) return runOptimizer(fixture, executor);
  const run = Object.entries(layers).find(([name]) => name === fixture.case['layer'])?.[1];
  if (!run) throw new TypeError(uncovered(fixture));
  return run(fixture, executor);
}

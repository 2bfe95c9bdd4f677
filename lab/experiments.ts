/** Every experiment by its name, in the order in which the story is told. */
import { ablation } from './ablation.js';
import { adaptation } from './adaptation.js';
import { beyond } from './beyond.js';
import { bottleneck } from './bottleneck.js';
import type { AnyFrame, Experiment } from './experiment.js';
import { robustness } from './robustness.js';
import { sine } from './sine.js';
import { stability } from './stability.js';
import { tails } from './tails.js';

const experiments = { bottleneck, beyond, sine, tails, adaptation, stability, robustness, ablation } as const;

export type ExperimentName = keyof typeof experiments;

export const experimentNames = Object.keys(experiments).filter(isExperimentName);

export function isExperimentName(name: string): name is ExperimentName {
  return Object.hasOwn(experiments, name);
}

/** For those who show any experiment: settings come from `parse`, frames go to the figures of the same name. */
export function experiment(name: ExperimentName): Experiment<unknown, AnyFrame> {
  return experiments[name];
}

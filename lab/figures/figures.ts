/** The figures of every experiment, by its name. */
import type { AnyFrame } from '../experiment.js';
import type { ExperimentName } from '../experiments.js';
import { ablationFigures } from './ablation.js';
import { adaptationFigures } from './adaptation.js';
import { beyondFigures } from './beyond.js';
import { bottleneckFigures } from './bottleneck.js';
import type { Figure } from './figure.js';
import { robustnessFigures } from './robustness.js';
import { sineFigures } from './sine.js';
import { stabilityFigures } from './stability.js';
import { tailsFigures } from './tails.js';

const figures = {
  bottleneck: bottleneckFigures,
  beyond: beyondFigures,
  sine: sineFigures,
  tails: tailsFigures,
  adaptation: adaptationFigures,
  stability: stabilityFigures,
  robustness: robustnessFigures,
  ablation: ablationFigures,
} satisfies Record<ExperimentName, unknown>;

/** To be given frames of the experiment of that name, and of no other. */
export function figuresOf(name: ExperimentName): readonly Figure<AnyFrame>[] {
  return figures[name];
}

/** For a page, which knows experiments by their figures alone. */
export function hasFigures(name: string): name is ExperimentName {
  return Object.hasOwn(figures, name);
}

export const figureNames = Object.keys(figures).filter(hasFigures);

export type { ExperimentName } from '../experiments.js';

/** What the bottleneck experiment shows of each net: where its pre-activations lie, and what its non-linearity does there. */
import type { Activation } from '../core/ops.js';
import type { AdaptiveLinearConfig } from '../core/feed-forward-config.js';
import type { AnyFrame } from './experiment.js';
import { fractionOf, histogram, mean, standardDeviation, type Histogram } from './statistics.js';

export interface NetKind {
  readonly adaptation: AdaptiveLinearConfig['adaptation'];
  readonly activation: Activation;
}

/** The first layer on some digits. */
export interface LayerView {
  readonly mean: number;
  readonly deviation: number;
  readonly preactivations: Histogram;
  /** Of the activation effect; of an adaptive layer, of the adaptation effect. */
  readonly effectDeviation: number;
  /** Fraction of effects within `narrow`. */
  readonly narrow: number;
  readonly effects: Histogram;
  /** A few of them, for a scatter: pairs [pre-activation, effect]. */
  readonly sample: readonly (readonly [preactivation: number, effect: number])[];
}

/** Steps and what was measured there. */
export interface Curve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

export interface NetView {
  readonly label: string;
  readonly kind: NetKind;
  readonly parameters: number;
  /** Per cent of the test digits that are read right, over the run. */
  readonly accuracy: Curve;
  /** In nats, smoothed, over the run. */
  readonly loss: Curve;
  readonly layer: LayerView;
  /** Before the first step. */
  readonly untrained: LayerView;
}

export interface BottleneckFrame extends AnyFrame {
  readonly nets: readonly NetView[];
}

/** Effects this small hardly matter, by the research's figures. */
export const narrow = 0.05;

const sampleSize = 400;
const bins = 60;
/** Histograms span this many deviations to each side. */
const span = 4;

export function netLabel({ adaptation, activation }: NetKind): string {
  const names = { static: 'static', output: 'output', input: 'input', io: 'io', sva: 'SVA' } as const;
  if (activation === 'identity') return `${names[adaptation]}, no activation`;
  return `${names[adaptation]} + ${activation === 'relu' ? 'ReLU' : activation}`;
}

/**
 * φ′(0) a + φ(0), what remains of φ when it is made linear. The ReLU has no slope at 0: half of a is the line nearest to it
 * there.
 */
export function linearPart(activation: Activation, a: number): number {
  switch (activation) {
    case 'identity':
    case 'tanh':
      return a;
    case 'sigmoid':
      return 0.25 * a + 0.5;
    case 'relu':
      return 0.5 * a;
  }
}

/** From pre-activations, effects and their pairs [N] to what is shown of them. */
export function layerView(preactivations: Float32Array, effects: Float32Array): LayerView {
  const every = Math.max(1, Math.floor(preactivations.length / sampleSize));
  const [deviation, effectDeviation] = [standardDeviation(preactivations), standardDeviation(effects)];
  const around = (values: Float32Array, centre: number, width: number) => {
    const half = span * Math.max(width, 1e-6);
    return histogram(values, centre - half, centre + half, bins);
  };
  const centre = mean(preactivations);
  return {
    mean: centre,
    deviation,
    preactivations: around(preactivations, centre, deviation),
    effectDeviation,
    narrow: fractionOf(effects, (effect) => Math.abs(effect) < narrow),
    effects: around(effects, mean(effects), effectDeviation),
    sample: Array.from({ length: Math.floor(preactivations.length / every) }, (_, at) => [
      preactivations[at * every] ?? 0,
      effects[at * every] ?? 0,
    ]),
  };
}

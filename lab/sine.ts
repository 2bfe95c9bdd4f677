/**
 * Regression of sin(10 x) from x that comes in two hills (blog post, "Multi-modal learning"): a net whose first layer adapts
 * its singular values, with two hidden units, against static nets.
 */
import * as v from 'valibot';
import { choice, flag, parse, real, settings, whole } from '../core/parse.js';
import { Random } from '../core/random.js';
import type { AnyFrame, Experiment } from './experiment.js';
import { adaptiveNet, staticNet, staticNetOf, type RegressionNet } from './net-kinds.js';
import { Regression } from './regression.js';
import { drawBimodal, regions, type Region } from './sampling.js';
import { judge } from './sine-report.js';
import { histogram, type Histogram } from './statistics.js';
import { streams } from './streams.js';

const schema = settings({
  /** Of the adaptive net. */
  hiddenSize: v.optional(whole(1, 256), 2),
  /** Units of the policy's hidden layer; 0 is a linear policy. */
  policyHiddenSize: v.optional(whole(0, 256), 8),
  /** Of static nets. */
  staticSizes: v.optional(v.array(whole(1, 1024)), [2, 10]),
  /** Whether a static net with as many parameters as the adaptive one is trained too. */
  sameParameters: v.optional(flag(), true),
  activation: v.optional(choice(['tanh', 'sigmoid', 'relu']), 'tanh'),
  batch: v.optional(whole(1, 4096), 64),
  steps: v.optional(whole(1, 1_000_000), 3000),
  learningRate: v.optional(real(0, 1e6), 0.01),
});

export type SineSettings = v.InferOutput<typeof schema>;

export interface SineNet {
  readonly label: string;
  readonly isAdaptive: boolean;
  readonly parameters: number;
  /** At the frame's x. */
  readonly prediction: readonly number[];
  /** Mean squared error. */
  readonly errors: Readonly<Record<Region, number>>;
  /** The first layer's outputs at the frame's x, unit by unit. */
  readonly representation: readonly (readonly number[])[];
}

export interface SineFrame extends AnyFrame {
  readonly x: readonly number[];
  readonly truth: readonly number[];
  /** Of the x that are drawn. */
  readonly density: Histogram;
  readonly nets: readonly SineNet[];
}

const points = 201;
const x = Float32Array.from({ length: points }, (_, at) => at / (points - 1));
const truth = x.map((value) => Math.sin(10 * value));

function netsOf(chosen: SineSettings): RegressionNet[] {
  const { hiddenSize, policyHiddenSize, staticSizes, sameParameters, activation } = chosen;
  const adaptive = adaptiveNet({ inputSize: 1, hiddenSize, activation }, policyHiddenSize);
  const plain = staticSizes.map((size) => staticNet({ inputSize: 1, hiddenSize: size, activation }));
  return [
    adaptive,
    ...plain,
    ...(sameParameters ? [staticNetOf(adaptive.parameters, { inputSize: 1, activation })] : []),
  ];
}

function regionErrors(prediction: Float32Array): Record<Region, number> {
  const error = (region: Region) => {
    const [from, to] = regions[region];
    const inside = [...x.keys()].filter((at) => (x[at] ?? 0) >= from && (x[at] ?? 0) <= to);
    const squares = inside.map((at) => ((prediction[at] ?? NaN) - (truth[at] ?? NaN)) ** 2);
    return squares.reduce((sum, each) => sum + each, 0) / squares.length;
  };
  return { 'first hill': error('first hill'), valley: error('valley'), 'second hill': error('second hill') };
}

export const sine: Experiment<SineSettings, SineFrame> = {
  name: 'sine',
  title: 'A sine from two hills of data',
  about: 'Can two adaptive units learn sin(10 x) from x that come in two hills, where static nets fail?',
  parse: (given = {}) => parse('Settings of sine', 'invalid-option', schema, given),

  async *run({ settings: chosen, seed, laboratory, signal, watch }) {
    const { batch, steps, learningRate } = chosen;
    const random = new Random(seed, streams.samples);
    const seen = Float32Array.from({ length: 2000 }, () => drawBimodal(random));
    const density = histogram(seen, 0, 1, 50);
    const regression = await Regression.create(laboratory, { nets: netsOf(chosen), batch, points, seed });
    const draw = (inputs: Float32Array, targets: Float32Array) => {
      for (let n = 0; n < batch; n++) {
        const value = drawBimodal(random);
        inputs[n] = value;
        targets[n] = Math.sin(10 * value);
      }
    };
    const frame = async (done: number): Promise<SineFrame> => {
      const nets: SineNet[] = [];
      for (const [net, trainer] of regression.nets) {
        await trainer.evaluate(x, truth, points);
        const prediction = await trainer.values('y', points);
        const width = net.config.layers[0]?.outputSize ?? 0;
        const units = await trainer.values('layers.0.y', points);
        nets.push({
          label: net.label,
          isAdaptive: net.config.layers[0]?.adaptation !== 'static',
          parameters: net.parameters,
          prediction: [...prediction],
          errors: regionErrors(prediction),
          representation: Array.from({ length: width }, (_, unit) =>
            Array.from({ length: points }, (__, at) => units[at * width + unit] ?? 0),
          ),
        });
      }
      return {
        progress: { done, total: steps, note: regression.note },
        x: [...x],
        truth: [...truth],
        density,
        nets,
      };
    };
    try {
      for await (const done of regression.train({ draw, steps, learningRate, signal, watch })) yield await frame(done);
      return judge([await frame(steps)]);
    } finally {
      regression.destroy();
    }
  },

  summarise: (reports) => judge(reports.map(({ last }) => last)),
};

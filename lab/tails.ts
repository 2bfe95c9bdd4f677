/**
 * Regression of the tails (paper, section 4): x ~ N(0, I₂), y = (2 x₁)² − (3 x₂)⁴ + N(0, 1). Most of the data is flat and small,
 * and y is very large where x₂ is far out. Static nets against a net of singular value adaptation without activation.
 */
import * as v from 'valibot';
import { parse, real, settings, whole } from '../core/parse.js';
import { Random } from '../core/random.js';
import type { AnyFrame, Experiment } from './experiment.js';
import { adaptiveLinearNet, deepStaticNet, staticNet, type RegressionNet } from './net-kinds.js';
import { Regression } from './regression.js';
import { bands, tailFunction, type Band } from './sampling.js';
import { judge } from './tails-report.js';
import { streams } from './streams.js';

const schema = settings({
  /** Of the adaptive net. */
  hiddenSize: v.optional(whole(1, 256), 2),
  /** Of static nets, with one and with two hidden layers. */
  staticSize: v.optional(whole(1, 1024), 10),
  batch: v.optional(whole(1, 4096), 50),
  steps: v.optional(whole(1, 1_000_000), 10_000),
  learningRate: v.optional(real(0, 1e6), 0.003),
});

export type TailsSettings = v.InferOutput<typeof schema>;

export interface TailsNet {
  readonly label: string;
  readonly isAdaptive: boolean;
  readonly parameters: number;
  /** Root of the mean squared error in a band of |x₂|, as a fraction of the root mean square of y there. */
  readonly errors: Readonly<Record<Band, number>>;
  /** y and what the net says, of a few examples. */
  readonly sample: readonly (readonly [y: number, predicted: number])[];
}

export interface TailsFrame extends AnyFrame {
  readonly nets: readonly TailsNet[];
}

/** Nets learn y in hundreds, so that errors are numbers of a usual size. */
const unit = 100;
const tested = 4000;
const shown = 400;

function netsOf({ hiddenSize, staticSize }: TailsSettings): RegressionNet[] {
  const sizes = { inputSize: 2, hiddenSize: staticSize, activation: 'relu' } as const;
  return [adaptiveLinearNet(2, hiddenSize), staticNet(sizes), deepStaticNet(sizes)];
}

/** Examples without noise, the same for every seed and net. */
function testExamples(): { readonly x: Float32Array; readonly y: Float32Array } {
  const random = new Random(0, streams.inputs);
  const x = Float32Array.from({ length: 2 * tested }, () => random.nextNormal());
  const y = Float32Array.from({ length: tested }, (_, n) => tailFunction(x[2 * n] ?? 0, x[2 * n + 1] ?? 0) / unit);
  return { x, y };
}

function bandError({ x, y }: ReturnType<typeof testExamples>, predicted: Float32Array, band: Band): number {
  const [from, to] = bands[band];
  let [squares, whole] = [0, 0];
  y.forEach((value, n) => {
    const distance = Math.abs(x[2 * n + 1] ?? 0);
    if (distance < from || distance >= to) return;
    squares += ((predicted[n] ?? NaN) - value) ** 2;
    whole += value ** 2;
  });
  return Math.sqrt(squares / whole);
}

export const tails: Experiment<TailsSettings, TailsFrame> = {
  name: 'tails',
  title: 'The tails of a regression',
  about:
    'Can a small adaptive net follow (2 x₁)² − (3 x₂)⁴ into its tails, where static nets of several times its size do not?',
  parse: (given = {}) => parse('Settings of tails', 'invalid-option', schema, given),

  async *run({ settings: chosen, seed, laboratory, signal, watch }) {
    const { batch, steps, learningRate } = chosen;
    const random = new Random(seed, streams.samples);
    const test = testExamples();
    const regression = await Regression.create(laboratory, { nets: netsOf(chosen), batch, points: tested, seed });
    const draw = (inputs: Float32Array, targets: Float32Array) => {
      for (let n = 0; n < batch; n++) {
        const [x1, x2] = [random.nextNormal(), random.nextNormal()];
        inputs.set([x1, x2], 2 * n);
        targets[n] = (tailFunction(x1, x2) + random.nextNormal()) / unit;
      }
    };
    const frame = async (done: number): Promise<TailsFrame> => {
      const nets: TailsNet[] = [];
      for (const [net, trainer] of regression.nets) {
        await trainer.evaluate(test.x, test.y, tested);
        const predicted = await trainer.values('y', tested);
        nets.push({
          label: net.label,
          isAdaptive: net.config.layers[0]?.adaptation !== 'static',
          parameters: net.parameters,
          errors: {
            centre: bandError(test, predicted, 'centre'),
            shoulder: bandError(test, predicted, 'shoulder'),
            tail: bandError(test, predicted, 'tail'),
          },
          sample: Array.from({ length: shown }, (_, n) => [unit * (test.y[n] ?? 0), unit * (predicted[n] ?? 0)]),
        });
      }
      return { progress: { done, total: steps, note: regression.note }, nets };
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

/**
 * How well can a small adaptive net read digits? At most 100,000 parameters, with what is usual now: AdamW, a cosine schedule,
 * and digits moved about by a pixel or two. Settings are chosen on the last of the training digits; the test digits are
 * read once, at the end.
 */
import * as v from 'valibot';
import { AdaptiveError } from '../core/errors.js';
import { parseFeedForwardConfig } from '../core/feed-forward-config.js';
import { feedForwardLayout } from '../core/feed-forward-parameters.js';
import { choice, parse, real, settings, whole } from '../core/parse.js';
import { scheduledRate } from '../model/schedule.js';
import type { Curve } from './bottleneck-frames.js';
import { accuracy, evaluated } from './classifier.js';
import { Batches } from './data/batches.js';
import { classes, imageSize, someDigits } from './data/mnist.js';
import type { AnyFrame, Experiment, Report } from './experiment.js';
import { NetTrainer } from './net-trainer.js';
import { Pace } from './pace.js';
import { mean, meanAndDeviation } from './statistics.js';

const schema = settings({
  adaptation: v.optional(choice(['sva', 'io', 'output', 'input', 'static']), 'sva'),
  activation: v.optional(choice(['identity', 'relu', 'tanh', 'sigmoid']), 'relu'),
  hiddenSizes: v.optional(v.pipe(v.array(whole(1, 2048)), v.maxLength(8, 'expected at most 8 layers')), [96]),
  /** Of singular value adaptation, at most. */
  rank: v.optional(whole(1, 2048), 48),
  batch: v.optional(whole(1, 1024), 128),
  epochs: v.optional(whole(1, 1000), 30),
  learningRate: v.optional(real(0, 1e6), 0.003),
  weightDecay: v.optional(real(0, 10), 0.05),
  /** Pixels by which digits are moved, at most, to each side. */
  shift: v.optional(whole(0, 8), 1),
  /** The last of the training digits, which are not learned. */
  validation: v.optional(whole(1, 50_000), 5000),
});

export type BeyondSettings = v.InferOutput<typeof schema>;

export interface BeyondFrame extends AnyFrame {
  readonly parameters: number;
  /** Per cent, after each epoch. */
  readonly validation: Curve;
  readonly loss: Curve;
  /** Per cent; null until the end. */
  readonly test: number | null;
}

/** Digits are at most so many parameters' work here. */
const budget = 100_000;
const wanted = 98.5;

function netConfig({ adaptation, activation, hiddenSizes, rank }: BeyondSettings) {
  const widths = [imageSize, ...hiddenSizes, classes];
  const layers = widths.slice(1).map((outputSize, at) => ({
    outputSize,
    adaptation,
    rank: Math.min(rank, outputSize, widths[at] ?? rank),
    activation: at < hiddenSizes.length ? activation : 'identity',
  }));
  const config = parseFeedForwardConfig({ inputSize: imageSize, layers });
  const { count } = feedForwardLayout(config);
  if (count > budget) {
    const [got, most] = [count, budget].map((number) => number.toLocaleString('en'));
    throw new AdaptiveError(
      'invalid-option',
      `Settings of beyond: the net has ${got ?? ''} parameters, and ${most ?? ''} are allowed. Take smaller hiddenSizes or rank.`,
      { parameters: count },
    );
  }
  return config;
}

function judge(frames: readonly BeyondFrame[]): Report<BeyondFrame> {
  const [last] = frames; // of several seeds, figures show the first
  if (!last) throw new TypeError('There is no frame to judge.');
  const tests = frames.map(({ test }) => test ?? NaN);
  const validations = frames.map(({ validation }) => validation.values.at(-1) ?? NaN);
  const parameters = last.parameters.toLocaleString('en');
  return {
    claims: [
      {
        claim: 'an adaptive net of at most 100,000 parameters reads digits well',
        expected: `at least ${wanted} % of the test digits`,
        measured: `${meanAndDeviation(tests, 2)} % with ${parameters} parameters`,
        holds: mean(tests) >= wanted,
      },
    ],
    tables: [
      {
        title: 'Digits read right, %',
        columns: ['parameters', 'validation', 'test'],
        rows: [[parameters, meanAndDeviation(validations, 2), meanAndDeviation(tests, 2)]],
      },
    ],
    last,
  };
}

export const beyond: Experiment<BeyondSettings, BeyondFrame> = {
  name: 'beyond',
  title: 'Digits with 100,000 parameters',
  about: 'How well does an adaptive net of at most 100,000 parameters read digits?',
  parse(given = {}) {
    const chosen = parse('Settings of beyond', 'invalid-option', schema, given);
    netConfig(chosen);
    return chosen;
  },

  async *run({ settings: chosen, seed, laboratory, signal }) {
    const { batch, epochs, learningRate, weightDecay, shift, validation } = chosen;
    const mnist = await laboratory.mnist();
    const kept = Math.max(batch, mnist.training.count - validation);
    const held = someDigits(
      mnist.training,
      mnist.training.count - Math.min(validation, mnist.training.count),
      mnist.training.count,
    );
    const batches = new Batches(someDigits(mnist.training, 0, kept), batch, seed, shift);
    const total = epochs * Math.floor(kept / batch);
    const pace = new Pace(signal);
    const executor = await laboratory.executor();
    try {
      const net = await NetTrainer.create(executor, {
        config: netConfig(chosen),
        loss: 'cross-entropy',
        batch,
        evaluated,
        optimizer: { kind: 'adamw', weightDecay },
        seed,
      });
      const accuracies: Record<keyof Curve, number[]> = { steps: [], values: [] };
      const losses: Record<keyof Curve, number[]> = { steps: [], values: [] };
      let smooth = NaN;
      const frame = (test: number | null): BeyondFrame => ({
        progress: {
          done: net.done,
          total,
          note: `loss ${smooth.toFixed(4)}, held out ${accuracies.values.at(-1)?.toFixed(2) ?? '…'} %`,
        },
        parameters: net.layout.count,
        validation: { steps: [...accuracies.steps], values: [...accuracies.values] },
        loss: { steps: [...losses.steps], values: [...losses.values] },
        test,
      });
      const schedule = { kind: 'cosine', warmup: Math.min(200, total), floor: 0.01 } as const;
      while (net.done < total) {
        batches.next();
        const rate = scheduledRate(schedule, learningRate, net.done, total);
        const loss = await net.step(batches.images, batches.labels, batch, rate);
        smooth = Number.isNaN(smooth) ? loss : smooth + 0.01 * (loss - smooth);
        if (net.done % Math.floor(total / epochs) === 0) {
          accuracies.steps.push(net.done);
          accuracies.values.push(await accuracy(net, held));
        }
        if (!(await pace.beat())) continue;
        losses.steps.push(net.done);
        losses.values.push(smooth);
        yield frame(null);
      }
      return judge([frame(await accuracy(net, mnist.test))]);
    } finally {
      executor.destroy();
    }
  },

  summarise: (reports) => judge(reports.map(({ last }) => last)),
};

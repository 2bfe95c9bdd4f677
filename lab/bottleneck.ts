/**
 * The activation function bottleneck on MNIST: two-layer nets of one hidden size and one budget, on the same batches. How
 * far from linear is each where its pre-activations lie, and how well does it read?
 */
import * as v from 'valibot';
import { parseFeedForwardConfig } from '../core/feed-forward-config.js';
import { choice, flag, parse, real, settings, whole } from '../core/parse.js';
import { initialise } from '../model/initialise.js';
import { scheduledRate } from '../model/schedule.js';
import type { BottleneckFrame, NetKind, NetView } from './bottleneck-frames.js';
import { judge } from './bottleneck-report.js';
import { evaluated } from './classifier.js';
import { Batches } from './data/batches.js';
import { classes, imageSize, someDigits } from './data/mnist.js';
import type { Experiment, Laboratory } from './experiment.js';
import { Pace } from './pace.js';
import { Pupil } from './pupil.js';
import { starterWeights } from './starter-weights.js';

const netSchema = settings({
  adaptation: choice(['static', 'output', 'input', 'io', 'sva']),
  activation: choice(['identity', 'relu', 'tanh', 'sigmoid']),
});

/** The four of the research. */
const researched: readonly NetKind[] = [
  { adaptation: 'static', activation: 'sigmoid' },
  { adaptation: 'static', activation: 'relu' },
  { adaptation: 'sva', activation: 'sigmoid' },
  { adaptation: 'sva', activation: 'identity' },
];

const schema = settings({
  hiddenSize: v.optional(whole(1, 2048), 64),
  nets: v.optional(
    v.pipe(v.array(netSchema), v.minLength(1, 'expected at least 1 net'), v.maxLength(8, 'expected at most 8 nets')),
    [...researched],
  ),
  batch: v.optional(whole(1, 1024), 100),
  steps: v.optional(whole(1, 1_000_000), 3000),
  optimizer: v.optional(choice(['sgd', 'adam', 'adamw']), 'adam'),
  learningRate: v.optional(real(0, 1e6), 0.0015),
  /** cosine: falls to nothing along half a cosine. */
  schedule: v.optional(choice(['constant', 'cosine']), 'cosine'),
  /** starter: as TensorFlow's starter code, normal with a deviation of 0.1; fan-in: U(−1/√I, 1/√I). */
  initialisation: v.optional(choice(['starter', 'fan-in']), 'starter'),
  /** Whether the second layer is adapted as the first one is. */
  adaptOutput: v.optional(flag(), false),
  /** Test digits that accuracy is measured on. */
  tested: v.optional(whole(1, 10_000), 10_000),
});

export type BottleneckSettings = v.InferOutput<typeof schema>;

/** Times that accuracy is measured in a run. */
const measurements = 20;

function netConfig({ adaptation, activation }: NetKind, { hiddenSize, adaptOutput }: BottleneckSettings) {
  return parseFeedForwardConfig({
    inputSize: imageSize,
    layers: [
      { outputSize: hiddenSize, adaptation, activation, rank: Math.min(hiddenSize, imageSize) },
      { outputSize: classes, adaptation: adaptOutput ? adaptation : 'static', rank: classes },
    ],
  });
}

export const bottleneck: Experiment<BottleneckSettings, BottleneckFrame> = {
  name: 'bottleneck',
  title: 'The activation function bottleneck',
  about: 'How non-linear are the layers of a small net that reads digits, and what does adaptation change?',
  parse: (given = {}) => parse('Settings of bottleneck', 'invalid-option', schema, given),

  async *run({ settings: chosen, seed, laboratory, signal, watch }) {
    const { nets, steps, batch, learningRate, schedule, initialisation, tested } = chosen;
    const { training, test: allTest } = await laboratory.mnist();
    const pace = new Pace(signal, watch);
    const test = someDigits(allTest, 0, Math.min(tested, allTest.count));
    const probe = someDigits(test, 0, Math.min(evaluated, test.count));
    const batches = new Batches(training, Math.min(batch, training.count), seed);
    const opened: { destroy(): void }[] = [];
    const open: Laboratory['executor'] = async () => {
      const executor = await laboratory.executor();
      opened.push(executor);
      return executor;
    };
    try {
      const pupils: Pupil[] = [];
      for (const kind of nets) {
        const config = netConfig(kind, chosen);
        const initial = initialisation === 'starter' ? starterWeights : initialise;
        const optimizer = { kind: chosen.optimizer };
        pupils.push(await Pupil.create(kind, open, { config, batch, optimizer, seed, initial }));
      }
      const frame = async (done: number): Promise<BottleneckFrame> => {
        const views: NetView[] = [];
        for (const pupil of pupils) views.push(await pupil.view(probe));
        const note = done > 0 ? `losses ${pupils.map(({ smoothLoss }) => smoothLoss.toFixed(3)).join(', ')}` : '';
        return { progress: { done, total: steps, note }, nets: views };
      };
      const rates = schedule === 'cosine' ? { kind: schedule, warmup: 0, floor: 0 } : { kind: schedule };
      for (const pupil of pupils) await pupil.measure(test);
      yield await frame(0);
      for (let done = 1; done <= steps; done++) {
        batches.next();
        const rate = scheduledRate(rates, learningRate, done - 1, steps);
        for (const pupil of pupils) await pupil.learn(batches, rate);
        const measured = Math.floor((done * measurements) / steps) > Math.floor(((done - 1) * measurements) / steps);
        if (measured) for (const pupil of pupils) await pupil.measure(test);
        if (!(await pace.beat())) continue;
        for (const pupil of pupils) pupil.record();
        yield await frame(done);
      }
      return judge([await frame(steps)]);
    } finally {
      for (const executor of opened) executor.destroy();
    }
  },

  summarise: (reports) => judge(reports.map(({ last }) => last)),
};

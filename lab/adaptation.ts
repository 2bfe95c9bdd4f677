/**
 * What adaptation does to one static matrix W: for an input x the adaptive layer is a linear map W(x), and W(x) can be shown.
 *   output  diag(d₁) W    input  W diag(d₁)    io  diag(d₂) W diag(d₁)    sva  U diag(d) Σ Vᵀ, where W = U Σ Vᵀ
 */
import * as v from 'valibot';
import type { Executor } from '../core/executor.js';
import { parseFeedForwardConfig } from '../core/feed-forward-config.js';
import { feedForwardLayout } from '../core/feed-forward-parameters.js';
import { choice, parse, settings, whole } from '../core/parse.js';
import { Random } from '../core/random.js';
import { feedForwardEvaluation } from '../model/feed-forward-net.js';
import { judge, type AdaptationFrame, type AdaptedMatrix } from './adaptation-report.js';
import {
  adaptationKinds,
  adapted,
  offDiagonal,
  randomMatrix,
  unlikeness,
  type AdaptationKind,
  type Singular,
} from './adapted-matrices.js';
import type { Experiment } from './experiment.js';
import { multiply, scaled, transposed } from './matrix.js';
import { Pace } from './pace.js';
import { streams } from './streams.js';

const schema = settings({
  /** Rows and columns of W. */
  size: v.optional(whole(2, 64), 12),
  /** Inputs on the way that the slider follows. */
  positions: v.optional(whole(2, 1000), 60),
  policyActivation: v.optional(choice(['identity', 'tanh', 'sigmoid']), 'identity'),
});

export type AdaptationSettings = v.InferOutput<typeof schema>;

/** x on a closed way through the space of inputs. */
function inputs(seed: number, { size, positions }: AdaptationSettings): Float32Array {
  const random = new Random(seed, streams.inputs);
  const [a, b] = [0, 1].map(() => Array.from({ length: size }, () => random.nextNormal()));
  const x = new Float32Array(positions * size);
  for (let n = 0; n < positions; n++) {
    const angle = (2 * Math.PI * n) / (positions - 1);
    for (let i = 0; i < size; i++) {
      x[n * size + i] = Math.cos(angle) * (a?.[i] ?? 0) + Math.sin(angle) * (b?.[i] ?? 0);
    }
  }
  return x;
}

interface Observation {
  readonly kind: AdaptationKind;
  readonly policySize: number; // P
  readonly y: Float32Array; // [N, O]
  readonly policy: Float32Array; // [N, P]
}

/** Outputs and policies of a layer of one kind, for all inputs. */
async function observe(
  executor: Executor,
  kind: AdaptationKind,
  { w, u, values, vt }: Singular,
  { x, seed, settings: { size, positions, policyActivation } }: Observed,
): Promise<Observation> {
  const layer = { outputSize: size, adaptation: kind, rank: size, policyActivation };
  const config = parseFeedForwardConfig({ inputSize: size, layers: [layer] });
  const layout = feedForwardLayout(config);
  const parameters = new Float32Array(layout.length);
  const put = (name: string, numbers: ArrayLike<number>) => parameters.set(numbers, layout.entry(name).offset);
  if (kind === 'sva') {
    put('layers.0.weight_in', scaled(vt, values, null).values);
    put('layers.0.weight_out', u.values);
  } else {
    put('layers.0.weight', w.values);
  }
  const policy = layout.entry('layers.0.policy.weight');
  const random = new Random(seed, streams.policies, adaptationKinds.indexOf(kind));
  put(
    policy.name,
    Array.from({ length: policy.size }, () => random.nextNormal() / Math.sqrt(size)),
  );
  const runner = await executor.load(feedForwardEvaluation(config, { examples: positions, loss: 'squared-error' }));
  runner.write('parameters', parameters);
  runner.write('x', x);
  runner.run(positions);
  const policySize = policy.shape[0] ?? 0;
  return {
    kind,
    policySize,
    y: await runner.read('y', new Float32Array(positions * size)),
    policy: await runner.read('layers.0.policy', new Float32Array(positions * policySize)),
  };
}

interface Observed {
  readonly x: Float32Array;
  readonly seed: number;
  readonly settings: AdaptationSettings;
}

export const adaptation: Experiment<AdaptationSettings, AdaptationFrame> = {
  name: 'adaptation',
  title: 'What adaptation does to a matrix',
  about: 'What do output, input, io and singular value adaptation do to one static matrix, as the input moves?',
  parse: (given = {}) => parse('Settings of adaptation', 'invalid-option', schema, given),

  async *run({ settings: chosen, seed, laboratory, signal }) {
    const pace = new Pace(signal);
    const { size, positions } = chosen;
    const singular = randomMatrix(seed, size);
    const x = inputs(seed, chosen);
    const layers: Observation[] = [];
    for (const kind of adaptationKinds) {
      const executor = await laboratory.executor();
      try {
        layers.push(await observe(executor, kind, singular, { x, seed, settings: chosen }));
      } finally {
        executor.destroy();
      }
    }
    const [ut, vColumns] = [transposed(singular.u), transposed(singular.vt)];
    const worst = { output: 0, rows: 0, columns: 0, vectors: 0 };
    const raise = (name: keyof typeof worst, value: number) => (worst[name] = Math.max(worst[name], value));
    const frameAt = (n: number): AdaptationFrame => {
      const input = Array.from(x.subarray(n * size, (n + 1) * size));
      const matrices = layers.map(({ kind, policySize, policy, y }): AdaptedMatrix => {
        const d = Array.from(policy.subarray(n * policySize, (n + 1) * policySize));
        const matrix = adapted(kind, singular, d);
        const product = multiply(matrix, { rows: size, columns: 1, values: input });
        product.values.forEach((value, i) => raise('output', Math.abs(value - (y[n * size + i] ?? NaN))));
        if (kind === 'output') raise('rows', unlikeness(matrix, singular.w));
        if (kind === 'input') raise('columns', unlikeness(transposed(matrix), transposed(singular.w)));
        if (kind === 'sva') raise('vectors', offDiagonal(multiply(multiply(ut, matrix), vColumns)));
        return { kind, matrix, policySize };
      });
      return {
        progress: { done: n + 1, total: positions, note: '' },
        position: n / (positions - 1),
        x: input,
        matrices: [{ kind: 'static', matrix: singular.w, policySize: 0 }, ...matrices],
        deviations: { ...worst },
      };
    };
    let frame = frameAt(0);
    yield frame;
    for (let n = 1; n < positions; n++) {
      frame = frameAt(n);
      await pace.beat();
      yield frame;
    }
    return judge([frame]);
  },

  summarise: (reports) => judge(reports.map(({ last }) => last)),
};

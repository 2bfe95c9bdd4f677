/** The experiments on recurrent models, at sizes that take a moment: they run, count failures, keep budgets and can be stopped. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseModelConfig, type ModelConfig } from '../../core/config.js';
import { AdaptiveError } from '../../core/errors.js';
import { languageModelLayout } from '../../core/parameters.js';
import { initialise } from '../../model/initialise.js';
import { drawSvg } from '../../cli/svg.js';
import { ablation } from '../../lab/ablation.js';
import type { AnyFrame } from '../../lab/experiment.js';
import { ablationFigures } from '../../lab/figures/ablation.js';
import type { Figure } from '../../lab/figures/figure.js';
import { robustnessFigures } from '../../lab/figures/robustness.js';
import { stabilityFigures } from '../../lab/figures/stability.js';
import { fitBudget, parameterCount } from '../../lab/recurrent/budget.js';
import { GradientFlow } from '../../lab/recurrent/gradient-flow.js';
import { loadCorpus } from '../../lab/recurrent/corpus.js';
import { robustness } from '../../lab/robustness.js';
import { failed as failedRun } from '../../lab/robustness-report.js';
import { stability } from '../../lab/stability.js';
import { failed, type StabilityFrame } from '../../lab/stability-runs.js';
import { finish, textLaboratory } from './texts.js';

const coded = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof AdaptiveError && error.code === code && message.test(error.message);

const shape = { cell: 'lstm', latent: 'recurrent', latentSize: 16, tiedDecoder: false } as const;
const small = { embeddingSize: 8, hiddenSize: 24, latentSize: 4 };
const shortStability = { ...small, segmentLength: 60, batchSize: 2, steps: 8, learningRates: [0.01] };
const shortRobustness = { ...small, samples: 1, trainingTokens: 800, heldTokens: 200, epochs: 1, batchSize: 4 };
const shortAblation = {
  embeddingSize: 8,
  latentSize: 4,
  budget: 30_000,
  trainingTokens: 400,
  heldTokens: 200,
  batchSize: 4,
  segmentLength: 20,
};

test('stability: losses, norms and flows of every run, and claims', async () => {
  let frames = 0;
  const report = await finish(stability, shortStability, () => frames++);
  assert(frames > 0);
  const { runs } = report.last;
  assert.deepEqual(
    runs.map(({ model }) => model),
    ['aLSTM', 'LSTM'],
  );
  for (const { losses, norms, flows, failure } of runs) {
    assert.equal(losses.length, 8);
    assert.equal(norms.length, 8);
    assert.equal(failure, '');
    assert(losses.every(Number.isFinite) && norms.every((norm) => norm > 0));
    assert.deepEqual(
      flows.map(({ step }) => step),
      [0, 2, 4, 6, 8],
    );
    for (const { distances, norms: flow } of flows) {
      assert.equal(distances[0], 1);
      assert.equal(distances.at(-1), 60);
      assert(flow.every((norm) => norm >= 0 && norm < 10));
      assert((flow[0] ?? 0) > 0);
    }
  }
  assert(within2Percent(runs.map(({ parameters }) => parameters)));
  assert.equal(report.claims.length, 5);
});

test('a flow ends at the norm of the gradient of the state that the segment began with', async () => {
  for (const adaptation of ['io', 'static'] as const) {
    const model = parseModelConfig({ ...shape, adaptation, vocabularySize: 7, embeddingSize: 5, hiddenSizes: [6] });
    const executor = await textLaboratory.executor();
    try {
      const flow = await GradientFlow.create(executor, model, { batch: 2, maxSteps: 9 });
      const layout = languageModelLayout(model);
      const parameters = new Float32Array(layout.length);
      initialise(layout, 1, parameters);
      flow.runner.write('parameters', parameters);
      const norms = await flow.measure(Int32Array.from({ length: 18 }, (_, i) => i % 7));
      const last = await flow.runner.read('dstate.0.h', new Float32Array(12));
      assert.equal(norms.length, 9);
      assert((norms[8] ?? 0) > 0);
      assert(Math.abs((norms[8] ?? 0) / Math.hypot(...last) - 1) < 1e-5);
    } finally {
      executor.destroy();
    }
  }
});

test('stability: a learning rate of 10 fails, and is counted', async () => {
  const { last, claims, tables } = await finish(stability, { ...shortStability, learningRates: [10] });
  assert(last.runs.every(failed));
  assert.equal(claims[0]?.holds, false);
  assert.equal(tables[0]?.rows[0]?.[3], '1 of 1');
});

test('robustness: both models get the same rates near those given, and failures are counted', async () => {
  const report = await finish(robustness, shortRobustness);
  await drawn(robustnessFigures, report.last);
  const [adaptive, still] = report.last.runs;
  assert(adaptive && still);
  assert.deepEqual(adaptive.dropout, still.dropout);
  assert(Math.abs(adaptive.dropout.input - 0.3) <= 0.1 && adaptive.dropout.input !== 0.3);
  assert(within2Percent([adaptive.parameters, still.parameters]));
  assert(adaptive.perplexity > 1 && Number.isFinite(adaptive.perplexity));
  // So few runs decide nothing.
  assert(report.claims.every(({ holds }) => holds === null));

  const diverged = await finish(robustness, { ...shortRobustness, learningRate: 10 });
  const { runs, unigramPerplexity } = diverged.last;
  assert.deepEqual(
    runs.map((run) => failedRun(run, unigramPerplexity)),
    [true, true],
  );
  assert.equal(diverged.claims[0]?.measured, '1 of 1');
});

test('ablation: every variant on one budget; two seeds are summarised', async () => {
  const report = await finish(ablation, shortAblation);
  const { runs } = report.last;
  await drawn(ablationFigures, report.last);
  assert.equal(runs.length, 2 + 4 * 3 * 2);
  assert(runs.every(({ parameters }) => Math.abs(parameters - 30_000) <= 600));
  assert(runs.every(({ heldLoss }) => heldLoss > 0 && heldLoss < 10));
  assert.equal(report.claims.length, 6);
  const summary = ablation.summarise([report, report]);
  assert.equal(summary.last.runs.length, 2 * runs.length);
  assert.match(String(summary.tables[0]?.rows[0]?.at(-1)), /±/);
});

test('figures are drawn from any frame: the first, one without runs, one in which all failed', async () => {
  const frames: StabilityFrame[] = [];
  await finish(stability, { ...shortStability, steps: 2 }, (frame) => frames.push(frame));
  const diverged = await finish(stability, { ...shortStability, steps: 4, learningRates: [10] });
  const none = { progress: { done: 0, total: 1, note: '' }, runs: [] };
  const [first = { ...none, runs: [] }] = frames;
  for (const frame of [first, diverged.last, none]) await drawn(stabilityFigures, frame);
  await drawn(robustnessFigures, { ...none, unigramPerplexity: 10 });
  await drawn(ablationFigures, none);
});

async function drawn<Frame extends AnyFrame>(figures: readonly Figure<Frame>[], frame: Frame): Promise<void> {
  for (const figure of figures)
    assert.doesNotMatch(await drawSvg(figure, frame), /NaN|undefined|Infinity/, figure.name);
}

test('a run stops at the step at which it is aborted', async () => {
  const long = { ...shortStability, steps: 100_000 };
  let done = 0;
  const stopped = finish(stability, long, ({ progress }, controller) => {
    done = progress.done;
    controller.abort();
  });
  await assert.rejects(stopped, coded('aborted', /stopped/));
  assert(done <= 2);
});

test('settings are refused by name', () => {
  assert.throws(() => stability.parse({ learningRates: [] }), coded('invalid-option', /learningRates/));
  assert.throws(() => stability.parse({ hiddenSize: 0 }), coded('invalid-option', /hiddenSize/));
  assert.throws(() => robustness.parse({ spread: 2 }), coded('invalid-option', /spread/));
  assert.throws(() => ablation.parse({ latents: ['none'] }), coded('invalid-option', /latents/));
  assert.throws(() => ablation.parse({ colour: 'red' }), coded('invalid-option', /no such setting/));
});

test('a budget that no size meets is refused', async () => {
  await assert.rejects(finish(ablation, { ...shortAblation, budget: 1000 }), coded('invalid-option', /No hidden size/));
});

test('budgets are met within 2 % from small to large', () => {
  const make = (adaptation: ModelConfig['adaptation']) => (hidden: number) =>
    parseModelConfig({ ...shape, adaptation, vocabularySize: 65, embeddingSize: 32, hiddenSizes: [hidden] });
  for (const budget of [40_000, 100_000, 1_000_000, 17_000_000]) {
    for (const adaptation of ['static', 'output', 'input', 'io'] as const) {
      const count = parameterCount(fitBudget(budget, make(adaptation)));
      assert(Math.abs(count - budget) <= 0.02 * budget, `${adaptation}: ${count} for ${budget}`);
    }
  }
});

test('words are cut at spaces and lines end with a token of their own', async () => {
  const laboratory = { ...textLaboratory, text: async () => ` a b <unk>\n${' b a\n'.repeat(60)}` };
  const corpus = await loadCorpus(laboratory, 'ptb', { trainingTokens: 120, heldTokens: 1000 });
  assert.equal(corpus.vocabularySize, 4); // a, b, <unk>, <eos>
  assert.deepEqual([...corpus.training.subarray(0, 7)], [0, 1, 2, 3, 1, 0, 3]);
  assert.equal(corpus.training.length, 120);
  assert.equal(corpus.held.length, 184);
  assert(corpus.unigramLoss > 1 && corpus.unigramLoss < Math.log(4));

  const few = await loadCorpus(laboratory, 'ptb', { trainingTokens: 120, heldTokens: 1000, vocabularySize: 2 });
  assert.deepEqual([...few.training.subarray(0, 7)], [0, 1, 2, 2, 1, 0, 2]); // <eos> is unknown too
});

function within2Percent(counts: readonly number[]): boolean {
  return Math.max(...counts) <= 1.02 * Math.min(...counts);
}

/** Every experiment of feed-forward nets, a few steps of it: frames, report, summary, figures; and what it refuses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawSvg } from '../../cli/svg.js';
import { AdaptiveError, type ErrorCode } from '../../core/errors.js';
import type { AnyFrame } from '../../lab/experiment.js';
import { experiment, experimentNames, type ExperimentName } from '../../lab/experiments.js';
import { figuresOf } from '../../lab/figures/figures.js';
import { watch } from './rig.js';

const small = {
  bottleneck: { hiddenSize: 6, steps: 5, batch: 20 },
  beyond: { hiddenSizes: [6], rank: 4, epochs: 2, batch: 20, validation: 100 },
  sine: { steps: 20, batch: 8 },
  tails: { steps: 20, batch: 8 },
  adaptation: { size: 3, positions: 4 },
} as const;

function refuses(work: Promise<unknown>, code: ErrorCode, message: RegExp) {
  return assert.rejects(work, (error) => {
    assert.ok(error instanceof AdaptiveError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}

async function drawn(name: ExperimentName, frame: AnyFrame): Promise<void> {
  for (const figure of figuresOf(name)) {
    const svg = await drawSvg(figure, frame);
    assert.match(svg, /^<svg [^>]*role="img".*<title .*<desc .*<\/svg>\n$/s, figure.name);
    assert.doesNotMatch(svg, /NaN|undefined/, figure.name);
  }
}

for (const [name, settings] of Object.entries(small)) {
  test(`${name}: frames, report of two seeds, figures`, async () => {
    const found = experimentNames.find((each) => each === name);
    assert.ok(found);
    const { frames, reports, summary } = await watch(found, settings, { seeds: [1, 2] });
    assert.ok(frames.length >= 2);
    for (const { progress } of frames) assert.ok(progress.done <= progress.total);
    assert.equal(reports.length, 2);
    assert.ok(summary.tables.length > 0 && summary.claims.length > 0);
    for (const { columns, rows } of summary.tables) for (const row of rows) assert.equal(row.length, columns.length);
    const [first] = frames;
    if (first) await drawn(found, first);
    await drawn(found, summary.last);
  });
}

test('hundreds of points are one element for each net', async () => {
  const { summary } = await watch('bottleneck', small.bottleneck);
  const scatter = figuresOf('bottleneck').find(({ name }) => name === 'bottleneck-scatter');
  assert.ok(scatter);
  const svg = await drawSvg(scatter, summary.last);
  const points = [...svg.matchAll(/<path [^>]*d="((?:M[-\d.]+,[-\d.]+h0)+)"/g)].map(
    ([, d = '']) => d.split('M').length - 1,
  );
  assert.equal(points.length, 4);
  assert.ok(
    points.every((count) => count > 20),
    points.join(),
  );
  assert.doesNotMatch(svg, /<circle/);
});

test('the same seed gives the same numbers, another one others', async () => {
  const run = async (seed: number) => (await watch('sine', small.sine, { seeds: [seed] })).summary.tables;
  assert.deepEqual(await run(3), await run(3));
  assert.notDeepEqual(await run(3), await run(4));
});

test('made-up digits are learned', async () => {
  const { summary } = await watch('bottleneck', { hiddenSize: 8, steps: 150, batch: 20, learningRate: 0.01 });
  for (const [net, , accuracy] of summary.tables[0]?.rows ?? [])
    assert.ok(Number(accuracy) > 80, `${net}: ${accuracy} %`);
});

test('settings out of range are refused by name', async () => {
  for (const hiddenSize of [0, 1e6, 1.5, '8']) {
    await refuses(
      watch('bottleneck', { hiddenSize }),
      'invalid-option',
      /hiddenSize: expected a whole number from 1 to 2,048/,
    );
    await refuses(watch('sine', { hiddenSize }), 'invalid-option', /hiddenSize: expected a whole number from 1 to 256/);
  }
  await refuses(watch('tails', { width: 3 }), 'invalid-option', /there is no such setting; there are hiddenSize/);
  await refuses(watch('beyond', { rank: 512, hiddenSizes: [512] }), 'invalid-option', /and 100,000 are allowed/);
  assert.throws(
    () => experiment('adaptation').parse({ policyActivation: 'relu' }),
    /policyActivation: expected 'identity'/,
  );
});

test('a learning rate that is too high diverges, with the step', async () => {
  const settings = { ...small.bottleneck, optimizer: 'sgd', learningRate: 1e6, steps: 200 };
  await refuses(watch('bottleneck', settings), 'diverged', /at step \d+.* Try a lower learning rate/);
});

test('an experiment that is stopped says so, and another can run', async () => {
  const controller = new AbortController();
  controller.abort();
  for (const name of experimentNames.filter((each) => each in small)) {
    await refuses(watch(name, {}, { signal: controller.signal }), 'aborted', /stopped/);
  }
  assert.ok((await watch('adaptation', small.adaptation)).summary.claims.every(({ holds }) => holds));
});

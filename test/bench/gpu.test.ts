/** The benchmark of the GPU: that it sees what is wrong, counts what is asked, and does not take longer than it may. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Allowance, Pace } from '../../bench/gpu/allowance.js';
import { countLaunches } from '../../bench/gpu/launches.js';
import { comparisonExecutor, stepsOf } from '../../bench/gpu/problem.js';
import { trafficOf } from '../../bench/gpu/traffic.js';
import { measureTraining } from '../../bench/gpu/training.js';
import { configurationNames, configurations, modelConfig, models } from '../../bench/configurations.js';
import { checkProduct, productProgram } from '../../bench/product-problem.js';
import { measureWriting } from '../../bench/gpu/writing.js';
import { plainWeights } from '../../bench/page/generation.js';
import { repeatingIds } from '../../bench/page/ids.js';
import { dawn, openDawn } from '../../cli/dawn.js';
import { parseModelConfig } from '../../core/config.js';
import { ProgramBuilder } from '../../core/program.js';
import { createGpuExecutor, openGpu } from '../../gpu/webgpu.js';
import { languageModelLayout } from '../../core/parameters.js';

const config = parseModelConfig({
  cell: 'lstm',
  adaptation: 'io',
  latent: 'recurrent',
  vocabularySize: 64,
  embeddingSize: 16,
  hiddenSizes: [24, 16],
  latentSize: 8,
  tiedDecoder: true,
});
const layout = languageModelLayout(config);
const small = { config, layout, batch: 4, steps: 6, parameters: plainWeights(layout), ...repeatingIds(64, 4, 6) };

for (const name of configurationNames) {
  for (const model of models) {
    test(`${model} ${name} takes at most three dispatches a layer and step forward, four backward`, async () => {
      const { forward, backward, constant } = await countLaunches(modelConfig(name, model), {
        batch: configurations[name].batch,
        steps: stepsOf[name],
      });
      assert.ok(forward >= 1 && forward <= 3, `${forward} forward`);
      assert.ok(backward >= 1 && backward <= 4, `${backward} backward`);
      assert.ok(constant >= 1 && constant <= 64, `${constant} apart from steps`);
    });
  }
}

test('the traffic of some work is counted where WebGPU is called', async () => {
  const executor = await createGpuExecutor({ source: await dawn({ backend: 'null' }) });
  const builder = new ProgramBuilder('filling', 3);
  const x = builder.matrix('x', 1, 100);
  builder.port('x', x, [100]);
  builder.scan('forward', (scan) => scan.call('fill', { x }, { n: 100 }, { value: 1 }));
  const runner = await executor.load(builder.build());
  runner.run(3); // writes the records
  const work = async () => {
    runner.write('x', new Float32Array(100));
    runner.run(3);
    await runner.read('x', new Float32Array(50));
  };
  const expected = { dispatches: 3, submits: 2, bytesWritten: 400, bytesRead: 200 };
  assert.deepEqual(await trafficOf(work), expected);
  await work();
  assert.deepEqual(await trafficOf(work), expected, 'nothing is counted twice, and nothing between');
  executor.destroy();
});

test('a product that is wrong is not timed', async () => {
  const executor = await comparisonExecutor();
  const [m, k, n] = [12, 12, 12];
  const right = await executor.load(productProgram({ kind: 'productNN', m, k, n }, 4));
  await checkProduct(right, { kind: 'productNN', m, k, n });
  await assert.rejects(checkProduct(right, { kind: 'productNT', m, k, n }), /productNT \(12, 12, 12\) is wrong/);
  executor.destroy();
});

test('what would take too long is refused, and a slow figure is sampled once', async () => {
  const allowance = new Allowance(0.2);
  assert.equal(allowance.refusal(0.1), null);
  assert.match(allowance.refusal(75) ?? '', /would take about 75 s, and may take 0\.2/);
  let calls = 0;
  const slow = () =>
    new Promise<number>((resolve) => {
      calls++;
      setTimeout(() => resolve(0.15), 150);
    });
  assert.deepEqual(await allowance.sample(slow, 0.01), [0.15]);
  assert.equal(calls, 1);
  const fast = await allowance.sample(async () => 0, 0);
  assert.equal(fast.length, 3);
});

test('training and writing are measured once they agree with WASM', async () => {
  const { source } = await openDawn();
  const allowance = new Allowance(60);
  const training = await measureTraining(source, 'training', small, allowance, new Pace());
  assert.ok('traffic' in training && training.median > 0);
  const { dispatches, bytesRead } = training.traffic;
  const gpu = await openGpu({ source });
  assert.equal(dispatches, (await countLaunches(small.config, small, gpu.style)).dispatches);
  gpu.destroy();
  assert.ok(bytesRead <= 64, `${bytesRead} bytes come back, of a loss and a norm`);
  const writing = await measureWriting(source, 'writing', small.config, allowance, new Pace());
  assert.ok('median' in writing && writing.median > 0);
});

test('what is foretold to take too long is not begun', async () => {
  const pace = new Pace();
  pace.record(1, 1);
  const source = await dawn({ backend: 'null' });
  const refused = [
    await measureTraining(source, 'training', small, new Allowance(60), pace),
    await measureWriting(source, 'writing', small.config, new Allowance(60), pace),
  ];
  for (const result of refused) {
    assert.ok('notMeasured' in result);
    assert.match(result.notMeasured, /would take about [\d,]+ s, and may take 60/);
  }
});

test('what differs from WASM is not timed', async () => {
  // The null backend computes nothing.
  const source = await dawn({ backend: 'null' });
  const training = measureTraining(source, 'training', small, new Allowance(60), new Pace());
  await assert.rejects(training, /training: the loss of step 1 is .+, WASM’s 4\.\d+/);
  const writing = measureWriting(source, 'writing', small.config, new Allowance(60), new Pace());
  await assert.rejects(writing, /writing: logits differ/);
});

test('the benchmark prints the adapter and its limits, and writes them down', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'adaptive-lm-'));
  try {
    const json = join(folder, 'gpu.json');
    const args = ['build/bench/gpu/main.js', 'products', '--limit', '0.5', '--json', json];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^adapter +\w+/);
    assert.match(stdout, /products by (timestamp-query|wall clock)/);
    assert.match(
      stdout,
      /^productNT \(4096, 4096, 4096\) +not measured: would take about [\d,]+ s, and may take 0\.5$/m,
    );
    const report: unknown = JSON.parse(await readFile(json, 'utf8'));
    assert.ok(typeof report === 'object' && report && 'lines' in report && Array.isArray(report.lines));
    const lines: readonly { name: string; median?: number; notMeasured?: string }[] = report.lines;
    const named = (start: string) => lines.filter(({ name }) => name.startsWith(start));
    assert.equal(named('copy by').length, 2);
    assert.equal(named('product').length, 3 * 7);
    for (const { name, median, notMeasured } of lines) {
      assert.ok(notMeasured !== undefined || (median ?? 0) > 0, `${name}: ${median}`);
    }
    assert.ok((named('multiply-adds')[0]?.median ?? 0) > 0);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('an unknown part is refused', () => {
  const { status, stderr } = spawnSync(process.execPath, ['build/bench/gpu/main.js', 'dance'], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /no benchmark dance; there are products/);
});

/**
 * The whole model's gradient against central differences of its own loss, in float64, with every kind of dropout on:
 * the masks are a function of seed and step, so two replays drop the same.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseModelConfig, type Dropout, type ModelConfig } from '../../core/config.js';
import type { Runner } from '../../core/executor.js';
import { Random } from '../../core/random.js';
import { trainingProgram } from '../../model/language-model.js';
import { languageModelLayout } from '../../core/parameters.js';
import { createReferenceExecutor } from '../reference/executor.js';

const steps = 4;
const batch = 2;
const delta = 1e-5;
const allDropout: Dropout = { embedding: 0.2, input: 0.3, hidden: 0.3, latent: 0.25, output: 0.3 };
const noDropout: Dropout = { embedding: 0, input: 0, hidden: 0, latent: 0, output: 0 };

function model(changes: Partial<ModelConfig>): ModelConfig {
  return parseModelConfig({
    cell: 'lstm',
    adaptation: 'io',
    latent: 'recurrent',
    vocabularySize: 7,
    embeddingSize: 5,
    hiddenSizes: [6, 4, 5],
    latentSize: 3,
    tiedDecoder: true,
    ...changes,
  });
}

async function prepared(config: ModelConfig, dropout: Dropout) {
  const layout = languageModelLayout(config);
  const random = new Random(5, 1);
  const parameters = Float64Array.from({ length: layout.length }, () => random.next() - 0.5);
  const runner = await createReferenceExecutor().load(trainingProgram(config, { batch, maxSteps: steps + 1, dropout }));
  const tokens = () =>
    Int32Array.from({ length: steps * batch }, () => Math.floor(random.next() * config.vocabularySize));
  const ids = tokens();
  const targets = tokens();
  const states = new Map(
    [...runner.program.ports]
      .filter(([name]) => name.startsWith('state.'))
      .map(([name, { view }]) => [name, Float64Array.from({ length: batch * view.ld }, () => random.next() - 0.5)]),
  );
  return { runner, layout, parameters, ids, targets, states };
}

type Prepared = Awaited<ReturnType<typeof prepared>>;

async function loss({ runner, parameters, ids, targets, states }: Prepared): Promise<number> {
  for (const [name, values] of states) runner.write(name, values);
  runner.write('parameters', parameters);
  runner.write('ids', ids);
  runner.write('targets', targets);
  if (runner.program.ports.has('random')) runner.write('random', Int32Array.of(11, 3));
  runner.run(steps);
  const [value = NaN] = await runner.read('loss', new Float64Array(1));
  return value;
}

async function slope(all: Prepared, values: Float64Array, index: number): Promise<number> {
  const before = values[index] ?? NaN;
  values[index] = before + delta;
  const above = await loss(all);
  values[index] = before - delta;
  const below = await loss(all);
  values[index] = before;
  return (above - below) / (2 * delta);
}

function assertClose(got: number | undefined, expected: number, where: string): void {
  const difference = Math.abs((got ?? NaN) - expected);
  assert.ok(
    difference <= 1e-6 * Math.max(0.01, Math.abs(expected)),
    `${where}: gradient ${got}, difference ${expected}`,
  );
}

async function readAll(runner: Runner, port: string, length: number): Promise<Float64Array> {
  return runner.read(port, new Float64Array(length));
}

const cases: readonly { name: string; changes: Partial<ModelConfig>; dropout: Dropout }[] = [
  { name: 'aLSTM, three layers, tied', changes: {}, dropout: noDropout },
  { name: 'aLSTM, three layers, tied, all dropout', changes: {}, dropout: allDropout },
  { name: 'aLSTM, one layer, untied', changes: { hiddenSizes: [6], tiedDecoder: false }, dropout: noDropout },
  {
    name: 'aLSTM, two layers, untied, all dropout',
    changes: { hiddenSizes: [4, 6], tiedDecoder: false },
    dropout: allDropout,
  },
  { name: 'static LSTM, two layers', changes: { adaptation: 'static', hiddenSizes: [6, 5] }, dropout: noDropout },
  { name: 'static LSTM, three layers, all dropout', changes: { adaptation: 'static' }, dropout: allDropout },
];

for (const { name, changes, dropout } of cases) {
  test(`gradients of every parameter and state: ${name}`, async () => {
    const all = await prepared(model(changes), dropout);
    await loss(all);
    const gradients = await readAll(all.runner, 'gradients', all.layout.length);
    for (const { name: parameter, offset, size } of all.layout.entries) {
      // Every seventh number of each parameter: all names, all gates, all slices of the policy.
      for (let i = 0; i < size; i += size > 40 ? 7 : 1) {
        const expected = await slope(all, all.parameters, offset + i);
        assertClose(gradients[offset + i], expected, `${parameter}[${i}]`);
      }
    }
    for (const [state, values] of all.states) {
      await loss(all);
      const dstate = await readAll(all.runner, `d${state}`, values.length);
      for (let i = 0; i < values.length; i += 3) assertClose(dstate[i], await slope(all, values, i), `${state}[${i}]`);
    }
  });
}

test('two segments in a row are one segment of both, in the forward direction', async () => {
  const config = model({});
  const all = await prepared(config, noDropout);
  await loss(all);
  const whole = await readAll(all.runner, 'losses', steps * batch);
  for (const [name, values] of all.states) all.runner.write(name, values);
  const parts: number[] = [];
  for (const [from, length] of [
    [0, 1],
    [1, 3],
  ] as const) {
    all.runner.write('ids', all.ids.subarray(from * batch, (from + length) * batch));
    all.runner.write('targets', all.targets.subarray(from * batch, (from + length) * batch));
    all.runner.run(length);
    parts.push(...(await readAll(all.runner, 'losses', length * batch)));
  }
  parts.forEach((value, i) => assertClose(value, whole[i] ?? NaN, `loss ${i}`));
});

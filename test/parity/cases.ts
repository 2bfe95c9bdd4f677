/** Runs one golden case on one executor. */
import { parseModelConfig, type ModelConfig } from '../../core/config.js';
import type { Executor, Runner, Values } from '../../core/executor.js';
import { ParameterLayout } from '../../core/layout.js';
import { elementsAt, type Program } from '../../core/program.js';
import { Context } from '../../model/context.js';
import { evaluationProgram, trainingProgram } from '../../model/language-model.js';
import { updateSettings, writeUpdate, type OptimizerConfig } from '../../model/optimizer.js';
import { languageModelLayout, stackParameters, type StackConfig } from '../../core/parameters.js';
import { recurrentStack } from '../../model/recurrent-stack.js';
import { Worst } from './compare.js';
import type { Fixture, Tensor } from './fixture.js';

export interface CaseErrors {
  readonly outputs: Worst;
  readonly gradients: Worst;
}

/** Why a case is outside of what the layers cover, or '' when it is covered. */
export function uncovered({ case: { layer, optimizer, cell, adaptation, latent } }: Fixture): string {
  if (optimizer !== undefined)
    return optimizer === 'adam' || optimizer === 'adamw' ? '' : `optimizer ${JSON.stringify(optimizer)}`;
  if (layer !== 'adaptive-recurrent' && layer !== 'language-model') return `layer ${String(layer)}`;
  if (cell !== 'lstm') return `cell ${String(cell)}`;
  if (adaptation === 'static') return '';
  if (adaptation !== 'io') return `adaptation ${String(adaptation)}`;
  return latent === 'recurrent' ? '' : `latent ${String(latent)}`;
}

export async function runCase(fixture: Fixture, executor: Executor): Promise<CaseErrors> {
  if (fixture.case['optimizer'] !== undefined) return runOptimizer(fixture, executor);
  return fixture.case['layer'] === 'language-model'
    ? runLanguageModel(fixture, executor)
    : runRecurrent(fixture, executor);
}

async function readPort(runner: Runner, port: string, steps: number): Promise<Float64Array> {
  const shape = runner.program.ports.get(port)?.shape ?? [];
  return runner.read(port, new Float64Array(elementsAt(shape, steps)));
}

function writeParameters(runner: Runner, layout: ParameterLayout, tensors: ReadonlyMap<string, Tensor>): void {
  const flat = new Float64Array(layout.length);
  for (const [name, { values, shape }] of tensors) {
    const entry = layout.entry(name);
    if (entry.shape.join() !== shape.join()) {
      throw new TypeError(`${name}: expected [${entry.shape.join()}], got [${shape.join()}].`);
    }
    flat.set(values, entry.offset);
  }
  runner.write('parameters', flat);
}

function writeAll(runner: Runner, ports: Readonly<Record<string, Values>>): void {
  for (const [port, values] of Object.entries(ports)) runner.write(port, values);
}

/** The state before the segment, and, after it, the state that it ended in. */
function writeState(runner: Runner, fixture: Fixture): void {
  for (const [name, { values }] of fixture.group('state')) runner.write(`state.${name}`, values);
}

async function compareStates(runner: Runner, fixture: Fixture, outputs: Worst): Promise<void> {
  for (const kind of ['h', 'c', 'z', 'zc']) {
    for (const [layer, { values }] of fixture.group(`out.${kind}`)) {
      outputs.compare(`${kind}.${layer}`, await readPort(runner, `state.${layer}.${kind}`, 1), values);
    }
  }
}

async function compareGradients(
  runner: Runner,
  layout: ParameterLayout,
  fixture: Fixture,
  steps: number,
  gradients: Worst,
): Promise<void> {
  const flat = await readPort(runner, 'gradients', steps);
  for (const [name, { values }] of fixture.group('grad')) {
    if (name === 'x') gradients.compare('x', await readPort(runner, 'dx', steps), values);
    else if (name.startsWith('state.')) gradients.compare(name, await readPort(runner, `d${name}`, steps), values);
    else {
      const { offset, size } = layout.entry(name);
      gradients.compare(name, flat.subarray(offset, offset + size), values);
    }
  }
}

function stackConfig(fixture: Fixture): StackConfig {
  const { adaptation } = fixture.case;
  return {
    cell: 'lstm',
    adaptation: adaptation === 'static' ? 'static' : 'io',
    latent: 'recurrent',
    hiddenSizes: fixture.numbers('sizes'),
    latentSize: fixture.number('A'),
  };
}

/** A bare recurrent stack: x, dy → y, dx. */
function recurrentProgram(
  config: StackConfig,
  inputSize: number,
  batch: number,
  maxSteps: number,
): { program: Program; layout: ParameterLayout } {
  const layout = new ParameterLayout(stackParameters(config, inputSize));
  const context = new Context({ name: 'recurrent', layout, batch, maxSteps, training: true });
  const { builder, rows } = context;
  const x = builder.stack('x', batch, inputSize);
  const dx = builder.stack('dx', batch, inputSize);
  const dy = builder.stack('dy', batch, config.hiddenSizes.at(-1) ?? 0);
  context.clearGradients();
  const stack = recurrentStack(context, config, x, { hidden: 0, latent: 0 });
  stack.forward();
  stack.backward(dy, dx);
  stack.carry();
  builder.port('x', x.all(), [rows, inputSize]);
  builder.port('dx', dx.all(), [rows, inputSize]);
  builder.port('dy', dy.all(), [rows, dy.width]);
  const { stack: output, slot } = stack.output;
  builder.port('y', output.all(slot), [rows, output.width]);
  return { program: builder.build(), layout };
}

async function runRecurrent(fixture: Fixture, executor: Executor): Promise<CaseErrors> {
  const [steps, batch, inputSize] = [fixture.number('T'), fixture.number('B'), fixture.number('I')];
  const { program, layout } = recurrentProgram(stackConfig(fixture), inputSize, batch, steps);
  const runner = await executor.load(program);
  writeParameters(runner, layout, fixture.group('param'));
  writeState(runner, fixture);
  const seed = fixture.tensor('seed').values;
  writeAll(runner, { x: fixture.tensor('x').values, dy: seed });
  runner.run(steps);

  const errors = { outputs: new Worst(), gradients: new Worst() };
  const y = await readPort(runner, 'y', steps);
  errors.outputs.compare('y', y, fixture.tensor('out.y').values);
  const loss = y.reduce((sum, value, i) => sum + value * (seed[i] ?? NaN), 0);
  errors.outputs.compare('loss', [loss], fixture.tensor('out.loss').values);
  await compareStates(runner, fixture, errors.outputs);
  await compareGradients(runner, layout, fixture, steps, errors.gradients);
  runner.unload();
  return errors;
}

async function runLanguageModel(fixture: Fixture, executor: Executor): Promise<CaseErrors> {
  const [maxSteps, batch] = [fixture.number('T'), fixture.number('B')];
  const config: ModelConfig = parseModelConfig({
    ...stackConfig(fixture),
    vocabularySize: fixture.number('V'),
    embeddingSize: fixture.number('E'),
    tiedDecoder: fixture.case['tied'],
  });
  const layout = languageModelLayout(config);
  const inputs = { ids: fixture.integers('ids'), targets: fixture.integers('targets') };
  const errors = { outputs: new Worst(), gradients: new Worst() };
  for (const program of [
    evaluationProgram(config, { batch, maxSteps, openLogits: true }),
    trainingProgram(config, { batch, maxSteps }),
  ]) {
    const runner = await executor.load(program);
    writeParameters(runner, layout, fixture.group('param'));
    writeState(runner, fixture);
    writeAll(runner, inputs);
    runner.run(maxSteps);
    errors.outputs.compare('loss', await readPort(runner, 'loss', maxSteps), fixture.tensor('out.loss').values);
    await compareStates(runner, fixture, errors.outputs);
    if (program.ports.has('gradients')) await compareGradients(runner, layout, fixture, maxSteps, errors.gradients);
    else {
      const logits = await readPort(runner, 'logits', maxSteps);
      errors.outputs.compare('logits', logits, fixture.tensor('out.logits').values);
    }
    runner.unload();
  }
  return errors;
}

async function runOptimizer(fixture: Fixture, executor: Executor): Promise<CaseErrors> {
  const [beta1 = NaN, beta2 = NaN] = fixture.numbers('betas');
  const optimizer: OptimizerConfig = {
    optimizer: fixture.case['optimizer'] === 'adamw' ? 'adamw' : 'adam',
    beta1,
    beta2,
    epsilon: fixture.number('eps'),
    weightDecay: fixture.number('weightDecay'),
    clip: 0,
  };
  const parameters = fixture.group('param');
  const layout = new ParameterLayout([...parameters].map(([name, { shape }]) => [name, shape]));
  const context = new Context({ name: 'optimizer', layout, batch: 1, maxSteps: 1, training: true });
  writeUpdate(context, optimizer.optimizer, context.builder.matrix('norm', 1, 1));
  const runner = await executor.load(context.builder.build());
  writeParameters(runner, layout, parameters);
  const errors = { outputs: new Worst(), gradients: new Worst() };
  const settings = new Float64Array(8);
  for (let step = 0; step < fixture.number('steps'); step++) {
    const flat = new Float64Array(layout.length);
    for (const { name, offset } of layout.entries) {
      const gradient = layout.entries.length > 1 ? `grad.${step}.${name}` : `grad.${step}`;
      flat.set(fixture.tensor(gradient).values, offset);
    }
    updateSettings(optimizer, fixture.number('lr'), step + 1, settings);
    runner.write('gradients', flat);
    runner.write('settings', settings);
    runner.run(1);
    const updated = await readPort(runner, 'parameters', 1);
    for (const { name, offset, size } of layout.entries) {
      const output = layout.entries.length > 1 ? `out.${step}.${name}` : `out.${step}`;
      errors.outputs.compare(`step ${step}`, updated.subarray(offset, offset + size), fixture.tensor(output).values);
    }
  }
  runner.unload();
  return errors;
}

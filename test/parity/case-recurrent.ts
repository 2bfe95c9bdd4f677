/** Golden cases of recurrent stacks and of language models. */
import { parseModelConfig, type ModelConfig } from '../../core/config.js';
import type { Executor } from '../../core/executor.js';
import { ParameterLayout } from '../../core/layout.js';
import { languageModelLayout, stackParameters, type StackConfig } from '../../core/parameters.js';
import type { Program } from '../../core/program.js';
import { Context } from '../../model/context.js';
import { evaluationProgram, trainingProgram } from '../../model/language-model.js';
import { recurrentStack } from '../../model/recurrent-stack.js';
import {
  CaseErrors,
  compareGradients,
  compareStates,
  readPort,
  writeAll,
  writeParameters,
  writeState,
} from './case-ports.js';
import type { Fixture } from './fixture.js';

/** Parsed with the rest of a model that there is none of, so that a name that is not known is an error. */
function stackConfig(fixture: Fixture): StackConfig {
  const { cell, adaptation, latent, policyOffset } = fixture.case;
  return parseModelConfig({
    cell,
    adaptation,
    latent,
    policyOffset,
    hiddenSizes: fixture.numbers('sizes'),
    latentSize: fixture.number('A'),
    vocabularySize: 2,
    embeddingSize: 1,
    tiedDecoder: false,
  });
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

export async function runRecurrent(fixture: Fixture, executor: Executor): Promise<CaseErrors> {
  const [steps, batch, inputSize] = [fixture.number('T'), fixture.number('B'), fixture.number('I')];
  const { program, layout } = recurrentProgram(stackConfig(fixture), inputSize, batch, steps);
  const runner = await executor.load(program);
  writeParameters(runner, layout, fixture.group('param'));
  writeState(runner, fixture);
  const seed = fixture.tensor('seed').values;
  writeAll(runner, { x: fixture.tensor('x').values, dy: seed });
  runner.run(steps);

  const errors = new CaseErrors();
  const y = await readPort(runner, 'y', steps);
  errors.outputs.compare('y', y, fixture.tensor('out.y').values);
  const loss = y.reduce((sum, value, i) => sum + value * (seed[i] ?? NaN), 0);
  errors.outputs.compare('loss', [loss], fixture.tensor('out.loss').values);
  await compareStates(runner, fixture, errors.outputs);
  await compareGradients(runner, layout, fixture, steps, errors.gradients);
  runner.unload();
  return errors;
}

export async function runLanguageModel(fixture: Fixture, executor: Executor): Promise<CaseErrors> {
  const [maxSteps, batch] = [fixture.number('T'), fixture.number('B')];
  const config: ModelConfig = parseModelConfig({
    ...stackConfig(fixture),
    vocabularySize: fixture.number('V'),
    embeddingSize: fixture.number('E'),
    tiedDecoder: fixture.case['tied'],
  });
  const layout = languageModelLayout(config);
  const inputs = { ids: fixture.integers('ids'), targets: fixture.integers('targets') };
  const errors = new CaseErrors();
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

/** Golden cases of adaptive feed-forward layers. */
import type { Executor } from '../../core/executor.js';
import { parseFeedForwardConfig } from '../../core/feed-forward-config.js';
import { linearParameters } from '../../core/feed-forward-parameters.js';
import { ParameterLayout } from '../../core/layout.js';
import { AdaptiveLinear } from '../../model/adaptive-linear.js';
import { Context } from '../../model/context.js';
import { CaseErrors, compareGradients, readPort, writeAll, writeParameters } from './case-ports.js';
import type { Fixture } from './fixture.js';

/** A bare adaptive layer: x, dy → y, dx. */
export async function runLinear(fixture: Fixture, executor: Executor): Promise<CaseErrors> {
  const [examples, inputSize] = [fixture.number('B'), fixture.number('I')];
  const { kind: adaptation, policy, policyActivation, adaptBias, activation } = fixture.case;
  const { layers } = parseFeedForwardConfig({
    inputSize,
    layers: [
      {
        outputSize: fixture.number('O'),
        adaptation,
        rank: fixture.number('R'),
        policy,
        policyHiddenSize: fixture.number('K'),
        policyActivation,
        adaptBias,
        activation,
      },
    ],
  });
  const [config] = layers;
  if (!config) throw new TypeError('There is one layer.');
  const layout = new ParameterLayout(
    linearParameters(config, inputSize).map(([name, shape]) => [`layer.${name}`, shape]),
  );
  const context = new Context({ name: 'linear', layout, batch: 1, maxSteps: examples, training: true });
  const { builder, rows } = context;
  const layer = new AdaptiveLinear(context, 'layer', config, inputSize);
  const [x, dx] = [context.matrix('x', inputSize), context.matrix('dx', inputSize)];
  const dy = context.matrix('dy', config.outputSize);
  context.clearGradients();
  layer.forward(x);
  layer.backward(x, dy, dx);
  for (const [name, view] of Object.entries({ x, dx })) builder.port(name, view, [rows, inputSize]);
  for (const [name, view] of Object.entries({ dy, y: layer.y, preactivation: layer.preactivation })) {
    builder.port(name, view, [rows, config.outputSize]);
  }
  const runner = await executor.load(builder.build());
  const named = new Map([...fixture.group('param')].map(([name, tensor]) => [`layer.${name}`, tensor]));
  writeParameters(runner, layout, named);
  const seed = fixture.tensor('seed').values;
  writeAll(runner, { x: fixture.tensor('x').values, dy: seed });
  runner.run(examples);

  const errors = new CaseErrors();
  for (const port of ['preactivation', 'y']) {
    errors.outputs.compare(port, await readPort(runner, port, examples), fixture.tensor(`out.${port}`).values);
  }
  const y = await readPort(runner, 'y', examples);
  const loss = y.reduce((sum, value, i) => sum + value * (seed[i] ?? NaN), 0);
  errors.outputs.compare('loss', [loss], fixture.tensor('out.loss').values);
  await compareGradients(runner, layout, fixture, examples, errors.gradients, 'layer.');
  runner.unload();
  return errors;
}

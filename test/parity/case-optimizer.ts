/** Golden cases of the optimizers. */
import type { Executor } from '../../core/executor.js';
import { ParameterLayout } from '../../core/layout.js';
import { Context } from '../../model/context.js';
import { updateSettings, writeUpdate, type OptimizerConfig } from '../../model/optimizer.js';
import { CaseErrors, readPort, writeParameters } from './case-ports.js';
import type { Fixture } from './fixture.js';

export async function runOptimizer(fixture: Fixture, executor: Executor): Promise<CaseErrors> {
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
  const errors = new CaseErrors();
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

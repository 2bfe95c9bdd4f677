/** A training step as one Program and one read: nothing has to be known outside before the update is made. */
import type { Executor } from '../core/executor.js';
import { trainingProgram } from '../model/language-model.js';
import type { BatchOptions, BatchPrograms } from './batch-programs.js';

export async function loadWholeBatch(executor: Executor, options: BatchOptions): Promise<BatchPrograms> {
  const { model, batch, maxSteps, dropout, optimizer } = options;
  const runner = await executor.load(trainingProgram(model, { batch, maxSteps, dropout, optimizer }));
  return {
    shares: [{ first: 0, count: batch, runner }],
    update: runner,
    async run(steps, settings) {
      runner.write('settings', settings);
      runner.run(steps);
      const [loss = NaN, gradientNorm = NaN] = await runner.read('report', new Float32Array(2));
      return { loss, gradientNorm };
    },
    unload: () => runner.unload(),
  };
}

/** Writing at batch 1: one token read, one drawn. Checked: greedy writing gives the same ids twice. */
import type { Executor, LoadOptions } from '../../core/executor.js';
import type { ParameterLayout } from '../../core/layout.js';
import { Random } from '../../core/random.js';
import { generationProgram } from '../../model/language-model.js';
import { languageModelLayout } from '../../model/parameters.js';
import { modelConfig, type ConfigurationName, type Model } from '../configurations.js';
import { figure, timeIt, type Figure } from '../figure.js';

/** Tokens/s. `budget` in seconds. */
export async function measureGeneration(
  executor: Executor,
  name: ConfigurationName,
  model: Model,
  weights: NonNullable<LoadOptions['weights']>,
  budget: number,
): Promise<Figure> {
  const config = modelConfig(name, model);
  const layout = languageModelLayout(config);
  const parameters = plainWeights(layout);
  const write = async () => {
    const runner = await executor.load(generationProgram(config, 1), { weights });
    runner.write('parameters', parameters);
    runner.refresh();
    runner.write('sampling', Float32Array.of(0, 0, 1));
    const id = new Int32Array(1);
    const ids: number[] = [];
    for (let i = 0; i < 8; i++) {
      runner.write('ids', id);
      runner.run(1);
      await runner.read('id', id);
      ids.push(id[0] ?? -1);
    }
    return { runner, ids };
  };
  const first = await write();
  first.runner.unload();
  const { runner, ids } = await write();
  if (ids.join() !== first.ids.join()) throw new Error(`Writing with ${model} ${name} is not repeatable.`);
  const samples = timeIt(() => runner.run(1), budget);
  runner.unload();
  return figure(
    `writing ${model} ${name} ${weights}`,
    'tokens/s',
    samples.map((seconds) => 1 / seconds),
  );
}

/** Weights for what only writes. Orthogonal ones would take most of a minute for P, and writing is as fast with these. */
export function plainWeights(layout: ParameterLayout): Float32Array {
  const parameters = new Float32Array(layout.length);
  const random = new Random(1, 0);
  for (const { shape, offset, size } of layout.entries) {
    const bound = 1 / Math.sqrt(shape.at(-1) ?? 1);
    for (let i = offset; i < offset + size; i++) parameters[i] = bound * (2 * random.next() - 1);
  }
  return parameters;
}

/** Writing at batch 1: one token read, one drawn. Checked: greedy writing gives the same ids twice. */
import type { ModelConfig } from '../../core/config.js';
import type { Executor, LoadOptions, Runner } from '../../core/executor.js';
import type { ParameterLayout } from '../../core/layout.js';
import { Random } from '../../core/random.js';
import { generationProgram } from '../../model/language-model.js';
import { languageModelLayout } from '../../core/parameters.js';
import { modelConfig, type ConfigurationName, type Model } from '../configurations.js';
import type { WasmExecutor } from '../../worker/wasm-executor.js';
import { figure, timeIt, type Figure } from '../figure.js';

export interface GenerationCase {
  readonly name: ConfigurationName;
  readonly model: Model;
  readonly weights: NonNullable<LoadOptions['weights']>;
  readonly threads: number;
}

/** How long helpers may take to start. */
const patience = 10_000; // ms

/** Tokens/s. `budget` in seconds. */
export async function measureGeneration(
  executor: WasmExecutor,
  { name, model, weights, threads }: GenerationCase,
  budget: number,
): Promise<Figure> {
  const config = modelConfig(name, model);
  const parameters = plainWeights(languageModelLayout(config));
  const write = async () => {
    const runner = await prepareWriting(executor, config, parameters, { weights, threads });
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
  if (threads > 1) await untilHelped(executor, () => runner.run(1));
  const samples = timeIt(() => runner.run(1), budget);
  runner.unload();
  return figure(
    `writing ${model} ${name} ${weights}${threads > 1 ? `, ${threads} threads` : ''}`,
    'tokens/s',
    samples.map((seconds) => 1 / seconds),
  );
}

async function untilHelped(executor: WasmExecutor, run: () => void): Promise<void> {
  const deadline = performance.now() + patience;
  while (executor.helped === 0) {
    if (performance.now() > deadline) throw new Error('No thread helps with writing.');
    run();
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** Greedy writing, one token a replay. */
export async function prepareWriting(
  executor: Executor,
  config: ModelConfig,
  parameters: Float32Array,
  options: LoadOptions,
): Promise<Runner> {
  const runner = await executor.load(generationProgram(config, 1), options);
  runner.write('parameters', parameters);
  runner.refresh();
  runner.write('sampling', Float32Array.of(0, 0, 1));
  return runner;
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

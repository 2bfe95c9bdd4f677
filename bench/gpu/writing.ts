/**
 * Writing at batch 1, by the wall clock: as in worker/stream-reader.ts the drawn id stays on the GPU, where the next replay
 * reads it, and comes back while others are under way. Checked: the logits are WASM's.
 */
import type { ModelConfig } from '../../core/config.js';
import type { Executor, Runner } from '../../core/executor.js';
import { createGpuExecutor, type GpuSource } from '../../gpu/webgpu.js';
import { languageModelLayout } from '../../core/parameters.js';
import { figure, type Figure } from '../figure.js';
import { forwardOperations } from '../operations.js';
import { plainWeights, prepareWriting } from '../page/generation.js';
import type { Allowance, Missing, Pace } from './allowance.js';
import { comparisonExecutor } from './problem.js';

const ids = [0, 7, 20, 33];
const tolerance = 1e-4; // of the largest logit
const budget = 1; // s
/** That are under way at once. */
const tokens = 8;

/** Tokens/s. */
export async function measureWriting(
  source: GpuSource,
  title: string,
  config: ModelConfig,
  allowance: Allowance,
  pace: Pace,
): Promise<Figure | Missing> {
  const operations = forwardOperations(config);
  const refusal = allowance.refusal(pace.foretell((ids.length + 2 * tokens) * operations));
  if (refusal) return { name: title, notMeasured: refusal };
  const parameters = plainWeights(languageModelLayout(config));
  const prepare = (executor: Executor) => prepareWriting(executor, config, parameters, {});
  const [gpu, other] = [await createGpuExecutor({ source }), await comparisonExecutor()];
  try {
    const runner = await prepare(gpu);
    await check(title, runner, await prepare(other), config.vocabularySize);
    const writeSome = async () => {
      const started = performance.now();
      const drawn: Promise<Int32Array>[] = [];
      for (let token = 0; token < tokens; token++) {
        runner.run(1);
        drawn.push(runner.read('id', new Int32Array(1)));
      }
      await Promise.all(drawn);
      return (performance.now() - started) / 1000 / tokens;
    };
    const samples = await allowance.sample(writeSome, budget);
    const speed = figure(
      title,
      'tokens/s',
      samples.map((seconds) => 1 / seconds),
    );
    pace.record(operations * speed.median, 1);
    return speed;
  } finally {
    gpu.destroy();
    other.destroy();
  }
}

async function check(title: string, ours: Runner, wasm: Runner, vocabulary: number): Promise<void> {
  for (const id of ids) {
    const [got, expected] = await Promise.all(
      [ours, wasm].map((runner) => {
        runner.write('ids', Int32Array.of(id));
        runner.run(1);
        return runner.read('logits', new Float32Array(vocabulary));
      }),
    );
    const largest = expected?.reduce((most, value) => Math.max(most, Math.abs(value)), 0) ?? NaN;
    const error = got?.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected?.[i] ?? NaN))), 0) ?? NaN;
    if (!(error <= tolerance * largest))
      throw new Error(`${title}: logits differ by ${error} from WASM’s, of ${largest}.`);
  }
}

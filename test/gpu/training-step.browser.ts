/** A training step on the GPU: what it learns is what WASM learns, and it is one replay and one read. */
import { expect } from '@open-wc/testing';
import { parseModelConfig } from '../../core/config.js';
import type { Executor } from '../../core/executor.js';
import { Random } from '../../core/random.js';
import { createGpuExecutor, type GpuExecutor } from '../../gpu/executor.js';
import { initialise } from '../../model/initialise.js';
import { languageModelLayout } from '../../core/parameters.js';
import type { StepResult } from '../../worker/batch-programs.js';
import { TrainingStep, type StepInput } from '../../worker/training-step.js';
import { createWasmExecutor } from '../../worker/wasm-executor.js';

const batch = 6;
const maxSteps = 7;
const model = parseModelConfig({
  cell: 'lstm',
  adaptation: 'io',
  latent: 'recurrent',
  vocabularySize: 23,
  embeddingSize: 13,
  hiddenSizes: [19, 13],
  latentSize: 7,
  tiedDecoder: true,
});
const layout = languageModelLayout(model);

async function makeStep(executor: Executor): Promise<TrainingStep> {
  const step = await TrainingStep.create(executor, {
    model,
    batch,
    maxSteps,
    dropout: { embedding: 0.1, input: 0.2, hidden: 0.2, latent: 0.1, output: 0.2 },
    optimizer: { optimizer: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-6, weightDecay: 0.001, clip: 0.5 },
    threads: 4,
  });
  const parameters = new Float32Array(layout.length);
  initialise(layout, 2, parameters);
  step.writeParameters(parameters);
  return step;
}

/** Segments of every length, of a text of few letters in which one follows from the one before. */
function* segments(count: number): Generator<StepInput> {
  const random = new Random(4, 0);
  for (let done = 0; done < count; done++) {
    const steps = 1 + (done % maxSteps);
    const ids = Int32Array.from({ length: batch * steps }, () => Math.floor(4 * random.next()));
    const targets = ids.map((id) => (3 * id + 1) % model.vocabularySize);
    yield { ids, targets, steps, learningRate: 0.01, seed: 9, done };
  }
}

async function train(executor: Executor, count: number): Promise<{ results: StepResult[]; weights: Float32Array }> {
  const step = await makeStep(executor);
  const results: StepResult[] = [];
  for (const segment of segments(count)) results.push(await step.run(segment));
  const weights = await step.readParameters(new Float32Array(layout.length));
  step.unload();
  return { results, weights };
}

describe('a training step on WebGPU', () => {
  let executor: GpuExecutor;
  beforeEach(async () => {
    executor = await createGpuExecutor();
  });
  afterEach(() => executor.destroy());

  it('learns over fifty steps what WASM learns, with the same masks', async () => {
    const response = await fetch(new URL('../../assembly/kernels.wasm', import.meta.url));
    const wasm = await createWasmExecutor({ module: await WebAssembly.compile(await response.arrayBuffer()) });
    const expected = await train(wasm, 50);
    const got = await train(executor, 50);
    wasm.destroy();
    expect(got.results.length).to.equal(50);
    for (const [i, { loss, gradientNorm }] of expected.results.entries()) {
      const { loss: ours = NaN, gradientNorm: norm = NaN } = got.results[i] ?? {};
      expect(Math.abs(ours / loss - 1), `loss ${i}`).to.be.at.most(1e-3);
      expect(Math.abs(norm / gradientNorm - 1), `norm ${i}`).to.be.at.most(1e-3);
    }
    expect(expected.results.at(-1)?.loss).to.be.below(0.9 * (expected.results[0]?.loss ?? NaN));
  });

  it('is one replay and one read', async () => {
    const step = await makeStep(executor);
    const { queue } = executor.gpu.device;
    const submit = queue.submit.bind(queue);
    let submits = 0;
    queue.submit = (buffers) => {
      submits++;
      submit(buffers);
    };
    const counts: number[] = [];
    for (const segment of segments(3)) {
      submits = 0;
      await step.run(segment);
      counts.push(submits);
    }
    expect(counts).to.deep.equal([2, 2, 2]);
  });

  it('may be begun before the one before it is read', async () => {
    const { results, weights } = await train(executor, 5);
    const step = await makeStep(executor);
    const under = [...segments(5)].map((segment) => step.run(segment));
    expect(await Promise.all(under)).to.deep.equal(results);
    expect(await step.readParameters(new Float32Array(layout.length))).to.deep.equal(weights);
  });
});

/** Training on several threads: the same mathematics, the same bits each time, and no hang when a thread dies. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { relaxedSimd } from 'wasm-feature-detect';
import { nodeThreads } from '../../cli/threads.js';
import { parseModelConfig, type Dropout } from '../../core/config.js';
import { AdaptiveError } from '../../core/errors.js';
import { Random } from '../../core/random.js';
import { evaluationProgram } from '../../model/language-model.js';
import { languageModelLayout } from '../../core/parameters.js';
import { usualThreads, type ThreadHandle, type ThreadSupport } from '../../worker/threads/thread-support.js';
import { TrainingStep } from '../../worker/training-step.js';
import { createWasmExecutor } from '../../worker/wasm-executor.js';
import { orderedStream, tokenStream, vocabularySize } from './engines.js';

const name = (await relaxedSimd()) ? 'kernels-shared-relaxed' : 'kernels-shared';
const module = await WebAssembly.compile(await readFile(`build/assembly/${name}.wasm`));

const batch = 7; // does not share out evenly
const maxSteps = 9;
const everyDropout: Dropout = { embedding: 0.1, input: 0.2, hidden: 0.2, latent: 0.1, output: 0.2 };
const optimizer = {
  optimizer: 'adam',
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-6,
  weightDecay: 0.001,
  clip: 0.5,
} as const;

/** Real threads, counted. */
function counted(available: number, broken?: (handle: ThreadHandle) => ThreadHandle) {
  const live = new Set<ThreadHandle>();
  const real = nodeThreads(module);
  const support: ThreadSupport = {
    module,
    available,
    spared: 0,
    spawn(onDeath) {
      const thread = real.spawn(onDeath);
      const handle: ThreadHandle = {
        start: (message) => thread.start(message),
        terminate() {
          live.delete(handle);
          thread.terminate();
        },
      };
      live.add(handle);
      return broken ? broken(handle) : handle;
    },
  };
  return { support, live };
}

async function makeStep(support: ThreadSupport, threads: number, dropout = everyDropout) {
  const model = parseModelConfig({
    cell: 'lstm',
    adaptation: 'io',
    latent: 'recurrent',
    vocabularySize,
    embeddingSize: 6,
    hiddenSizes: [11, 9],
    latentSize: 5,
    tiedDecoder: false,
  });
  const executor = await createWasmExecutor({ module, threads: support });
  const step = await TrainingStep.create(executor, { model, batch, maxSteps, dropout, optimizer, threads });
  const layout = languageModelLayout(model);
  const parameters = new Float32Array(layout.length);
  // Larger than a new model's, whose gradient is nearly all in the decoder's bias: each slice of the norm shall count.
  const random = new Random(5, 0);
  for (const { offset, size } of layout.entries) {
    for (let i = offset; i < offset + size; i++) parameters[i] = 2 * random.next() - 1;
  }
  step.writeParameters(parameters);
  return { executor, step, layout };
}

const stepInput = {
  ids: new Int32Array(batch * maxSteps),
  targets: new Int32Array(batch * maxSteps),
  steps: maxSteps,
  learningRate: 0.01,
  seed: 1,
};

/** Losses and norms of some steps of different lengths, and the weights after them. */
async function train(threads: number, steps = 12) {
  const { support, live } = counted(8);
  const { executor, step, layout } = await makeStep(support, threads);
  assert.equal(step.threads, Math.min(threads, batch));
  assert.equal(live.size, step.threads - 1, 'the thread that asks works too');
  const stream = tokenStream(orderedStream(3000, 1), batch);
  const [ids, targets] = [new Int32Array(batch * maxSteps), new Int32Array(batch * maxSteps)];
  const losses: number[] = [];
  const norms: number[] = [];
  for (let done = 0; done < steps; done++) {
    const length = await stream.next(ids, targets, 1 + (done % maxSteps));
    const result = await step.run({ ids, targets, steps: length, learningRate: 0.01, seed: 3, done });
    losses.push(result.loss);
    norms.push(result.gradientNorm);
  }
  const weights = new Float32Array(layout.length);
  await step.readParameters(weights);
  step.unload();
  step.unload();
  assert.equal(live.size, 0, 'threads end with their last team');
  executor.destroy();
  return { losses, norms, weights };
}

function assertClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  assert.equal(got.length, expected.length);
  for (let i = 0; i < got.length; i++) {
    const [a = NaN, b = NaN] = [got[i], expected[i]];
    assert.ok(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b)), `${what} ${i}: ${a}, and ${b} on one thread`);
  }
}

test('any number of threads trains as one does: masks, loss, clipping and all', async () => {
  const one = await train(1);
  assert.ok((one.losses.at(-1) ?? NaN) < (one.losses[0] ?? NaN));
  for (const threads of [2, 3, 7, 8]) {
    const several = await train(threads);
    assertClose(several.losses, one.losses, 1e-5, `loss on ${threads} threads`);
    assertClose(several.norms, one.norms, 1e-4, `norm on ${threads} threads`);
    assertClose(several.weights, one.weights, 1e-4, `weight on ${threads} threads`);
  }
});

test('the same seed and number of threads give the same bits', async () => {
  const [first, second] = [await train(3), await train(3)];
  assert.deepEqual(first.losses, second.losses);
  assert.deepEqual(first.weights, second.weights);
});

test('nothing else is replayed while a team is: they take turns in their memory', async () => {
  const { support } = counted(2);
  const { step, executor } = await makeStep(support, 2);
  const other = await executor.load(evaluationProgram(step.options.model, { batch, maxSteps }));
  const running = step.run({ ...stepInput, done: 0 });
  assert.throws(() => other.run(1), { code: 'internal' });
  await running;
  other.run(1);
  executor.destroy();
});

test('a thread that dies is an error, not a hang', { timeout: 300_000 }, async () => {
  const { support } = counted(2);
  let kill = () => {};
  const dying: ThreadSupport = {
    ...support,
    spawn(onDeath) {
      const thread = support.spawn(onDeath);
      kill = () => {
        thread.terminate();
        onDeath('it was killed by the test');
      };
      return thread;
    },
  };
  const { step, executor } = await makeStep(dying, 2);
  await step.run({ ...stepInput, done: 0 });
  kill();
  await assert.rejects(step.run({ ...stepInput, done: 1 }), (error) => {
    assert.ok(error instanceof AdaptiveError);
    assert.equal(error.code, 'worker');
    assert.match(error.message, /killed by the test.*Try again/);
    return true;
  });
  executor.destroy();
});

test('where threads cannot be started, one does the work of all', async () => {
  const { support } = counted(4);
  const refusing: ThreadSupport = {
    ...support,
    spawn(onDeath) {
      onDeath('not allowed here');
      return { start() {}, terminate() {} };
    },
  };
  const { step, executor } = await makeStep(refusing, 4);
  const { loss } = await step.run({ ...stepInput, done: 0 });
  assert.ok(Math.abs(loss - Math.log(vocabularySize)) < 0.5);
  executor.destroy();
});

test('as many threads as there are work, but those that are spared, and never none', () => {
  const { support } = counted(4);
  assert.equal(usualThreads(support), 4);
  assert.equal(usualThreads({ ...support, spared: 1 }), 3);
  assert.equal(usualThreads({ ...support, available: 1, spared: 1 }), 1);
  assert.equal(usualThreads(null), 1);
});

/** Writing on several threads: the same bits as on one, and nothing lost when helpers do not come or die. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { relaxedSimd } from 'wasm-feature-detect';
import { nodeThreads } from '../../cli/threads.js';
import { parseModelConfig } from '../../core/config.js';
import { AdaptiveError } from '../../core/errors.js';
import type { LoadOptions, Runner } from '../../core/executor.js';
import { Random } from '../../core/random.js';
import { generationProgram } from '../../model/language-model.js';
import { languageModelLayout } from '../../core/parameters.js';
import type { ThreadHandle, ThreadSupport } from '../../worker/threads/thread-support.js';
import { createWasmExecutor } from '../../worker/wasm-executor.js';

const name = (await relaxedSimd()) ? 'kernels-shared-relaxed' : 'kernels-shared';
const compile = async (file: string) => WebAssembly.compile(await readFile(`build/assembly/${file}.wasm`));
const module = await compile(name);
const real: ThreadSupport = { ...nodeThreads(module), available: 4 };

/** How long helpers may take to come where more wants to run than there are processors, in ms. */
const patience = 200_000;

/** Large enough that products are divided, of sizes that do not divide evenly. */
const config = parseModelConfig({
  cell: 'lstm',
  adaptation: 'io',
  latent: 'recurrent',
  vocabularySize: 1031,
  embeddingSize: 130,
  hiddenSizes: [171, 130],
  latentSize: 23,
  tiedDecoder: true,
});
const layout = languageModelLayout(config);
const random = new Random(3, 0);
const parameters = Float32Array.from({ length: layout.length }, () => 0.2 * (2 * random.next() - 1));

async function load(threads: ThreadSupport | null, options: LoadOptions) {
  const kernels = threads?.module ?? (await compile(name.replace('-shared', '')));
  const executor = await createWasmExecutor({ module: kernels, threads });
  const runner = await executor.load(generationProgram(config, 1), options);
  runner.write('parameters', parameters);
  runner.refresh();
  runner.write('sampling', Float32Array.of(0, 0, 1));
  return { executor, runner };
}

/** Logits after each of some tokens, each drawn from those before. */
async function write(runner: Runner, tokens: number): Promise<Float32Array> {
  const id = new Int32Array(1);
  const logits = new Float32Array(tokens * config.vocabularySize);
  for (let token = 0; token < tokens; token++) {
    runner.write('ids', id);
    runner.run(1);
    await runner.read('id', id);
    await runner.read('logits', logits.subarray(token * config.vocabularySize, (token + 1) * config.vocabularySize));
  }
  return logits;
}

/**
 * Writes until helpers have done something; they take a while to start. Several tokens follow each other, as in a text:
 * helpers that were left waiting sleep, and may wake up after the one product that would have been theirs.
 */
async function writeUntilHelped({ executor, runner }: Awaited<ReturnType<typeof load>>, parts = 1): Promise<void> {
  const end = performance.now() + patience;
  const before = executor.helped;
  while (executor.helped < before + parts) {
    assert.ok(performance.now() < end, 'no helper came');
    for (let token = 0; token < 50; token++) runner.run(1);
    await new Promise((resolve) => setTimeout(resolve));
  }
}

for (const weights of ['f32', 'int8'] as const) {
  test(`any number of threads writes the same bits (${weights})`, async () => {
    const alone = await load(null, { weights });
    const expected = await write(alone.runner, 20);
    alone.executor.destroy();
    assert.ok(expected.every(Number.isFinite));
    for (const threads of [1, 2, 4]) {
      const together = await load(real, { weights, threads });
      const { helped } = together.executor;
      assert.deepEqual(await write(together.runner, 20), expected, `${threads} threads, helpers on their way`);
      if (threads > 1) {
        await writeUntilHelped(together, 200);
        const again = await together.executor.load(generationProgram(config, 1), { weights, threads });
        again.write('sampling', Float32Array.of(0, 0, 1));
        assert.deepEqual(await write(again, 20), expected, `${threads} threads, helpers there`);
        assert.ok(together.executor.helped > helped);
      } else {
        assert.equal(together.executor.helped, 0);
      }
      together.executor.destroy();
    }
  });
}

test('helpers that sleep wake up for the next product', async () => {
  const together = await load(real, { threads: 2 });
  await writeUntilHelped(together);
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    await writeUntilHelped(together);
  }
  together.executor.destroy();
});

test('helpers that cannot start, or die between products, are not missed', async () => {
  const handles: ThreadHandle[] = [];
  const kill: (() => void)[] = [];
  const mortal: ThreadSupport = {
    ...real,
    spawn(onDeath) {
      const handle = real.spawn(onDeath);
      handles.push(handle);
      kill.push(() => {
        handle.terminate();
        onDeath('killed by the test');
      });
      return handle;
    },
  };
  const alone = await load(null, {});
  const expected = await write(alone.runner, 8);
  alone.executor.destroy();
  const dying = await load(mortal, { threads: 3 });
  await writeUntilHelped(dying);
  for (const each of kill) each();
  const again = await dying.executor.load(generationProgram(config, 1), { threads: 3 });
  again.write('sampling', Float32Array.of(0, 0, 1));
  assert.deepEqual(await write(again, 8), expected);
  dying.executor.destroy();

  const stillborn: ThreadSupport = { ...real, spawn: () => ({ start: () => undefined, terminate: () => undefined }) };
  const waiting = await load(stillborn, { threads: 3 });
  assert.deepEqual(await write(waiting.runner, 8), expected);
  waiting.executor.destroy();
});

/** A helper that takes one part and never reports it. */
const deserter = `
  const { workerData: { memory, crew } } = require('node:worker_threads');
  const words = new Int32Array(memory.buffer, crew);
  for (;;) {
    const claim = Atomics.load(words, 0);
    const isOpen = (claim & 127) + ((claim >> 7) & 127) < ((claim >> 14) & 127);
    if (isOpen && Atomics.compareExchange(words, 0, claim, claim + (1 << 7)) === claim) break;
  }`;

test('a helper that dies inside a product is an error, not a hang, and the next text is written without it', async () => {
  const alone = await load(null, {});
  const expected = await write(alone.runner, 8);
  alone.executor.destroy();
  const left: Promise<unknown>[] = [];
  const deserting: ThreadSupport = {
    ...real,
    spawn: () => ({
      start(workerData) {
        const worker = new Worker(deserter, { eval: true, workerData });
        left.push(new Promise((resolve) => worker.on('exit', resolve)));
      },
      terminate: () => undefined,
    }),
  };
  const { executor, runner } = await load(deserting, { threads: 2 });
  const deserted = async () => {
    for (const end = performance.now() + patience; performance.now() < end;) {
      runner.run(1);
      await new Promise((resolve) => setTimeout(resolve));
    }
  };
  await assert.rejects(deserted, (error) => error instanceof AdaptiveError && error.code === 'worker');
  await Promise.all(left);
  const again = await executor.load(generationProgram(config, 1), { threads: 2 });
  again.write('sampling', Float32Array.of(0, 0, 1));
  assert.deepEqual(await write(again, 8), expected);
  executor.destroy();
});

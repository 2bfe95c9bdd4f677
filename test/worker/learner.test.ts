/** The batches that learning makes of what the reader wrote: which row holds what, and that each begins with nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseModelConfig } from '../../core/config.js';
import { parseLearningConfig, type LearningOptions } from '../../core/learning-config.js';
import { languageModelLayout } from '../../core/parameters.js';
import { Random } from '../../core/random.js';
import { Learner } from '../../worker/learning/learner.js';
import { createWasmExecutor } from '../../worker/wasm-executor.js';
import { modules } from './engines.js';

const model = parseModelConfig({
  cell: 'lstm',
  adaptation: 'io',
  latent: 'recurrent',
  vocabularySize: 64,
  embeddingSize: 6,
  hiddenSizes: [10],
  latentSize: 3,
  tiedDecoder: false,
});
const segmentLength = 8;
const shape: LearningOptions = { segmentLength, readerRows: 4, rehearsalRows: 2, learningRate: 0 };

interface Seen {
  /** Of each row, [T + 1]: the ids, and the last target. */
  readonly rows: readonly (readonly number[])[];
  readonly loss: number;
}

/** A learner whose batches can be looked at, on weights so large that the state makes a difference. */
async function watched(changes: LearningOptions = {}, rehearsal = new Int32Array(0)) {
  const { length } = languageModelLayout(model);
  const random = new Random(2, 0);
  const parameters = Float32Array.from({ length }, () => 2 * random.next() - 1);
  const executor = await createWasmExecutor({ module: modules.kernels });
  const config = parseLearningConfig({ ...shape, ...changes });
  const learner = await Learner.create(executor, model, parameters, rehearsal, config);
  const { step } = learner;
  const { batch } = step.options;
  const learn = async (): Promise<Seen> => {
    const run = step.run.bind(step);
    let rows: number[][] = [];
    step.run = (input) => {
      rows = Array.from({ length: batch }, (_, row) => {
        const at = (from: Int32Array) => Array.from({ length: input.steps }, (_, t) => from[t * batch + row] ?? NaN);
        const [ids, targets] = [at(input.ids), at(input.targets)];
        assert.deepEqual(targets.slice(0, -1), ids.slice(1), 'each token is to foretell the next');
        return [...ids, ...targets.slice(-1)];
      });
      return run(input);
    };
    const { loss } = await learner.learn();
    step.run = run;
    return { rows, loss };
  };
  return { learner, batch, learn };
}

/** `length` ids that count up from `first`. */
function counting(first: number, length: number): Int32Array<ArrayBuffer> {
  return Int32Array.from({ length }, (_, i) => first + i);
}

/** Whether a row is a piece of `text`. */
function within(row: readonly number[], text: Int32Array): boolean {
  return `,${text.join()},`.includes(`,${row.join()},`);
}

test('every other row of the reader’s is of what came last, the rest of all there is, and the others rehearse', async () => {
  const rehearsal = counting(40, 20);
  const { learner, batch, learn } = await watched({}, rehearsal);
  assert.equal(batch, 6);
  const [old, newest] = [counting(0, 20), counting(20, 12)];
  learner.take(old);
  learner.take(newest);
  const all = Int32Array.from([...old, ...newest]);
  const starts = new Set<number | undefined>();
  const olds = { even: 0, odd: 0 };
  for (let i = 0; i < 20; i++) {
    const { rows } = await learn();
    for (const [row, tokens] of rows.entries()) {
      assert.equal(tokens.length, segmentLength + 1);
      assert.ok(within(tokens, row < 4 ? all : rehearsal), `row ${row}: ${tokens.join()}`);
      if (row < 4 && !within(tokens, newest)) olds[row % 2 === 0 ? 'even' : 'odd']++;
      if (row === 0) starts.add(tokens[0]);
    }
  }
  assert.equal(olds.even, 0);
  assert.ok(olds.odd > 10, 'what came before is read again');
  assert.deepEqual([...starts].sort(), [20, 21, 22, 23], 'every place in it that a segment has room for');
  learner.destroy();
});

test('what came last is read wholly where it is shorter than a row, with what stands before it', async () => {
  const { learner, learn } = await watched();
  learner.take(counting(0, 30));
  learner.take(counting(30, 3));
  for (let i = 0; i < 5; i++) {
    const { rows } = await learn();
    for (const row of [0, 2]) assert.deepEqual(rows[row], [...counting(24, segmentLength + 1)]);
  }
  learner.destroy();
});

test('what fills more than the memory is new as far as it is remembered', async () => {
  const { learner, learn } = await watched({ memoryTokens: 12 });
  learner.take(counting(0, 50));
  const { rows } = await learn();
  for (const row of rows) assert.ok(within(row, counting(38, 12)), row.join());
  learner.destroy();
});

test('each step begins with an empty state', async () => {
  // So short a text has one segment only, which every row of every step is.
  const { learner, learn } = await watched({ segmentLength: 32 });
  learner.take(counting(5, 20));
  const [first, second] = [await learn(), await learn()];
  assert.deepEqual(first.rows, second.rows);
  assert.deepEqual(first.rows[0], [...counting(5, 20)]);
  assert.equal(second.loss, first.loss);
  learner.destroy();
});

test('a piece is worth its passes, and a text shorter than a row is worth nothing yet', async () => {
  const { learner, learn } = await watched({ passes: 4 });
  learner.take(counting(0, 16));
  assert.equal(learner.owed, 0);
  learner.take(counting(16, 1));
  assert.equal(learner.owed, 2); // 4 × 17 / (4 × 8)
  await learn();
  assert.deepEqual([learner.owed, learner.done], [1, 1]);
  learner.destroy();
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluationProgram } from '../../model/language-model.js';
import { decodeModelFile } from '../../worker/files/model-file.js';
import { TrainingControl } from '../../worker/training-control.js';
import type { Runtime } from '../../worker/runtime.js';
import { createReferenceExecutor } from '../reference/executor.js';
import { alphabets, runtimeOn } from './runtimes.js';

const text = 'qrstabcdefghijklmnop'.repeat(16);

async function trained(tokenizer: 'characters' | 'bytes' = 'characters'): Promise<Runtime> {
  const runtime = runtimeOn(1);
  await runtime
    .train(
      {
        corpus: alphabets(8000),
        start: { kind: 'new', size: 'small' },
        tokenizer,
        options: { batchSize: 8, segmentLength: 16, epochs: 1, learningRate: 0.01 },
        samplePrompt: '',
      },
      { control: new TrainingControl(), onEvent: () => {} },
    )
    .catch((error: unknown) => assert.fail(String(error)));
  return runtime;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

const read = (runtime: Runtime, prompt: string) => runtime.generate({ prompt, maxTokens: 0 });

test('scores add up to minus the loss that an evaluation finds, from the same state', async () => {
  const runtime = await trained();
  await read(runtime, text[0] ?? '');
  const scores = await runtime.score(text.slice(1));
  assert.equal(scores.map((score) => score.text).join(''), text.slice(1));
  const { loss, tokens } = await runtime.evaluate({ kind: 'text', text }, 1);
  assert.equal(tokens, text.length);
  const total = -sum(scores.map(({ logProbability }) => logProbability));
  assert.ok(Math.abs(total / scores.length - loss) < 1e-5, `${total / scores.length} and ${loss}`);
  runtime.destroy();
});

test('scores are those of the float64 reference, whatever was read before', async () => {
  const runtime = await trained();
  const { config, parameters } = decodeModelFile(await runtime.export());
  const runner = await createReferenceExecutor().load(evaluationProgram(config, { batch: 1, maxSteps: text.length }));
  runner.write('parameters', parameters);
  const ids = Int32Array.from(text, (character) => 1 + [...'abcdefghijklmnopqrstuvwxyz'].indexOf(character));
  runner.write('ids', ids.subarray(0, -1));
  runner.write('targets', ids.subarray(1));
  runner.run(ids.length - 1);
  const losses = await runner.read('losses', new Float64Array(ids.length - 1));
  for (const parts of [[1], [40], [3, 1, 1, 140]]) {
    let at = 0;
    await runtime.resetState();
    for (const length of parts) {
      await runtime.generate({ prompt: text.slice(at, at + length), maxTokens: 0, keepState: true });
      at += length;
    }
    const scores = await runtime.score(text.slice(at));
    assert.equal(scores.length, text.length - at);
    const worst = Math.max(...scores.map((score, i) => Math.abs(score.logProbability + (losses[at - 1 + i] ?? NaN))));
    assert.ok(worst < 1e-5, `${parts.join()}: ${worst}`);
  }
  runtime.destroy();
});

test('the first token is scored as the one that would be drawn, and the text stays where it is', async () => {
  const runtime = await trained();
  const go = (maxTokens: number) => runtime.generate({ prompt: '', maxTokens, temperature: 0, keepState: true });
  await read(runtime, 'defgh');
  const { text: expected } = await go(12);
  await read(runtime, 'defgh');
  const alphabet = 'abcdefghijklmnopqrstuvwxyz';
  const chances = await Promise.resolve().then(async () => {
    const found: number[] = [];
    for (const letter of alphabet) found.push((await runtime.score(letter))[0]?.logProbability ?? NaN);
    return found;
  });
  assert.equal(alphabet[chances.indexOf(Math.max(...chances))], expected[0]);
  // All letters together are everything but the unknown character.
  const mass = sum(chances.map(Math.exp));
  assert.ok(mass > 0.99 && mass <= 1 + 1e-6, String(mass));
  assert.equal((await go(12)).text, expected);
  // Drawn, not read: the last letter that was written stands before what is scored.
  const [next] = await runtime.score((await go(1)).text);
  assert.ok(next && next.logProbability < 0);
  runtime.destroy();
});

test('a text of nothing has no scores, a fresh one starts from a line, a half character waits for its end', async () => {
  const runtime = await trained('bytes');
  assert.deepEqual(await runtime.score(''), []);
  const fresh = await runtime.score('abc', {}, 1);
  await runtime.generate({ prompt: '\n', maxTokens: 0 }, {}, 2);
  assert.deepEqual(await runtime.score('abc', {}, 2), fresh);
  const scores = await runtime.score('a€b');
  assert.deepEqual(
    scores.map((score) => score.text),
    ['a', '', '', '€', 'b'],
  );
  await assert.rejects(runtime.score(text, { signal: AbortSignal.abort() }), { code: 'aborted' });
  runtime.destroy();
});

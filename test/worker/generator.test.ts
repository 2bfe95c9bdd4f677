import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseGenerationConfig, type GenerationOptions } from '../../core/config.js';
import type { Executor } from '../../core/executor.js';
import { Generator } from '../../worker/generator.js';
import { smallEngine } from './engines.js';
import { queueing, type Traffic } from './queueing.js';

const config = (options: GenerationOptions) =>
  parseGenerationConfig({ prompt: 'abc', maxTokens: 50, temperature: 1, ...options });

/** A generator whose weights are large enough that what it writes depends on the state. */
async function generator(around?: (executor: Executor) => Executor): Promise<Generator> {
  const engine = await smallEngine({}, 1, around);
  const parameters = await engine.readParameters();
  engine.writeParameters(parameters.map((value) => value * 3));
  return new Generator(engine);
}

test('same seed, same text; another seed, another text', async () => {
  const one = await (await generator()).generate(config({ seed: 5 }));
  const two = await (await generator()).generate(config({ seed: 5 }));
  const three = await (await generator()).generate(config({ seed: 6 }));
  assert.equal(one.tokens, 50);
  assert.equal(one.reason, 'length');
  assert.equal(one.text, two.text);
  assert.notEqual(one.text, three.text);
});

test('text is streamed in order and complete', async () => {
  let streamed = '';
  let last = 0;
  const { text, tokens } = await (
    await generator()
  ).generate(config({ maxTokens: 300 }), {
    onText: (piece, count) => {
      streamed += piece;
      assert.ok(count > last);
      last = count;
    },
  });
  assert.equal(streamed, text);
  assert.equal(last, tokens);
});

test('a prompt read in chunks is the same prompt', async () => {
  const long = 'abcdefgh'.repeat(13);
  const whole = await generator();
  const { text } = await whole.generate(config({ prompt: long, temperature: 0 }));
  const parts = await generator();
  await parts.generate(config({ prompt: long.slice(0, 50), maxTokens: 0 }));
  const { text: continued } = await parts.generate(config({ prompt: long.slice(50), temperature: 0, keepState: true }));
  assert.equal(continued, text);
});

test('kept state goes on where the text ended; otherwise a prompt starts anew', async () => {
  const straight = await (await generator()).generate(config({ maxTokens: 40, temperature: 0 }));
  const parts = await generator();
  const first = await parts.generate(config({ maxTokens: 15, temperature: 0 }));
  const second = await parts.generate(config({ prompt: '', maxTokens: 25, temperature: 0, keepState: true }));
  assert.equal(first.text + second.text, straight.text);
  const anew = await parts.generate(config({ maxTokens: 40, temperature: 0 }));
  assert.equal(anew.text, straight.text);
});

test('a saved place can be gone back to, any number of times', async () => {
  const writer = await generator();
  await writer.generate(config({ maxTokens: 10 }));
  const place = await writer.save();
  const go = () => writer.generate(config({ prompt: '', keepState: true, seed: 9 }));
  const once = await go();
  await go();
  writer.restore(place);
  assert.equal((await go()).text, once.text);
});

test('an abort stops within one token and says so', async () => {
  const writer = await generator();
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 5);
  const result = await writer.generate(config({ maxTokens: 1_000_000 }), { signal: controller.signal });
  assert.equal(result.reason, 'aborted');
  assert.ok(result.tokens > 0 && result.tokens < 1_000_000);
  assert.equal(result.text.length, result.tokens);

  const before = await writer.generate(config({}), { signal: AbortSignal.abort() });
  assert.deepEqual([before.reason, before.text], ['aborted', '']);
});

test('stopped and continued is as if never stopped', async () => {
  const straight = await (await generator()).generate(config({ maxTokens: 200, temperature: 0 }));
  const writer = await generator();
  const controller = new AbortController();
  const first = await writer.generate(config({ maxTokens: 200, temperature: 0 }), {
    signal: controller.signal,
    onText: () => controller.abort(),
  });
  assert.equal(first.reason, 'aborted');
  const rest = await writer.generate(
    config({ prompt: '', maxTokens: 200 - first.tokens, temperature: 0, keepState: true }),
  );
  assert.equal(first.text + rest.text, straight.text);
});

test('a stop string ends the text before it', async () => {
  const whole = await (await generator()).generate(config({ temperature: 0 }));
  const stop = whole.text.slice(20, 23);
  const at = whole.text.indexOf(stop);
  const result = await (await generator()).generate(config({ temperature: 0, stop: [stop] }));
  assert.equal(result.reason, 'stop-string');
  assert.equal(result.text, whole.text.slice(0, at));
});

test('without a prompt it writes from the start of a line', async () => {
  const { tokens } = await (await generator()).generate(config({ prompt: '' }));
  assert.equal(tokens, 50);
});

async function ahead(): Promise<{ readonly writer: Generator; readonly traffic: Traffic }> {
  const traffic: Traffic = { runs: 0, waiting: 0, mostWaiting: 0 };
  return { writer: await generator((executor) => queueing(executor, traffic)), traffic };
}

test('where results come later, tokens are drawn ahead, no more than are wanted, and the text is the same', async () => {
  // Longer than the distance between two copies of the state.
  const options = { maxTokens: 1200, seed: 4, keepState: true };
  const { writer, traffic } = await ahead();
  const expected = await (await generator()).generate(config(options));
  const got = await writer.generate(config(options));
  assert.equal(got.text, expected.text);
  assert.ok(traffic.mostWaiting >= 2 && traffic.mostWaiting <= 9, `${traffic.mostWaiting} were waited for at once`);
  assert.equal(traffic.waiting, 0);
  // The prompt is one replay, and the last token is drawn, not read.
  assert.equal(traffic.runs, options.maxTokens);
});

test('what was drawn ahead and not wanted leaves no trace', async () => {
  for (const limit of [2, 1500]) {
    const { writer, traffic } = await ahead();
    const controller = new AbortController();
    const first = await writer.generate(config({ maxTokens: 1_000_000 }), {
      signal: controller.signal,
      // The prompt is one replay, and each is one token: more of them were drawn ahead. Text is sent by the clock, and where
      // the state is copied out nothing is.
      onText: (_, tokens) => {
        if (tokens >= limit && traffic.runs > tokens) controller.abort();
      },
    });
    assert.equal(first.reason, 'aborted');
    const rest = await writer.generate(config({ prompt: '', maxTokens: 300, keepState: true }));
    const straight = await (await generator()).generate(config({ maxTokens: first.tokens + rest.tokens }));
    assert.equal(first.text + rest.text, straight.text);
  }
});

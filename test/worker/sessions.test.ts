import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseGenerationConfig, type GenerationOptions } from '../../core/config.js';
import type { Executor } from '../../core/executor.js';
import { Sessions } from '../../worker/sessions.js';
import { smallEngine } from './engines.js';
import { queueing } from './queueing.js';

/** Weights are large enough that what is written depends on the state. */
async function sessions(around?: (executor: Executor) => Executor): Promise<Sessions> {
  const engine = await smallEngine({}, 1, around);
  engine.writeParameters((await engine.readParameters()).map((value) => value * 3));
  return new Sessions(engine);
}

const config = (options: GenerationOptions) =>
  parseGenerationConfig({ maxTokens: 30, temperature: 1, seed: 5, keepState: true, ...options });

async function write(all: Sessions, session: number, options: GenerationOptions, signal?: AbortSignal) {
  const text = await all.at(session);
  const written = await text.generate(config(options), signal ? { signal } : {});
  // A text may be the same by chance where its state is not; what comes next then has other chances.
  const [next] = await text.score('a');
  return `${written.text} ${next?.logProbability}`;
}

const prompts = ['abcdefgh', 'hhhh', 'bdf'];

/** What each session writes, four times in a row, when it has the engine to itself. */
async function alone(): Promise<string[]> {
  const texts: string[] = [];
  for (const prompt of prompts) {
    const all = await sessions();
    const parts = [await write(all, 0, { prompt })];
    for (let i = 0; i < 3; i++) parts.push(await write(all, 0, {}));
    texts.push(parts.join('|'));
  }
  return texts;
}

for (const [kind, around] of [
  ['at once', undefined],
  ['ahead', (executor: Executor) => queueing(executor, { runs: 0, waiting: 0, mostWaiting: 0 })],
] as const) {
  test(`sessions that take turns write what they write alone, where tokens are drawn ${kind}`, async () => {
    const expected = await alone();
    assert.equal(new Set(expected).size, prompts.length);
    const all = await sessions(around);
    const parts: string[][] = prompts.map(() => []);
    for (let round = 0; round < 4; round++) {
      for (const [session, prompt] of prompts.entries()) {
        parts[session]?.push(await write(all, session, { prompt: round === 0 ? prompt : '' }));
      }
    }
    assert.deepEqual(
      parts.map((each) => each.join('|')),
      expected,
    );
  });
}

test('a copy goes on where its original stood, and neither disturbs the other', async () => {
  const all = await sessions();
  await write(all, 1, { prompt: 'abc' });
  await all.copy(1, 2);
  const original = await write(all, 1, {});
  await write(all, 1, { prompt: 'ggg' });
  assert.equal(await write(all, 2, {}), original);
  await all.copy(2, 3);
  await write(all, 2, { prompt: 'h' });
  await all.copy(3, 2);
  const usage = all.usage(2);
  await all.copy(2, 1);
  assert.equal(all.usage(1), usage);
});

test('what was written last can be taken back, also after it was stopped', async () => {
  const all = await sessions();
  await write(all, 1, { prompt: 'abc' });
  const usage = all.usage(1);
  assert.equal(usage, 3 + 30);
  const expected = await write(all, 1, { prompt: 'de' });
  all.undo(1, usage - 1);
  assert.equal(all.usage(1), usage + 32);
  all.undo(1, usage);
  assert.equal(all.usage(1), usage);
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 5);
  await write(all, 1, { prompt: 'fff', maxTokens: 1_000_000 }, abort.signal);
  all.undo(1, usage);
  assert.equal(await write(all, 1, { prompt: 'de' }), expected);
});

test('text that is read in parts leads to the same text, token by token even', async () => {
  const whole = await sessions();
  const expected = await write(whole, 0, { prompt: 'abcdefgh'.repeat(9) });
  const parts = await sessions();
  for (const part of ['abcdefgh'.repeat(8), 'abcdef', 'g']) await write(parts, 0, { prompt: part, maxTokens: 0 });
  assert.equal(await write(parts, 0, { prompt: 'h' }), expected);
  await write(parts, 3, { prompt: 'a', maxTokens: 0 });
  assert.equal(parts.usage(3), 1);
});

test('places of all sessions can be kept and restored, after something else was read', async () => {
  const all = await sessions();
  for (const [session, prompt] of prompts.entries()) await write(all, session, { prompt });
  const places = await all.save();
  const expected: string[] = [];
  for (const session of prompts.keys()) expected.push(await write(all, session, {}));
  all.restore(places);
  const got: string[] = [];
  for (const session of prompts.keys()) got.push(await write(all, session, {}));
  assert.deepEqual(got, expected);
});

test('a session costs its state, a copy that has not parted nothing, a closed one nothing', async () => {
  const all = await sessions();
  await write(all, 0, { prompt: 'abc' });
  await all.copy(0, 1);
  // Two layers of 24 and 16: h and c, and z and zc of a latent of 6.
  const state = 4 * (2 * (24 + 16) + 2 * (6 + 6));
  assert.equal(all.bytes, state);
  await write(all, 1, {});
  await all.copy(1, 2);
  await write(all, 0, {});
  await all.save();
  assert.equal(all.bytes, 2 * state);
  all.close(1);
  assert.equal(all.bytes, 2 * state);
  all.close(2);
  assert.equal(all.bytes, state);
  all.close(0);
  all.close(17);
  assert.equal(all.bytes, 0);
  assert.equal(all.usage(0), 0);
});

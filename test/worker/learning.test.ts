/** Learning while used: it learns, it does not forget, it can be taken back, and it is in nobody's way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AdaptiveError } from '../../core/errors.js';
import type { LearningOptions } from '../../core/learning-config.js';
import type { ModelShape } from '../../core/protocol.js';
import { TokenMemory } from '../../worker/learning/token-memory.js';
import type { Runtime } from '../../worker/runtime.js';
import { TrainingControl } from '../../worker/training-control.js';
import { alphabets, runtimeOn } from './runtimes.js';

const corpus = alphabets(12_000);
/** Backwards: what the corpus never does, in the letters that it has. */
const reader = 'zyxwvutsrqponmlkjihgfedcba'.repeat(100);
const options: LearningOptions = { rehearsalTokens: 1500, learningRate: 0.003, segmentLength: 32 };

const size: ModelShape = {
  cell: 'lstm',
  adaptation: 'io',
  latent: 'recurrent',
  policyOffset: 0,
  embeddingSize: 12,
  hiddenSizes: [24],
  latentSize: 4,
  tiedDecoder: false,
};

let trained: ArrayBuffer | null = null;

async function reading(): Promise<Runtime> {
  const runtime = runtimeOn(1);
  if (trained) {
    await runtime.load(trained);
    return runtime;
  }
  await runtime.train(
    {
      corpus,
      start: { kind: 'new', size },
      tokenizer: 'characters',
      options: { batchSize: 8, segmentLength: 16, epochs: 2, learningRate: 0.01 },
      samplePrompt: 'a',
    },
    { control: new TrainingControl(), onEvent: () => undefined },
  );
  trained = await runtime.export();
  return runtime;
}

const lossOf = async (runtime: Runtime, text: string) => (await runtime.evaluate({ kind: 'text', text }, 1)).loss;
const own = corpus.kind === 'text' ? corpus.text.slice(-2000) : '';
const backwards = reader.slice(0, 1000);

test('a reader’s text is learned, and rehearsal keeps what the model knew', async () => {
  const runtime = await reading();
  const before = { own: await lossOf(runtime, own), reader: await lossOf(runtime, backwards) };
  const { steps, stepsLeft, characters, loss } = await runtime.learn(reader, options);
  assert.equal(steps, Math.floor((2 * reader.length) / (2 * 32)));
  assert.equal(stepsLeft, 0);
  assert.equal(characters, reader.length);
  assert.ok(loss !== null && loss > 0);
  const after = { own: await lossOf(runtime, own), reader: await lossOf(runtime, backwards) };
  await runtime.forget();
  await runtime.learn(reader, { ...options, rehearsalRows: 0 });
  const careless = await lossOf(runtime, own);
  runtime.destroy();
  assert.ok(after.reader < before.reader - 1, `${before.reader} → ${after.reader}`);
  assert.ok(
    after.own < before.own + 0.5 * (careless - before.own),
    `${before.own} → ${after.own}, ${careless} without`,
  );
});

test('what was learned can be taken back, to the bit, and the text goes on where it stands', async () => {
  const runtime = await reading();
  const onward = { prompt: '', maxTokens: 30, temperature: 1, seed: 7, keepState: true };
  await runtime.generate({ prompt: 'qrs', maxTokens: 5 });
  await runtime.learn(reader.slice(0, 600), options);
  const learned = await runtime.export();
  await runtime.forget();
  const forgotten = await runtime.export();
  assert.deepEqual(new Uint8Array(forgotten), new Uint8Array(trained ?? new ArrayBuffer()));
  assert.notDeepEqual(new Uint8Array(learned), new Uint8Array(forgotten));
  await runtime.forget(); // and again, with nothing learned
  const { text } = await runtime.generate(onward);
  const straight = await reading();
  await straight.generate({ prompt: 'qrs', maxTokens: 5 });
  assert.equal(text, (await straight.generate(onward)).text);
  runtime.destroy();
  straight.destroy();
});

test('a text is not disturbed by what is rehearsed meanwhile', async () => {
  const [runtime, undisturbed] = [await reading(), await reading()];
  const onward = { prompt: '', maxTokens: 40, temperature: 1, seed: 3, keepState: true };
  for (const each of [runtime, undisturbed]) await each.generate({ prompt: 'abc', maxTokens: 9, seed: 3 });
  await runtime.learn(reader.slice(0, 600), { ...options, learningRate: 0 });
  assert.equal((await runtime.generate(onward)).text, (await undisturbed.generate(onward)).text);
  runtime.destroy();
  undisturbed.destroy();
});

test('whoever asks for something else does not wait for it, and what is left is learned later, to the same bits', async () => {
  const [runtime, straight] = [await reading(), await reading()];
  const long = { ...options, rehearsalTokens: 8000 };
  await straight.learn(reader, long);
  const learning = runtime.learn(reader, long);
  const { text } = await runtime.generate({ prompt: 'a', maxTokens: 3 });
  assert.equal(text.length, 3);
  let { stepsLeft } = await learning;
  assert.ok(stepsLeft > 0, 'it was stopped before its end');
  const stop = new AbortController();
  for (let rounds = 0; stepsLeft > 0; rounds++) {
    const going = runtime.learn('', long, rounds === 6 ? stop.signal : undefined);
    if (rounds === 6) setTimeout(() => stop.abort(), 20);
    if (rounds < 6) {
      await new Promise((resolve) => setTimeout(resolve, 4));
      await runtime.generate({ prompt: 'b', maxTokens: 2 }); // also in the midst of rehearsal
    }
    ({ stepsLeft } = await going);
  }
  assert.deepEqual(new Uint8Array(await runtime.export()), new Uint8Array(await straight.export()));
  runtime.destroy();
  straight.destroy();
});

test('two pieces at once are refused, and so is what cannot be', async () => {
  const runtime = await reading();
  const first = runtime.learn(reader, options);
  const coded = (code: string, message: RegExp) => (error: unknown) =>
    error instanceof AdaptiveError && error.code === code && message.test(error.message);
  await assert.rejects(runtime.learn('more', options), coded('busy', /learning/));
  await runtime.resetState();
  await first;
  await assert.rejects(runtime.learn('x', { passes: -1 }), coded('invalid-option', /passes: expected/));
  runtime.destroy();
  await assert.rejects(runtime.learn('x'), coded('destroyed', /destroyed/));
  const empty = runtimeOn(1);
  await assert.rejects(empty.learn('x'), coded('no-model', /no model/i));
  await assert.rejects(empty.forget(), coded('no-model', /no model/i));
});

test('a piece too short to be a row waits for more; memory is counted and given back', async () => {
  const runtime = await reading();
  const before = runtime.info?.bytes ?? 0;
  assert.equal((await runtime.learn('zyxw', options)).steps, 0);
  const during = runtime.info?.bytes ?? 0;
  assert.ok(during > before, 'what learning holds is counted');
  assert.ok((await runtime.learn(reader.slice(0, 300), options)).steps > 0);
  await runtime.forget();
  assert.equal(runtime.info?.bytes, before);
  runtime.destroy();
});

test('training on makes what was learned part of the model', async () => {
  const runtime = await reading();
  await runtime.learn(reader.slice(0, 600), options);
  const learned = await lossOf(runtime, backwards);
  await runtime.train(
    {
      corpus,
      start: { kind: 'continue' },
      tokenizer: 'characters',
      options: { batchSize: 8, segmentLength: 16, epochs: 0.01, learningRate: 0 },
      samplePrompt: 'a',
    },
    { control: new TrainingControl(), onEvent: () => undefined },
  );
  await runtime.forget();
  assert.ok(Math.abs((await lossOf(runtime, backwards)) - learned) < 1e-6);
  runtime.destroy();
});

test('memory keeps the newest tokens, in order', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3000 }),
      fc.array(fc.array(fc.nat(9), { maxLength: 900 })),
      (capacity, pieces) => {
        const memory = new TokenMemory(capacity);
        for (const piece of pieces) memory.push(Int32Array.from(piece));
        const expected = pieces.flat().slice(-capacity);
        assert.equal(memory.length, expected.length);
        assert.deepEqual([...memory.slice(0, expected.length)], expected);
      },
    ),
  );
});

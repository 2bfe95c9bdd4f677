import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TrainingOptions } from '../../core/config.js';
import { AdaptiveError, type ErrorCode } from '../../core/errors.js';
import type { TrainingRequest } from '../../core/protocol.js';
import { createTokenizer } from '../../worker/text/tokenizers.js';
import { prepareEvaluation, prepareTraining } from '../../worker/training-data.js';
import { textModule } from './text/modules.js';

const verse = 'the sea was calm and the light turned slowly over the water.\n';

function request(
  text: string,
  options: TrainingOptions = {},
  tokenizer: 'characters' | 'bytes' = 'characters',
): TrainingRequest {
  return {
    corpus: { kind: 'text', text },
    start: { kind: 'new', size: 'small' },
    tokenizer,
    options,
    samplePrompt: '',
  };
}

function refuses(code: ErrorCode, message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof AdaptiveError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}

test('a small text gets a small batch, and enough epochs', async () => {
  const data = await prepareTraining(textModule, request(verse.repeat(20)), null);
  const { config, totalSteps, stepsPerEpoch } = data.plan;
  assert.equal(data.trainingTokens, Math.floor(1220 * 0.9));
  assert.equal(data.trainingTokens + data.validationTokens, 1220);
  assert.ok(config.batchSize < 32 && config.batchSize > 1);
  assert.equal(config.epochs, 100, 'as many passes as are useful at most');
  assert.equal(totalSteps, Math.ceil(config.epochs * stepsPerEpoch));
  assert.ok(data.validation && data.validation.rowLength > 0);
  assert.equal(data.unknownCharacters, 0);
  assert.equal(data.charactersPerToken, 1);
});

test('no epoch leaves out a token of its rows', async () => {
  const { training, plan } = await prepareTraining(
    textModule,
    request(verse.repeat(30), { batchSize: 4, segmentLength: 50 }),
    null,
  );
  const ids = new Int32Array(4 * 50);
  let steps = 0;
  let segments = 0;
  while (training.position < training.rowLength) {
    steps += await training.next(ids, ids, 50);
    segments++;
  }
  assert.equal(steps, training.rowLength);
  assert.equal(segments, plan.stepsPerEpoch);
});

test('bytes: characters per token is below one where characters take several', async () => {
  const data = await prepareTraining(textModule, request('naïveté, '.repeat(40), {}, 'bytes'), null);
  assert.equal(data.tokenizer.size, 256);
  assert.ok(Math.abs(data.charactersPerToken - 9 / 11) < 1e-9);
});

test('a model that goes on keeps its tokenizer; what it does not know is counted', async () => {
  const tokenizer = createTokenizer(textModule, { kind: 'characters', alphabet: '\n acdehlmnortuwy' });
  const data = await prepareTraining(textModule, request(verse.repeat(10)), tokenizer);
  assert.equal(data.tokenizer, tokenizer);
  assert.equal(data.unknownCharacters, 10 * [...verse].filter((c) => !'\n acdehlmnortuwy'.includes(c)).length);
});

describe('what cannot be trained on is refused with what it takes', () => {
  const cases: readonly [name: string, text: string, options: TrainingOptions, code: ErrorCode, message: RegExp][] = [
    ['nothing', '', {}, 'corpus-too-short', /is empty; at least 100/],
    ['one character', 'a', {}, 'corpus-too-short', /has only 1 character;/],
    ['too few characters', 'a'.repeat(99), {}, 'corpus-too-short', /99 characters/],
    ['fewer tokens than rows', verse.repeat(3), { batchSize: 500 }, 'corpus-too-short', /at least 501/],
    ['a binary text', '\0\x01\x02'.repeat(100), {}, 'corpus-not-text', /not text/],
    ['a rate that is NaN', verse.repeat(9), { learningRate: NaN }, 'invalid-option', /learningRate.*NaN/],
    ['a batch of −1', verse.repeat(9), { batchSize: -1 }, 'invalid-option', /batchSize.*-1/],
    ['endless epochs', verse.repeat(9), { epochs: Infinity }, 'invalid-option', /epochs/],
  ];
  for (const [name, text, options, code, message] of cases) {
    test(name, () => assert.rejects(prepareTraining(textModule, request(text, options), null), refuses(code, message)));
  }
});

test('a hundred characters are enough', async () => {
  const { training, validation, plan } = await prepareTraining(textModule, request('ab'.repeat(50)), null);
  assert.ok(training.rowLength > 0 && validation && plan.totalSteps > 0);
});

test('evaluation reads the last fraction as one row', async () => {
  const source = { kind: 'text', text: verse.repeat(10) } as const;
  const spec = { kind: 'characters', alphabet: 'aeht ' } as const;
  const { tokens, counts } = await prepareEvaluation(textModule, source, 0.5, spec);
  assert.equal(tokens.batchSize, 1);
  assert.equal(counts.tokens, 305);
  assert.equal(tokens.rowLength, 304);
  assert.equal(counts.unknownCharacters, 5 * [...verse].filter((c) => !'aeht '.includes(c)).length);
  for (const fraction of [0, -1, 1.1, NaN]) {
    await assert.rejects(prepareEvaluation(textModule, source, fraction, spec), refuses('invalid-option', /Fraction/));
  }
});

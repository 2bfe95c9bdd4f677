import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrainingOptions } from '../../core/config.js';
import type { TrainingRequest } from '../../core/protocol.js';
import type { Runtime } from '../../worker/runtime.js';
import { TrainingControl } from '../../worker/training-control.js';
import { alphabets, runtimeOn } from './runtimes.js';

const corpus = alphabets(8000);

function train(runtime: Runtime, start: TrainingRequest['start'], options: TrainingOptions) {
  const samples: string[] = [];
  const request: TrainingRequest = {
    corpus,
    start,
    tokenizer: 'characters',
    options: { batchSize: 8, segmentLength: 16, epochs: 1, ...options },
    samplePrompt: 'z',
  };
  const result = runtime.train(request, {
    control: new TrainingControl(),
    onEvent: (event) => {
      if (event.type === 'sample') samples.push(event.text);
    },
  });
  return { samples, result };
}

test('a model that has learned nothing better goes on writing where it was', async () => {
  const runtime = runtimeOn(1);
  await train(runtime, { kind: 'new', size: 'small' }, { learningRate: 0.01 }).result;
  runtime.setTitle('Alphabet');
  const begin = { prompt: 'qrs', maxTokens: 20, temperature: 1, seed: 7 };
  const onward = { prompt: '', maxTokens: 30, temperature: 1, seed: 7, keepState: true };
  await runtime.generate(begin);
  const { text: expected } = await runtime.generate(onward);

  await runtime.generate(begin);
  const spoiling = { learningRate: 1, clip: 0, validateEvery: 2, sampleEvery: 1 };
  const { result, samples } = train(runtime, { kind: 'continue' }, spoiling);
  assert.equal((await result).model?.title, 'Alphabet');
  assert.ok(samples.length > 0, 'it wrote other things meanwhile');
  assert.equal((await runtime.generate(onward)).text, expected);
  runtime.destroy();
});

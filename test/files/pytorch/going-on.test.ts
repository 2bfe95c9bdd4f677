/** A model of PyTorch in the runtime: it writes, goes on learning, and is handed out again. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { exportFormats } from '../../../core/file-formats.js';
import { decodeModelFile } from '../../../worker/files/model-file.js';
import { writeSafetensors } from '../../../worker/files/safetensors.js';
import { TrainingControl } from '../../../worker/training-control.js';
import { alphabets, runtimeOn } from '../../worker/runtimes.js';
import { plainTensors } from './state-dicts.js';

const corpus = alphabets(20_000);

test('a plain LSTM writes, learns and is saved as ours', async () => {
  const runtime = runtimeOn(1);
  const tensors = plainTensors({ vocabulary: 256, embedding: 8, hidden: [24] });
  const info = await runtime.load(new Uint8Array(writeSafetensors({ tensors })));
  assert.deepEqual([info.config.adaptation, info.tokenizer], ['static', 'bytes']);
  assert.equal((await runtime.generate({ prompt: 'abc', maxTokens: 20 })).tokens, 20);
  const before = await runtime.evaluate(corpus, 0.1);
  const options = { epochs: 1, batchSize: 8, segmentLength: 16, learningRate: 0.01 };
  const { reason } = await runtime.train(
    { corpus, start: { kind: 'continue' }, tokenizer: 'bytes', options, samplePrompt: '' },
    { onEvent: () => {}, control: new TrainingControl() },
  );
  assert.equal(reason, 'finished');
  const after = await runtime.evaluate(corpus, 0.1);
  assert.ok(after.loss < before.loss - 2, `${before.loss} → ${after.loss}`);
  const saved = decodeModelFile(await runtime.export());
  assert.deepEqual(saved.config, info.config);
  runtime.destroy();
});

test('every format comes from the runtime, and pytorch goes back in, also from a model in int8', async () => {
  const runtime = runtimeOn(1);
  await runtime.load(await readFile('models/shakespeare.safetensors'));
  const greedy = { prompt: 'ROMEO:', maxTokens: 60, temperature: 0 };
  const { text } = await runtime.generate(greedy);
  const files = new Map<string, ArrayBuffer>();
  for (const format of exportFormats) files.set(format, await runtime.export(undefined, format));
  assert.equal(new Set([...files.values()].map(({ byteLength }) => byteLength)).size, exportFormats.length);
  await runtime.load(files.get('pytorch') ?? new ArrayBuffer(0));
  assert.equal(runtime.info?.tokenizer, 'characters');
  assert.equal((await runtime.generate(greedy)).text, text);
  runtime.destroy();
});

test('a file of no use leaves the model that was there', async () => {
  const runtime = runtimeOn(1);
  const tensors = plainTensors({ vocabulary: 256, embedding: 2, hidden: [3] });
  await runtime.load(new Uint8Array(writeSafetensors({ tensors })));
  const other = writeSafetensors({ tensors: plainTensors({ vocabulary: 9, embedding: 2, hidden: [3] }) });
  await assert.rejects(runtime.load(other), { code: 'model-config' });
  assert.equal(runtime.info?.config.vocabularySize, 256);
  const vocabulary = new TextEncoder().encode(JSON.stringify([...'abcdefgh\n']));
  const info = await runtime.load(other, vocabulary);
  assert.deepEqual([info.config.vocabularySize, info.tokenizer], [10, 'characters'], 'an unknown character was added');
  runtime.destroy();
});

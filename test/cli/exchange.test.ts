/** `lm export` and `lm import`: files for other tools and from them, and what is refused. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { decodeModelFile } from '../../worker/files/model-file.js';
import { writeSafetensors } from '../../worker/files/safetensors.js';
import { plainTensors } from '../files/pytorch/state-dicts.js';
import { lm } from './lm.js';

const shipped = 'models/shakespeare.safetensors';
let folder = '';
const path = (name: string) => join(folder, name);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adaptive-lm-'));
});

after(() => rm(folder, { recursive: true }));

const exported = (format: string, out: string, ...more: readonly string[]) =>
  lm(['export', '--model', shipped, '--format', format, '--out', path(out), ...more]);

test('out to PyTorch and back: the same model', async () => {
  const out = await exported('pytorch', 'pt');
  assert.equal(out.code, 0, out.error);
  assert.match(out.out, /pytorch, f32, [\d,]{9,} bytes/);
  const back = await lm(['import', '--from', path('pt'), '--format', 'pytorch', '--out', path('back')]);
  assert.equal(back.code, 0, back.error);
  assert.match(back.out, /1,261,122 parameters, lstm, io, layers of 288, 192, 66 tokens \(characters\)/);
  const original = decodeModelFile(await readFile(shipped));
  assert.deepEqual(decodeModelFile(await readFile(path('back'))), { ...original, precision: 'f32' });
});

test('ONNX in 8 bits is three and a half times smaller than in 32', async () => {
  for (const precision of ['f32', 'int8']) {
    const { code, error } = await exported('onnx', precision, '--precision', precision);
    assert.equal(code, 0, error);
  }
  const [f32, int8] = await Promise.all(['f32', 'int8'].map(async (name) => (await readFile(path(name))).byteLength));
  assert.ok((f32 ?? 0) / (int8 ?? Infinity) > 3.5, `${f32} and ${int8} bytes`);
});

test('a plain LSTM with its tokens beside it writes', async () => {
  const tensors = plainTensors({ vocabulary: 4, embedding: 3, hidden: [5] });
  await writeFile(path('lstm'), new Uint8Array(writeSafetensors({ tensors })));
  await writeFile(path('tokens'), 'a\nb\nc\nd\n');
  const from = ['import', '--from', path('lstm'), '--format', 'lstm', '--out', path('here')];
  const nameless = await lm(from);
  assert.equal(nameless.code, 1);
  assert.match(nameless.error, /model-config: .*4 tokens.*tokenizer\.json/);
  const named = await lm([...from, '--tokenizer', path('tokens'), '--title', 'Letters']);
  assert.equal(named.code, 0, named.error);
  assert.equal(decodeModelFile(await readFile(path('here'))).title, 'Letters');
  const { out } = await lm(['generate', '--model', path('here'), '--prompt', 'abc', '--tokens', '20']);
  assert.match(out, /^abc[abcd]{20}\n$/);
});

test('a tokenizer in files of its own: a folder, two files, and words', async () => {
  const corpus = path('corpus');
  await writeFile(corpus, 'the cat sat on the mat, and the rat sat on the cat\n'.repeat(20));
  const learned = ['tokenizer', '--corpus', corpus, '--vocabulary-size', '512', '--out', path('bpe')];
  const { code, out, error } = await lm(learned);
  assert.equal(code, 0, error);
  const vocabulary = Number(/^(\d+) tokens/.exec(out)?.[1]);
  const tensors = plainTensors({ vocabulary, embedding: 3, hidden: [5] });
  await writeFile(path('lstm'), new Uint8Array(writeSafetensors({ tensors })));
  for (const tokenizer of ['bpe', 'bpe/tokenizer.json', 'bpe/vocab.bpe', 'bpe/encoder.json']) {
    const from = ['import', '--from', path('lstm'), '--format', 'lstm', '--tokenizer', path(tokenizer)];
    const result = await lm([...from, '--out', path('here')]);
    assert.match(result.out, new RegExp(`${vocabulary} tokens \\(bpe\\)`), `${tokenizer}: ${result.error}`);
  }
});

test('what is missing or unknown is refused, and nothing is written', async () => {
  assert.match((await exported('gguf', 'none')).error, /--format: expected safetensors, onnx, pytorch, got gguf/);
  assert.match((await exported('pytorch', 'none', '--precision', 'int8')).error, /8 bits/);
  const mixed = await lm(['import', '--from', shipped, '--format', 'pytorch', '--out', path('none')]);
  assert.match(mixed.error, /model-file: .*is one of ours already/);
  assert.ok(!(await readdir(folder)).some((name) => name.startsWith('none')));
});

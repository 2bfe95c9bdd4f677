/** Tokenizers on the command line. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readData } from '../data.js';
import { lm } from './lm.js';

const folder = await mkdtemp(join(tmpdir(), 'adaptive-lm-'));
after(() => rm(folder, { recursive: true }));
const path = (name: string) => join(folder, name);

const verse = 'the sea was calm and the light turned slowly over the water.\n'.repeat(60);
await writeFile(path('sea.txt'), verse);

test('GPT-2’s files, by either of them or by their folder', async () => {
  for (const name of ['vocab.bpe', 'encoder.json'] as const) {
    await writeFile(path(name), await readData(`gpt2-bpe/${name}`));
  }
  for (const at of ['', 'vocab.bpe', 'encoder.json']) {
    const { code, out, error } = await lm(['encode', '--tokenizer', path(at)], {
      input: 'How are you doing?<|endoftext|>\n',
    });
    assert.equal(code, 0, error);
    assert.equal(out, '2437 389 345 1804 30 50256 198\n');
  }
  const { out } = await lm(['decode', '--tokenizer', folder], { input: '2437 389\n345\t1804 30' });
  assert.equal(out, 'How are you doing?');
  for (const [old, name] of [
    ['vocab.bpe', 'merges.txt'],
    ['encoder.json', 'vocab.json'],
  ] as const) {
    await cp(path(old), path(`renamed/${name}`));
  }
  const renamed = await lm(['encode', '--tokenizer', path('renamed')], { input: 'How are you' });
  assert.equal(renamed.out, '2437 389 345\n');
});

test('one is learned and written for other programs; any bytes come back', async () => {
  const out = path('learned');
  const args = [
    'tokenizer',
    '--corpus',
    path('sea.txt'),
    '--vocabulary-size',
    '512',
    '--special',
    '<|end|>',
    '--out',
    out,
  ];
  const learned = await lm(args);
  assert.equal(learned.code, 0, learned.error);
  assert.match(learned.out, /^\d+ tokens from 3,660 characters in /);
  assert.deepEqual((await readdir(out)).sort(), ['encoder.json', 'tokenizer.json', 'vocab.bpe']);
  const bytes = Uint8Array.from({ length: 5000 }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24);
  const ids = await lm(['encode', '--tokenizer', out], { input: bytes });
  const again = await lm(['decode', '--tokenizer', join(out, 'vocab.bpe')], { input: ids.out });
  assert.deepEqual(Uint8Array.from(again.bytes), bytes);
});

test('words, as vocab.txt', async () => {
  const args = [
    'tokenizer',
    '--kind',
    'words',
    '--corpus',
    path('sea.txt'),
    '--vocabulary-size',
    '16',
    '--out',
    path('words'),
  ];
  assert.equal((await lm(args)).code, 0);
  assert.equal((await readFile(path('words/vocab.txt'), 'utf8')).split('\n')[2], 'the');
  const ids = await lm(['encode', '--tokenizer', path('words')], { input: 'the whale\n' });
  assert.equal(ids.out, '2 0 1\n');
  assert.equal((await lm(['decode', '--tokenizer', path('words')], { input: ids.out })).out, 'the <unk>\n');
});

test('a model is trained with BPE or words, keeps its tokenizer in its file, and writes with it', async () => {
  const shape = [
    '--embedding',
    '4',
    '--hidden',
    '4',
    '--latent',
    '2',
    '--epochs',
    '1',
    '--batch',
    '2',
    '--threads',
    '1',
  ];
  const train = (out: string, ...more: string[]) =>
    lm(['train', '--corpus', path('sea.txt'), '--out', path(out), ...shape, ...more]);
  const bpe = await train('bpe.safetensors', '--tokenizer', 'bpe', '--vocabulary-size', '512');
  assert.equal(bpe.code, 0, bpe.error);
  const words = await train('words.safetensors', '--tokenizer', 'words', '--least-count', '2');
  assert.equal(words.code, 0, words.error);
  const given = await train('given.safetensors', '--tokenizer-file', path('words.safetensors'));
  assert.equal(given.code, 0, given.error);
  for (const model of ['words.safetensors', 'given.safetensors']) {
    const { out } = await lm(['encode', '--tokenizer', path(model)], { input: 'the sea\n' });
    assert.match(out, /^2 \d+ 1\n$/);
  }
  const ids = await lm(['encode', '--tokenizer', path('bpe.safetensors')], { input: verse });
  assert.ok(ids.out.split(' ').length < verse.length / 3);
  assert.equal((await lm(['decode', '--tokenizer', path('bpe.safetensors')], { input: ids.out })).out, verse);
  const written = await lm(['generate', '--model', path('words.safetensors'), '--prompt', 'the sea', '--tokens', '5']);
  assert.match(written.out, /^the sea[ \n]/);
});

test('what does not fit is refused', async () => {
  const refused = async (args: readonly string[], input: string, ...patterns: RegExp[]) => {
    const { code, out, error } = await lm(args, { input });
    assert.equal(code, 1);
    assert.equal(out, '');
    for (const pattern of patterns) assert.match(error, pattern);
  };
  await refused(['decode', '--tokenizer', path('words')], '0 99', /invalid-option/, /from 0 to 11/, /"99"/);
  await refused(['decode', '--tokenizer', path('words')], '0 x', /"x"/);
  await refused(['encode', '--tokenizer', path('none')], '', /disk/);
  await refused(['encode', '--tokenizer', path('sea.txt')], '', /model-file/, /merge 1/);
  await refused(
    ['train', '--corpus', path('sea.txt'), '--out', path('x'), '--vocabulary-size', '600'],
    '',
    /vocabularySize/,
  );
  const both = ['--tokenizer', 'bpe', '--tokenizer-file', path('words')];
  await refused(['train', '--corpus', path('sea.txt'), '--out', path('x'), ...both], '', /not both/);
});

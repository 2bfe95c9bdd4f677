/** The command line, with files in a folder of its own. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { decodeModelFile } from '../../worker/files/model-file.js';
import { lm } from './lm.js';

let folder = '';
const file = (name: string) => join(folder, name);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adaptive-lm-'));
  const verse = 'the sea was calm and the light turned slowly over the water.\n';
  await writeFile(file('sea.txt'), verse.repeat(300));
});

after(() => rm(folder, { recursive: true }));

const size = ['--embedding', '12', '--hidden', '32', '--latent', '8'];
const short = ['--batch', '8', '--segment', '32', '--learning-rate', '0.01'];

test('train, evaluate and write', async () => {
  const model = file('sea.safetensors');
  const trained = await lm([
    'train',
    '--corpus',
    file('sea.txt'),
    '--out',
    model,
    ...size,
    ...short,
    '--epochs',
    '4',
    '--title',
    'Sea',
  ]);
  assert.equal(trained.code, 0, trained.error);
  assert.match(trained.out, /held-out loss (\d\.\d{4}) nats/);
  const { title, validationLoss, config } = decodeModelFile(await readFile(model));
  assert.equal(title, 'Sea');
  assert.deepEqual(config.hiddenSizes, [32]);
  assert.ok(validationLoss !== null && validationLoss < 1.5);

  const evaluated = await lm(['evaluate', '--model', model, '--corpus', file('sea.txt'), '--last', '0.1']);
  assert.equal(evaluated.code, 0, evaluated.error);
  const loss = Number(/([\d.]+) nats per token/.exec(evaluated.out)?.[1]);
  assert.ok(Math.abs(loss - validationLoss) < 0.1, `${loss} as one stream, ${validationLoss} as a batch`);

  const write = ['generate', '--model', model, '--prompt', 'the sea', '--tokens', '60', '--seed', '3'];
  const first = await lm(write);
  const second = await lm(write);
  assert.equal(first.code, 0, first.error);
  assert.equal(first.out.length, 'the sea'.length + 60 + 1);
  assert.equal(first.out, second.out, 'a seed decides the text');

  const more = file('more.safetensors');
  const continued = await lm([
    'train',
    '--corpus',
    file('sea.txt'),
    '--from',
    model,
    '--out',
    more,
    ...short,
    '--epochs',
    '1',
  ]);
  assert.equal(continued.code, 0, continued.error);
  const better = decodeModelFile(await readFile(more)).validationLoss;
  assert.ok(better !== null && better < validationLoss + 0.05);
});

test('Ctrl-C stops the run and saves what it has', async () => {
  const model = file('stopped.safetensors');
  const args = [
    'train',
    '--corpus',
    file('sea.txt'),
    '--out',
    model,
    ...size,
    ...short,
    '--epochs',
    '1000',
    '--validate-every',
    '20',
  ];
  const { code, out, error } = await lm(args, { interruptAfter: /step 20:/ });
  assert.equal(code, 0, error);
  assert.match(out, /stopped after \d+ steps/);
  assert.equal(decodeModelFile(await readFile(model)).config.cell, 'lstm');
  assert.ok(!(await readdir(folder)).some((name) => name.endsWith('.partial')));
});

const refused: readonly [name: string, args: readonly string[], message: RegExp][] = [
  ['an unknown command', ['dance'], /no command dance/],
  ['an unknown option', ['generate', '--modle', 'x'], /--modle/],
  ['a missing option', ['generate'], /--model is needed/],
  [
    'a number that is none',
    ['train', '--corpus', 'SEA', '--out', 'OUT', '--epochs', 'many'],
    /--epochs: expected a number/,
  ],
  ['a rate that is negative', ['train', '--corpus', 'SEA', '--out', 'OUT', '--learning-rate=-1'], /learningRate/],
  ['a hidden size of zero', ['train', '--corpus', 'SEA', '--out', 'OUT', '--hidden', '0'], /hiddenSizes/],
  [
    'a corpus that is not there',
    ['train', '--corpus', 'nowhere.txt', '--out', 'OUT'],
    /nowhere\.txt could not be read/,
  ],
  [
    'a weight too few',
    ['train', '--corpus', 'SEA', '--corpus', 'SEA', '--weight', '2', '--out', 'OUT'],
    /There are 2 --corpus and 1 --weight/,
  ],
  ['an empty corpus', ['train', '--corpus', 'EMPTY', '--out', 'OUT'], /corpus-too-short/],
  ['a binary corpus', ['train', '--corpus', 'BINARY', '--out', 'OUT'], /corpus-not-text/],
  ['a model that is none', ['generate', '--model', 'SEA'], /model-file/],
  [
    'a folder that cannot be made',
    ['train', '--corpus', 'SEA', '--out', 'package.json/x', '--epochs', '0.01'],
    /could not be written/,
  ],
];

for (const [name, args, message] of refused) {
  test(`${name} is refused with a message and exit code 1`, async () => {
    await writeFile(file('empty.txt'), '');
    await writeFile(
      file('binary.txt'),
      Uint8Array.from({ length: 4096 }, (_, i) => (i * 37) % 256),
    );
    const names: Record<string, string> = {
      SEA: file('sea.txt'),
      OUT: file('out.safetensors'),
      EMPTY: file('empty.txt'),
      BINARY: file('binary.txt'),
    };
    const { code, error } = await lm(args.map((arg) => names[arg] ?? arg));
    assert.equal(code, 1);
    assert.match(error, message);
    assert.ok(!(await readdir(folder)).includes('out.safetensors'));
  });
}

test('a folder is learned with its weight, packed files and pages too, and what is none is named', async () => {
  const verse = 'The sea was calm and the light turned slowly over the water.\n';
  await mkdir(file('letters/inner'), { recursive: true });
  await writeFile(file('letters/a.html'), `<p>${verse.repeat(60)}</p><script>x</script>`);
  await writeFile(file('letters/inner/b.txt.gz'), gzipSync(verse.repeat(60)));
  await writeFile(file('letters/.hidden'), 'x'.repeat(999));
  await writeFile(
    file('letters/c.png'),
    Uint8Array.from('\x89PNG\r\n\0\0\0', (character) => character.charCodeAt(0)),
  );
  await writeFile(file('more.txt'), verse.repeat(30));
  const where = ['--corpus', file('letters'), '--weight', '2', '--corpus', file('more.txt'), '--weight', '1'];
  const out = ['--out', file('letters.safetensors'), '--validation', '0'];
  const { code, out: said } = await lm([
    'train',
    ...where,
    ...out,
    '--size',
    'small',
    '--epochs',
    '0.01',
    '--threads',
    '1',
  ]);
  assert.equal(code, 0);
  assert.match(said, /; 16,470 tokens to learn/); // 2 × (60 + 60) × 61 + 30 × 61
  assert.match(said, /^3 documents$/m);
  assert.match(said, /^left out: .*c\.png is a PNG image/m);
});

test('help names every command', async () => {
  const { code, out } = await lm(['--help']);
  assert.equal(code, 0);
  for (const command of ['train', 'generate', 'evaluate']) assert.match(out, new RegExp(`${command}: `));
});

/** Public data that some tests read. None of it is shipped: a test without it fails, and says what to fetch and where to. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const folder = process.env['ADAPTIVE_LM_DATA'] ?? '../shared/data';

const unicode = 'https://www.unicode.org/Public/UCD/latest/ucd/auxiliary/';

const mnist = 'npm run lm -- download --name mnist';

const wikitext = 'WikiText-2, wiki.train.tokens and so on';
const ptb = 'the Penn Treebank as Mikolov prepared it';
const gpt2 = 'the repository openai/gpt-2';

/** Where each file comes from. */
const origins = {
  'gpt2-bpe/encoder.json': gpt2,
  'gpt2-bpe/vocab.bpe': gpt2,
  'gpt2-bpe/gpt2-vectors.json': 'the tests of transformers.js',
  'ptb/ptb.train.txt': ptb,
  'ptb/ptb.valid.txt': ptb,
  'ptb/ptb.test.txt': ptb,
  'wikitext-2/train.txt': wikitext,
  'wikitext-2/valid.txt': wikitext,
  'wikitext-2/test.txt': wikitext,
  'mnist/train-images-idx3-ubyte.gz': mnist,
  'mnist/train-labels-idx1-ubyte.gz': mnist,
  'mnist/t10k-images-idx3-ubyte.gz': mnist,
  'mnist/t10k-labels-idx1-ubyte.gz': mnist,
  'tinyshakespeare/input.txt': 'npm run lm -- download --name tinyshakespeare',
  'text/alice29.txt': 'the Canterbury corpus',
  'unicode/GraphemeBreakTest.txt': `${unicode}GraphemeBreakTest.txt`,
  'unicode/WordBreakTest.txt': `${unicode}WordBreakTest.txt`,
  'safetensors/voices.safetensors': 'the token tables of a public speech model',
  'safetensors/jfk-codes.safetensors': 'the token tables of a public speech model',
} as const;

export function readData(name: keyof typeof origins): Promise<Buffer> {
  const path = join(folder, name);
  return readFile(path).catch(() =>
    assert.fail(
      `${path} is missing (from: ${origins[name]}). Put it there, or set ADAPTIVE_LM_DATA to the data's folder.`,
    ),
  );
}

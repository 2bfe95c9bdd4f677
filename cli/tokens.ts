/** `lm encode` and `lm decode`: standard input to ids, and back. */
import { buffer } from 'node:stream/consumers';
import { AdaptiveError } from '../core/errors.js';
import { createTokenizer } from '../worker/text/tokenizers.js';
import { readTextModule } from './modules.js';
import { helpLines, Options, type OptionTable } from './options.js';
import { readTokenizer } from './tokenizer-files.js';

const table: OptionTable = {
  tokenizer: {
    value: 'PATH',
    help: 'tokenizer.json, vocab.bpe, merges.txt, vocab.txt, a model file, or a folder that holds one (required)',
  },
};

export const tokensHelp = helpLines(table);

/** Ids in one line, separated by spaces. */
export async function encode(args: readonly string[]): Promise<void> {
  const tokenizer = await openTokenizer(args);
  process.stdout.write(`${tokenizer.encode(await readInput()).join(' ')}\n`);
}

/** The bytes that the ids are, and no others. */
export async function decode(args: readonly string[]): Promise<void> {
  const tokenizer = await openTokenizer(args);
  const words = (await readInput())
    .toString('latin1')
    .split(/\s+/)
    .filter((word) => word !== '');
  const ids = Int32Array.from(words, (word) => {
    const id = /^\d{1,5}$/.test(word) ? Number(word) : NaN;
    if (id < tokenizer.size) return id;
    const shown = JSON.stringify(word.slice(0, 40));
    throw new AdaptiveError(
      'invalid-option',
      `Expected ids from 0 to ${tokenizer.size - 1} with spaces between them, got ${shown}.`,
    );
  });
  process.stdout.write(tokenizer.decodeBytes(ids));
}

async function openTokenizer(args: readonly string[]) {
  const spec = await readTokenizer(Options.parse(args, table).required('tokenizer'));
  return createTokenizer(await readTextModule(), spec);
}

function readInput(): Promise<Buffer> {
  return buffer(process.stdin);
}

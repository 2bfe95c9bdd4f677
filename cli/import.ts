/** `lm import`: a language model of PyTorch as a model file of ours. */
import { AdaptiveError } from '../core/errors.js';
import { importFormats } from '../core/file-formats.js';
import { languageModelLayout } from '../core/parameters.js';
import type { TokenizerSpec } from '../core/tokenizer.js';
import { importModel } from '../worker/files/exchange.js';
import { encodeModelFile } from '../worker/files/model-file.js';
import { readSafetensors } from '../worker/files/safetensors.js';
import { readBytes, writeBytes } from './files.js';
import { helpLines, Options, type OptionTable } from './options.js';
import { readTokenizer } from './tokenizer-files.js';

const table: OptionTable = {
  from: { value: 'FILE', help: 'state dict of PyTorch in safetensors (required)' },
  format: {
    value: 'NAME',
    help: 'pytorch (names of the author’s code, and what was exported so) or lstm (nn.LSTM) (required)',
  },
  tokenizer: {
    value: 'PATH',
    help: 'what its ids mean, if it does not say: tokenizer.json, vocab.bpe, a model, a folder of one, or a list of tokens',
  },
  'published-slices': { value: '', help: 'it was trained with the author’s code as published (docs/pytorch.md)' },
  title: { value: 'TEXT', help: 'a title that is kept in the model file' },
  out: { value: 'FILE', help: 'where the model goes, .safetensors (required)' },
};

export const importHelp = helpLines(table);

export async function importForeign(args: readonly string[]): Promise<void> {
  const options = Options.parse(args, table);
  const [from, to] = [options.required('from'), options.required('out')];
  options.required('format');
  const tokenizer = options.text('tokenizer');
  const model = importModel(readSafetensors(await readBytes(from)), {
    format: options.choice('format', importFormats),
    tokenizer: tokenizer === undefined ? undefined : await tokenizerOf(tokenizer),
    slices: options.has('published-slices') ? 'published' : 'paper',
  });
  await writeBytes(to, encodeModelFile({ ...model, title: options.text('title') ?? model.title }));
  const { cell, adaptation, hiddenSizes, vocabularySize } = model.config;
  process.stdout.write(
    `${to}: ${languageModelLayout(model.config).count.toLocaleString('en')} parameters, ${cell}, ${adaptation}, ` +
      `layers of ${hiddenSizes.join(', ')}, ${vocabularySize.toLocaleString('en')} tokens (${model.tokenizer.kind})\n`,
  );
}

/** A tokenizer in one of its own files, or else whatever the importer makes of the file. */
async function tokenizerOf(path: string): Promise<TokenizerSpec | Uint8Array> {
  try {
    return await readTokenizer(path);
  } catch (error) {
    if (error instanceof AdaptiveError && error.code === 'model-file') return readBytes(path);
    throw error;
  }
}

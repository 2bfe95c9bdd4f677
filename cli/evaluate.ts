/** `lm evaluate`: the loss of a model on a text, or on the last part of it that training held out. */
import { bitsPerCharacter } from '../core/bits.js';
import { backendOption, makeRuntime } from './backend.js';
import { corpusOptions } from './corpus-options.js';
import { corpusFiles, readBytes } from './files.js';
import { helpLines, Options, type OptionTable } from './options.js';

const table: OptionTable = {
  model: { value: 'FILE', help: 'model file (required)' },
  corpus: { value: 'PATH', help: 'text, or a folder of texts (required)' },
  'document-separator': corpusOptions['document-separator'],
  last: { value: 'F', help: 'only the last fraction of the text, such as 0.1 (default 1: all of it)' },
  ...backendOption,
};

export const evaluateHelp = helpLines(table);

export async function evaluate(args: readonly string[]): Promise<void> {
  const options = Options.parse(args, table);
  const runtime = await makeRuntime(options);
  try {
    await runtime.load(await readBytes(options.required('model')));
    const files = await corpusFiles([options.required('corpus')]);
    const corpus = { ...files, documentSeparator: options.text('document-separator') };
    const { loss, tokens, charactersPerToken, unknownCharacters } = await runtime.evaluate(
      corpus,
      options.number('last') ?? 1,
    );
    process.stdout.write(
      `${tokens.toLocaleString('en')} tokens: ${loss.toFixed(4)} nats per token, ` +
        `perplexity ${Math.exp(loss).toFixed(3)}, ` +
        `${bitsPerCharacter(loss, charactersPerToken).toFixed(4)} bits per character\n`,
    );
    const unit = runtime.info?.tokenizer === 'words' ? 'words' : 'characters';
    if (unknownCharacters > 0) process.stdout.write(`${unknownCharacters} ${unit} are unknown to the model.\n`);
  } finally {
    runtime.destroy();
  }
}

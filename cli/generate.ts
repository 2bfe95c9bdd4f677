/** `lm generate`: text on standard output, as it is written. Ctrl-C ends it after the current token. */
import { backendOption, makeRuntime } from './backend.js';
import { readBytes } from './files.js';
import { helpLines, Options, type OptionTable } from './options.js';

const table: OptionTable = {
  model: { value: 'FILE', help: 'model file (required)' },
  prompt: { value: 'TEXT', help: 'what to go on from' },
  tokens: { value: 'N', help: 'default 400' },
  temperature: { value: 'R', help: 'default 0.8; 0 is greedy' },
  'top-k': { value: 'K', help: 'of the K likeliest; 0 for all' },
  'top-p': { value: 'P', help: 'of the likeliest that make up P' },
  seed: { value: 'N', help: 'default 1' },
  stop: { value: 'TEXT', help: 'end before this' },
  ...backendOption,
};

export const generateHelp = helpLines(table);

export async function generate(args: readonly string[]): Promise<void> {
  const options = Options.parse(args, table);
  const runtime = await makeRuntime(options);
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  process.once('SIGINT', interrupt);
  try {
    await runtime.load(await readBytes(options.required('model')));
    const stop = options.text('stop');
    const prompt = options.text('prompt') ?? '';
    process.stdout.write(prompt);
    const result = await runtime.generate(
      {
        prompt,
        maxTokens: options.number('tokens'),
        temperature: options.number('temperature'),
        topK: options.number('top-k'),
        topP: options.number('top-p'),
        seed: options.number('seed'),
        stop: stop === undefined ? [] : [stop],
      },
      { signal: controller.signal, onText: (text) => process.stdout.write(text) },
    );
    process.stdout.write('\n');
    process.stderr.write(
      `${result.tokens} tokens, ${Math.round(result.tokensPerSecond)} tokens/s on ${runtime.info?.backend ?? ''} (${result.reason})\n`,
    );
    if (result.unknownCharacters > 0) {
      const unit = runtime.info?.tokenizer === 'words' ? 'words' : 'characters';
      process.stderr.write(`${result.unknownCharacters} ${unit} of the prompt are unknown to this model.\n`);
    }
  } finally {
    process.off('SIGINT', interrupt);
    runtime.destroy();
  }
}

/** `lm tokenizer`: learns a tokenizer from a text and writes it for this and other programs. */
import { completeRequest, type TokenizerRequest } from '../core/tokenizer-request.js';
import { tokenizerSize } from '../core/tokenizer.js';
import { learnFrom } from '../worker/corpus/read-corpus.js';
import { corpusFiles } from './files.js';
import { readTextModule } from './modules.js';
import { helpLines, Options, type OptionTable } from './options.js';
import { writeTokenizer } from './tokenizer-files.js';

/** Of commands that learn one. */
export const vocabularyOptions = {
  'vocabulary-size': {
    value: 'V',
    help: 'most tokens: of bpe 512 to 32768 (default 4096), of words up to 65536 (default 10000)',
  },
  'least-count': { value: 'N', help: 'words that occur less often are not known (default 1)' },
  special: {
    value: 'TEXT',
    help: 'of bpe: a text that is one token wherever it occurs; may be given several times',
    many: true,
  },
} as const satisfies OptionTable;

const table: OptionTable = {
  corpus: { value: 'PATH', help: 'text to learn from, or a folder of texts (required)' },
  out: {
    value: 'PATH',
    help: 'bpe: tokenizer.json, or a folder that gets vocab.bpe and encoder.json too; words: vocab.txt (required)',
  },
  kind: { value: 'NAME', help: 'bpe (default) or words' },
  ...vocabularyOptions,
};

export const tokenizerHelp = helpLines(table);

export async function tokenizer(args: readonly string[]): Promise<void> {
  const options = Options.parse(args, table);
  const out = options.required('out');
  const request = vocabularyRequest(options, options.choice('kind', ['bpe', 'words']) ?? 'bpe');
  const module = await readTextModule();
  const started = performance.now();
  const { spec, characters } = await learnFrom(module, await corpusFiles([options.required('corpus')]), request);
  const seconds = (performance.now() - started) / 1000;
  const written = await writeTokenizer(out, spec);
  process.stdout.write(
    `${tokenizerSize(spec).toLocaleString('en')} tokens from ${characters.toLocaleString('en')} characters ` +
      `in ${seconds.toFixed(2)} s; ${written.join(', ')}\n`,
  );
}

/** What a command line asks to learn. Settings of another kind are refused. */
export function vocabularyRequest(options: Options, kind: 'characters' | 'bytes' | 'bpe' | 'words'): TokenizerRequest {
  const size = options.number('vocabulary-size');
  const least = options.number('least-count');
  const specials = options.texts('special');
  const request = {
    kind,
    ...(size !== undefined && { vocabularySize: size }),
    ...(least !== undefined && { leastCount: least }),
    ...(specials.length > 0 && { specials: [...specials] }),
  };
  return completeRequest(request);
}

/** `lm learn`: what a model makes of a reader's text while it is used, and what it still knows of its own. */
import { bitsPerCharacter } from '../core/bits.js';
import { AdaptiveError } from '../core/errors.js';
import { precisions } from '../core/precision.js';
import type { Evaluation } from '../core/protocol.js';
import type { Runtime } from '../worker/runtime.js';
import { backendOption, makeRuntime } from './backend.js';
import { corpusFiles, readBytes, writeBytes } from './files.js';
import { helpLines, Options, type OptionTable } from './options.js';

const table: OptionTable = {
  model: { value: 'FILE', help: 'model file (required)' },
  text: { value: 'FILE', help: 'UTF-8 text of the reader (required); what follows the first part is held out' },
  characters: { value: 'N', help: 'how many of the first ones are learned (default 20000)' },
  piece: { value: 'N', help: 'characters that come at a time (default 500)' },
  base: {
    value: 'FILE',
    help: 'text like that the model was trained on: what it forgets is measured on the last tenth',
  },
  out: { value: 'FILE', help: 'where the model goes, .safetensors' },
  precision: { value: 'NAME', help: 'of that file: f32 (default), f16 or int8' },
  'learning-rate': { value: 'R', help: 'default 0.0003' },
  passes: { value: 'N', help: 'how often each character is read, in the mean (default 2)' },
  rehearsal: { value: 'N', help: 'tokens that the model writes to rehearse what it knew (default 16000)' },
  'rehearsal-rows': { value: 'N', help: 'rows of a batch that are rehearsal (default 6)' },
  seed: { value: 'N', help: 'default 1' },
  ...backendOption,
};

export const learnHelp = helpLines(table);

export async function learn(args: readonly string[]): Promise<void> {
  const options = Options.parse(args, table);
  const text = new TextDecoder().decode(await readBytes(options.required('text')));
  const count = positive(options, 'characters', 20_000);
  const piece = positive(options, 'piece', 500);
  const base = options.text('base');
  const precision = options.choice('precision', precisions);
  const runtime = await makeRuntime(options);
  try {
    await runtime.load(await readBytes(options.required('model')));
    const measured = [
      { name: 'the rest of the text', measure: () => runtime.evaluate({ kind: 'text', text: text.slice(count) }, 1) },
      ...(base === undefined
        ? []
        : [{ name: 'text of its own', measure: async () => runtime.evaluate(await corpusFiles([base]), 0.1) }]),
    ];
    const before = await each(measured);
    const seconds = await learnPieces(runtime, text.slice(0, count), piece, options);
    const after = await each(measured);
    process.stdout.write(`learned ${Math.min(count, text.length)} characters in ${seconds.toFixed(1)} s\n`);
    measured.forEach(({ name }, i) => process.stdout.write(`${name}: ${change(before[i], after[i])}\n`));
    const out = options.text('out');
    if (out !== undefined) await writeBytes(out, await runtime.export(precision));
  } finally {
    runtime.destroy();
  }
}

/** As if it was typed, a piece at a time. Resolves with the seconds that it took. */
async function learnPieces(runtime: Runtime, text: string, piece: number, options: Options): Promise<number> {
  const given = {
    learningRate: options.number('learning-rate'),
    passes: options.number('passes'),
    rehearsalTokens: options.number('rehearsal'),
    rehearsalRows: options.number('rehearsal-rows'),
    seed: options.number('seed'),
  };
  const learning = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const started = performance.now();
  let steps = 0;
  for (let at = 0; at < text.length; at += piece) {
    const result = await runtime.learn(text.slice(at, at + piece), learning);
    steps += result.steps;
    process.stderr.write(`\r${result.characters} characters, ${steps} steps, loss ${result.loss?.toFixed(3) ?? '–'} `);
  }
  process.stderr.write('\n');
  return (performance.now() - started) / 1000;
}

async function each(measured: readonly { readonly measure: () => Promise<Evaluation> }[]): Promise<Evaluation[]> {
  const evaluations: Evaluation[] = [];
  for (const { measure } of measured) evaluations.push(await measure());
  return evaluations;
}

function change(before: Evaluation | undefined, after: Evaluation | undefined): string {
  if (!before || !after) return 'not measured';
  const bits = ({ loss, charactersPerToken }: Evaluation) => bitsPerCharacter(loss, charactersPerToken);
  const percent = 100 * (after.loss / before.loss - 1);
  return (
    `${bits(before).toFixed(4)} bits per character before, ${bits(after).toFixed(4)} after ` +
    `(${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(2)} %)`
  );
}

function positive(options: Options, name: string, usual: number): number {
  const value = options.number(name) ?? usual;
  if (Number.isInteger(value) && value > 0) return value;
  throw new AdaptiveError('invalid-option', `--${name}: expected a whole number above 0, got ${value}.`);
}

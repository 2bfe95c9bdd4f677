/** `lm train`: a model from a text file, with a progress bar. Ctrl-C stops the run and saves what it has. */
import cliProgress from 'cli-progress';
import type { Schedule, TrainingOptions } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import { precisions } from '../core/precision.js';
import { isSizePreset, sizePresets } from '../core/presets.js';
import type { ModelShape, TrainingEvent, TrainingProgress, TrainingRequest } from '../core/protocol.js';
import type { TokenizerRequest } from '../core/tokenizer-request.js';
import { TrainingControl } from '../worker/training-control.js';
import { backendOption, makeRuntime } from './backend.js';
import { checkpointStore, refuseToReplace, runName } from './checkpoints.js';
import { corpusOptions, readCorpusOptions, readingLine, reportLines } from './corpus-options.js';
import { readBytes, writeBytes } from './files.js';
import { helpLines, Options, type OptionTable } from './options.js';
import { readTokenizer } from './tokenizer-files.js';
import { vocabularyOptions, vocabularyRequest } from './tokenizer.js';

const table: OptionTable = {
  ...corpusOptions,
  out: { value: 'FILE', help: 'where the model goes, .safetensors (required)' },
  from: { value: 'FILE', help: 'go on training this model instead of starting anew' },
  precision: { value: 'NAME', help: 'f32 (default), f16 (half of that) or int8 (a quarter, and writes faster)' },
  title: { value: 'TEXT', help: 'a title that is kept in the model file' },
  size: { value: 'NAME', help: `${Object.keys(sizePresets).join(', ')} (default medium); or:` },
  embedding: { value: 'E', help: 'embedding size' },
  hidden: { value: 'H,H,…', help: 'hidden size of each layer' },
  latent: { value: 'A', help: 'latent size of the policy' },
  cell: { value: 'NAME', help: 'lstm (default), gru or rnn' },
  adaptation: { value: 'NAME', help: 'io (default), output, input, or static, a plain cell' },
  'latent-kind': { value: 'NAME', help: 'recurrent (default), feed-forward or linear' },
  'policy-offset': { value: 'N', help: 'what policies start from: 0 (default) or 1' },
  tied: { value: '', help: 'decoder and embedding share their weight' },
  tokenizer: { value: 'NAME', help: 'characters (default), bytes, bpe (byte-level BPE) or words; or:' },
  'tokenizer-file': { value: 'PATH', help: 'a tokenizer that is there, as lm encode takes it' },
  ...vocabularyOptions,
  epochs: { value: 'N', help: 'passes over the text' },
  batch: { value: 'B', help: 'rows of the batch' },
  segment: { value: 'T', help: 'steps of back-propagation' },
  'variable-segments': { value: '', help: 'draw the length of each segment around T' },
  optimizer: { value: 'NAME', help: 'adam (default) or adamw' },
  'learning-rate': { value: 'R', help: 'default 0.003' },
  schedule: { value: 'NAME', help: 'constant, cosine (default) or cuts' },
  warmup: { value: 'N', help: 'steps of warm-up (cosine)' },
  cuts: { value: 'F,F,…', help: 'fractions of the run after which the rate is cut to a tenth' },
  'weight-decay': { value: 'R', help: 'default 0' },
  clip: { value: 'N', help: 'largest gradient norm, 0 for no limit (default 1)' },
  'dropout-embedding': { value: 'P', help: 'rows of the embedding' },
  'dropout-input': { value: 'P', help: 'the embedded input' },
  'dropout-hidden': { value: 'P', help: 'h, as it recurs' },
  'dropout-latent': { value: 'P', help: 'z, as it recurs' },
  'dropout-output': { value: 'P', help: 'what the decoder sees' },
  validation: { value: 'F', help: 'the last fraction of the text, held out (default 0.1)' },
  'validate-every': { value: 'N', help: 'steps between validations' },
  prompt: { value: 'TEXT', help: 'what samples begin with' },
  seed: { value: 'N', help: 'default 1' },
  checkpoint: { value: 'DIR', help: 'keep the run there, so that it can go on after it was interrupted' },
  'checkpoint-every': { value: 'S', help: 'seconds from one checkpoint to the next (default 30)' },
  resume: { value: '', help: 'go on with the run in --checkpoint; a new one is begun if there is none' },
  ...backendOption,
  threads: { value: 'N', help: 'of the CPU, for wasm; default: all there are' },
};

export const trainHelp = helpLines(table);

const stopNote = 'stopping … (Ctrl-C again to leave without saving)';

export async function train(args: readonly string[]): Promise<void> {
  const options = Options.parse(args, table);
  const out = options.required('out');
  const precision = options.choice('precision', precisions);
  const kept = await keptRun(options);
  const request = kept?.resumes ? null : await trainingRequest(options);
  const runtime = await makeRuntime(options, kept && (async () => kept.store));
  const from = options.text('from');
  if (from !== undefined) await runtime.load(await readBytes(from));
  const control = new TrainingControl();
  const interrupt = () => {
    if (control.stopped) process.exit(130);
    process.stderr.write(`\n${stopNote}\n`);
    control.stop();
  };
  process.on('SIGINT', interrupt);
  const view = new TrainingView();
  const hooks = { control, onEvent: view.show };
  try {
    const { reason, progress, message } = await (kept?.resumes || !request
      ? runtime.resume(kept?.keep ?? { name: '' }, hooks)
      : runtime.train({ ...request, ...(kept ? { keep: kept.keep } : {}) }, hooks));
    view.end();
    if (message) process.stderr.write(`${message}\n`);
    if (progress === null) throw new AdaptiveError('aborted', 'Stopped before the first step; nothing was saved.');
    const title = options.text('title');
    if (title !== undefined) runtime.setTitle(title);
    const file = await runtime.export(precision);
    await writeBytes(out, file);
    const held = progress.bestValidationLoss;
    process.stdout.write(
      `${reason} after ${progress.step} steps, ${Math.round(progress.secondsElapsed)} s` +
        `${held === null ? '' : `; held-out loss ${held.toFixed(4)} nats per token`}; ` +
        `${out}, ${(file.byteLength / 1e6).toFixed(2)} MB\n`,
    );
    if (reason === 'diverged') process.exitCode = 1;
  } finally {
    view.end();
    process.off('SIGINT', interrupt);
    runtime.destroy();
  }
}

/** What --checkpoint and --resume say. @throws AdaptiveError 'invalid-option' */
async function keptRun(options: Options) {
  const folder = options.text('checkpoint');
  if (folder === undefined) {
    if (options.has('resume')) throw new AdaptiveError('invalid-option', '--resume needs --checkpoint DIR.');
    return undefined;
  }
  const store = await checkpointStore(folder);
  const interval = options.number('checkpoint-every');
  const keep = { name: runName, ...(interval === undefined ? {} : { interval }) };
  const resumes = options.has('resume') && Boolean((await store.find(runName))?.run);
  if (!options.has('resume')) await refuseToReplace(store, folder);
  return { store, keep, resumes };
}

async function trainingRequest(options: Options): Promise<TrainingRequest> {
  return {
    corpus: await readCorpusOptions(options),
    deduplicate: options.choice('deduplicate', ['documents', 'paragraphs']),
    start: options.has('from') ? { kind: 'continue' } : { kind: 'new', size: modelShape(options) },
    tokenizer: await tokenizerRequest(options),
    options: trainingOptions(options),
    samplePrompt: options.text('prompt') ?? '\n',
  };
}

async function tokenizerRequest(options: Options): Promise<TokenizerRequest> {
  const file = options.text('tokenizer-file');
  const kind = options.choice('tokenizer', ['characters', 'bytes', 'bpe', 'words']);
  if (file === undefined) return vocabularyRequest(options, kind ?? 'characters');
  if (kind !== undefined) throw new AdaptiveError('invalid-option', 'Give --tokenizer or --tokenizer-file, not both.');
  return { kind: 'given', spec: await readTokenizer(file) };
}

function modelShape(options: Options): ModelShape {
  const size = options.text('size') ?? 'medium';
  if (!isSizePreset(size)) {
    throw new AdaptiveError('invalid-option', `--size: expected ${Object.keys(sizePresets).join(', ')}, got ${size}.`);
  }
  const preset = sizePresets[size];
  return {
    cell: options.choice('cell', ['lstm', 'gru', 'rnn']) ?? 'lstm',
    adaptation: options.choice('adaptation', ['io', 'output', 'input', 'static']) ?? 'io',
    latent: options.choice('latent-kind', ['recurrent', 'feed-forward', 'linear']) ?? 'recurrent',
    policyOffset: options.number('policy-offset') ?? 0,
    embeddingSize: options.number('embedding') ?? preset.embeddingSize,
    hiddenSizes: options.numbers('hidden') ?? [...preset.hiddenSizes],
    latentSize: options.number('latent') ?? preset.latentSize,
    tiedDecoder: options.has('tied'),
  };
}

/** Only what was given, so that the rest can be chosen to suit the corpus. */
function trainingOptions(options: Options): TrainingOptions {
  const given = <T>(name: string, value: T | undefined) => (value === undefined ? {} : { [name]: value });
  return {
    ...given('epochs', options.number('epochs')),
    ...given('batchSize', options.number('batch')),
    ...given('segmentLength', options.number('segment')),
    ...given('optimizer', options.choice('optimizer', ['adam', 'adamw'])),
    ...given('learningRate', options.number('learning-rate')),
    ...given('schedule', schedule(options)),
    ...given('weightDecay', options.number('weight-decay')),
    ...given('clip', options.number('clip')),
    ...given('validationFraction', options.number('validation')),
    ...given('validateEvery', options.number('validate-every')),
    ...given('seed', options.number('seed')),
    ...given('threads', options.number('threads')),
    variableSegments: options.has('variable-segments'),
    dropout: {
      ...given('embedding', options.number('dropout-embedding')),
      ...given('input', options.number('dropout-input')),
      ...given('hidden', options.number('dropout-hidden')),
      ...given('latent', options.number('dropout-latent')),
      ...given('output', options.number('dropout-output')),
    },
  };
}

function schedule(options: Options): Schedule | undefined {
  const kind = options.choice('schedule', ['constant', 'cosine', 'cuts']);
  if (kind === 'constant') return { kind };
  if (kind === 'cuts') return { kind, at: options.numbers('cuts') ?? [0.5, 0.75], factor: 0.1 };
  return { kind: 'cosine', warmup: options.number('warmup') ?? 0, floor: 0.01 };
}

/** A bar on a terminal; in a log, a line per validation. */
class TrainingView {
  readonly #bar = new cliProgress.SingleBar({
    format: '{bar} {value}/{total} | loss {loss} | held out {validation} | {speed} tokens/s | {left} left',
    barsize: 24,
    hideCursor: true,
    stopOnComplete: false,
  });
  #last: TrainingProgress | null = null;

  readonly show = (event: TrainingEvent): void => {
    switch (event.type) {
      case 'started': {
        const { backend, model } = event;
        const { parameters } = model;
        process.stdout.write(
          `${parameters.toLocaleString('en')} parameters on ${backend}; ${event.trainingTokens.toLocaleString('en')} tokens to learn, ` +
            `${event.validationTokens.toLocaleString('en')} held out; ${event.totalSteps.toLocaleString('en')} steps\n`,
        );
        for (const line of reportLines(event.corpus)) process.stdout.write(`${line}\n`);
        if (process.stdout.isTTY) this.#bar.start(event.totalSteps, 0, fields(null));
        break;
      }
      case 'progress':
        this.#last = event.progress;
        this.#bar.update(event.progress.step, fields(event.progress));
        break;
      case 'validation':
        this.#log(
          `step ${event.step}: held out ${event.loss.toFixed(4)} nats${event.best ? ' (best)' : ''}` +
            (this.#last
              ? `, training ${this.#last.smoothLoss.toFixed(4)}, ${Math.round(this.#last.tokensPerSecond)} tokens/s`
              : ''),
        );
        break;
      case 'backend':
        this.#log(`on ${event.to} from here on: ${event.message}`);
        break;
      case 'reading':
        if (process.stdout.isTTY) process.stdout.write(readingLine(event));
        break;
      case 'unsaved':
        this.#log(event.error.message);
        break;
      case 'saved':
      case 'sample':
      case 'paused':
      case 'resumed':
        break;
    }
  };

  end(): void {
    this.#bar.stop();
  }

  #log(line: string): void {
    if (!process.stdout.isTTY) process.stdout.write(`${line}\n`);
  }
}

function fields(progress: TrainingProgress | null) {
  return {
    loss: progress?.smoothLoss.toFixed(3) ?? '…',
    validation: progress?.validationLoss?.toFixed(3) ?? '…',
    speed: progress ? Math.round(progress.tokensPerSecond).toLocaleString('en') : '…',
    left: progress ? `${Math.ceil(progress.secondsLeft)} s` : '…',
  };
}

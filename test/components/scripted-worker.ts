/**
 * A real module worker that keeps WorkerApi by a script instead of a model, so that the element's states can be tested
 * one by one. A prompt or a corpus that begins with `!` asks for something to go wrong. Tokens and steps take `?pace=`
 * milliseconds; those of `?hold=` (3,21) are not begun before the test says so, or stops the work.
 */
import { expose, transfer } from 'comlink';
import type { BackendChange } from '../../core/backend.js';
import type { CorpusSource } from '../../core/corpus.js';
import { AdaptiveError, errorCodes } from '../../core/errors.js';
import type {
  GenerationEvent,
  ModelInfo,
  Reply,
  SessionApi,
  TrainingCommand,
  TrainingEvent,
  TrainingProgress,
  TrainingRequest,
  WorkerApi,
} from '../../core/protocol.js';

const parameters = new URL(self.location.href).searchParams;
const pace = Number(parameters.get('pace') ?? 2); // ms
/** What it writes for a prompt that asks for nothing else. */
const says = parameters.get('says');
const totalSteps = Number(parameters.get('steps') ?? 40);
/** Steps from one validation and sample to the next. */
const sampleEvery = Math.ceil(Math.min(totalSteps, 40) / 10);
const held = new Set((parameters.get('hold') ?? '').split(',').filter(Boolean).map(Number));

const shakespeare = `
But soft, what light is this that breaks upon the morning?
It is the east, and there is no more of night in it than in thy brow. Come, let us away.

JULIET:
Thou speak’st as one who has not slept, my lord. The lark is up! The watch goes by; the street is full of voices.

ROMEO:
Then let them pass. I have no business with the day.
`;

const modelInfo: ModelInfo = {
  config: {
    cell: 'lstm',
    adaptation: 'io',
    latent: 'recurrent',
    vocabularySize: 66,
    embeddingSize: 96,
    hiddenSizes: [256],
    latentSize: 32,
    tiedDecoder: false,
  },
  tokenizer: 'characters',
  parameters: 512_345,
  precision: 'f32',
  bytes: 8_000_000,
  backend: 'wasm',
  reason: { code: 'small' },
  validationLoss: 1.584,
  title: 'Shakespeare, by letters',
};

/** What a script that begins with `!gpu` goes through. */
const onGpu = { backend: 'webgpu', reason: { code: 'faster', times: 3.14 } } as const;
const lost: BackendChange = {
  from: 'webgpu',
  to: 'wasm',
  reason: { code: 'device-lost' },
  message: 'The GPU was lost: scripted.',
};

let backend = 'auto';
let model: ModelInfo | null = null;
let busy = false;

const wait = (ms = pace): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function answer<T>(work: () => Promise<T>): Promise<Reply<T>> {
  if (busy) return { ok: false, error: new AdaptiveError('busy', 'The worker is busy.').serialize() };
  busy = true;
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    return { ok: false, error: AdaptiveError.from(thrown).serialize() };
  } finally {
    busy = false;
  }
}

function misbehave(script: string): Promise<never> | null {
  if (script.startsWith('!die')) {
    setTimeout(() => {
      throw new Error('out of luck');
    });
    return new Promise(() => {});
  }
  const named = /^!error:([\w-]+)/.exec(script)?.[1];
  const code = errorCodes.find((each) => each === named);
  if (!code) return null;
  return Promise.reject(new AdaptiveError(code, `Scripted ${code}. Do something else.`));
}

function needModel(): ModelInfo {
  if (!model) throw new AdaptiveError('no-model', 'There is no model yet. Open a model file, or train one.');
  return model;
}

/** Tells the tests what came of what they did, and is told to go on. */
const channel = new BroadcastChannel('scripted-worker');

/** Where the work stands still until the test says that it may go on: each such word is good for one time. */
const gate = { words: 0, wake: (): void => {} };

channel.onmessage = ({ data }: MessageEvent<unknown>) => {
  if (data !== 'go on') return;
  gate.words++;
  gate.wake();
};

/** Resolves when the test has said so, or `run` is stopped. */
async function permission(run: { readonly stopped: boolean }): Promise<void> {
  while (gate.words === 0 && !run.stopped) await new Promise<void>((resolve) => (gate.wake = resolve));
  if (!run.stopped) gate.words--;
}

/** What is said to be kept; nothing is. */
const kept = ['notes', 'a-name-without-a-place-to-break-it-that-somebody-has-thought-of'].map((name) => ({
  name,
  bytes: 4_200_000,
  savedAt: 1_700_000_000_000,
  run: { step: 1200, totalSteps: 40_000, corpus: '' },
  inUse: false,
}));

const api: Omit<WorkerApi, Exclude<keyof SessionApi, 'copySession'>> = {
  setBackend: async (choice) => {
    backend = choice;
    return { ok: true, value: null };
  },
  loadModel: (file) =>
    answer(async () => {
      await wait();
      if (file.byteLength < 4) throw new AdaptiveError('model-file', 'The file is too short for a model.');
      return (model = { ...modelInfo, title: 'From a file' });
    }),
  fetchModel: (url, port) =>
    answer(async () => {
      for (let loaded = 0; loaded <= 100; loaded += 25) {
        port.postMessage({ loaded, total: 100 });
        await wait();
      }
      if (!['auto', 'webgpu', 'wasm'].includes(backend)) {
        throw new AdaptiveError('invalid-option', `Backend: expected 'auto', 'webgpu' or 'wasm', got "${backend}".`);
      }
      if (url.includes('missing')) throw new AdaptiveError('network', `${url} answered 404. Check the address.`);
      return (model = modelInfo);
    }),
  exportModel: () =>
    answer(async () => {
      needModel();
      const file = new Uint8Array([1, 2, 3, 4, 5]).buffer;
      return transfer(file, [file]);
    }),
  info: () => answer(async () => model),
  resetState: () => answer(async () => null),
  generate: (options, port) =>
    answer(async () => {
      needModel();
      const prompt = options.prompt ?? '';
      await misbehave(prompt);
      if (Number.isNaN(options.temperature)) {
        throw new AdaptiveError('invalid-option', 'Writing options, temperature: expected a number, got NaN.');
      }
      const run = { stopped: false };
      const send = (event: GenerationEvent): void => port.postMessage(event);
      // There is no other command.
      port.onmessage = () => {
        run.stopped = true;
        gate.wake();
      };
      const markup = '<img src=x onerror="document.title=1"><b>bold</b>';
      const words = (prompt.startsWith('!markup') ? markup : (says ?? shakespeare)).match(/\s*\S+/g) ?? [];
      let text = '';
      let tokens = 0;
      for (const word of words.slice(0, options.maxTokens)) {
        await wait();
        if (held.has(tokens + 1)) await permission(run);
        if (run.stopped) break;
        text += word;
        send({ type: 'text', text: word, tokens: ++tokens });
        if (prompt.startsWith('!gpu') && tokens === 3) send({ type: 'backend', ...lost });
      }
      const unknownCharacters = (prompt.match(/[^\x00-\x7f]/gu) ?? []).length;
      return {
        reason: run.stopped ? 'aborted' : 'length',
        text,
        tokens,
        tokensPerSecond: 812,
        unknownCharacters,
      };
    }),
  train: (request, port) => answer(() => train(request, port)),
  learn: (text) =>
    answer(async () => {
      channel.postMessage(`learned ${text}`);
      return { steps: 1, stepsLeft: 0, loss: 2, characters: text.length };
    }),
  forget: () =>
    answer(async () => {
      channel.postMessage('forgot');
      return needModel();
    }),
  copySession: () => answer(async () => null),
  openKept: () => answer(async () => null),
  resume: () => answer(() => Promise.reject(new AdaptiveError('checkpoint', 'There is no such run. Train anew.'))),
  stored: async () => ({ ok: true, value: { kind: 'opfs', models: kept } }),
  removeKept: () => answer(async () => null),
};

async function textOf(corpus: CorpusSource): Promise<string> {
  if (corpus.kind === 'text') return corpus.text;
  if (corpus.kind === 'url') return corpus.url;
  return (await Promise.all(corpus.files.map(({ file }) => file.text()))).join('\n');
}

async function train({ corpus, options }: TrainingRequest, port: MessagePort) {
  const text = await textOf(corpus);
  await misbehave(text);
  if (text.length < 20)
    throw new AdaptiveError('corpus-too-short', 'The text is too short. Give at least 20 characters.');
  const send = (event: TrainingEvent): void => port.postMessage(event);
  const run = { stopped: false, paused: false };
  port.onmessage = ({ data }: MessageEvent<TrainingCommand>) => {
    run.stopped ||= data.type === 'stop';
    if (data.type === 'stop') {
      run.paused = false;
      gate.wake();
      return;
    }
    run.paused = data.type === 'pause';
    send({ type: run.paused ? 'paused' : 'resumed' });
  };
  if (text.startsWith('!reading')) {
    send({ type: 'reading', phase: 'surveying', loadedBytes: 500_000_000, totalBytes: 1_000_000_000 });
    await permission(run);
    send({ type: 'reading', phase: 'encoding', loadedBytes: 250_000_000, totalBytes: null });
    await permission(run);
  }
  const trained: ModelInfo = { ...modelInfo, parameters: 96_410, title: '', validationLoss: null };
  send({
    type: 'started',
    model: { ...trained, bytes: 64_000_000 },
    totalSteps,
    trainingTokens: 8100,
    validationTokens: 900,
    threads: 2,
    ...(text.startsWith('!gpu') ? onGpu : ({ backend: 'wasm', reason: { code: 'software-adapter' } } as const)),
    unknownCharacters: 0,
    corpus: {
      documents: corpus.kind === 'files' ? corpus.files.length : 1,
      skipped: [],
      skippedCount: 0,
      repeats: 0,
      sampledBytes: null,
      tokensOn: 'memory',
      warning: '',
    },
  });
  let progress: TrainingProgress | null = null;
  for (let step = 1; step <= totalSteps; step++) {
    await wait();
    if (held.has(step)) await permission(run);
    while (run.paused) await wait();
    if (run.stopped) break;
    progress = progressAt(step, options.epochs ?? 4);
    send({ type: 'progress', progress });
    if (text.startsWith('!gpu') && step === totalSteps / 2) send({ type: 'backend', ...lost, threads: 2 });
    if (step % sampleEvery !== 0) continue;
    const loss = 1.75 + 2.3 * Math.exp((-4 * step) / totalSteps) + 0.25 * (step / totalSteps) ** 3;
    send({ type: 'validation', step, loss, best: true });
    send({
      type: 'sample',
      step,
      text: 'The lamp was the sea, and the light of the wind was a gull.\nFirst of Marth. I cound the stair',
    });
  }
  if (text.startsWith('diverge')) {
    const message = 'The loss became NaN at step 40; the last good weights are kept. Lower the learning rate.';
    return { reason: 'diverged' as const, progress, model: trained, message };
  }
  model = { ...trained, validationLoss: 1.83 };
  return { reason: run.stopped ? ('stopped' as const) : ('finished' as const), progress, model, message: '' };
}

function progressAt(step: number, epochs: number): TrainingProgress {
  const part = step / totalSteps;
  const smoothLoss = 1.45 + 2.75 * Math.exp(-4.5 * part);
  return {
    step,
    totalSteps,
    epoch: part * epochs,
    tokens: step * 1024,
    tokensPerSecond: 7140,
    loss: smoothLoss + 0.1 * Math.sin(step * 7),
    smoothLoss: smoothLoss + 0.04 * Math.sin(step * 3),
    perplexity: Math.exp(smoothLoss),
    bitsPerCharacter: smoothLoss / Math.LN2,
    validationLoss: null,
    bestValidationLoss: null,
    gradientNorm: 0.8,
    learningRate: 0.003,
    secondsElapsed: step * 0.14,
    secondsLeft: (totalSteps - step) * 0.14,
  };
}

expose(api);

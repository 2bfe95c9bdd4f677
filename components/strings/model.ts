import type { AdaptiveError } from '../../core/errors.js';

/** What every element with a model says, in English: messages, the status line, ways in and out for files. */
export const modelStrings = {
  open: 'Open…',
  openLabel: 'Open a model file (.safetensors)',
  saveOpen: 'Save…',
  saveLabel: 'Save the model as a file',
  dismiss: 'Dismiss',
  loadAgain: 'Load again',
  goOn: 'Go on',
  interrupted: (what: string, step: string, total: string) =>
    `Training${what} stopped at step ${step} of ${total}. Go on?`,
  interruptedOn: (name: string) => ` on ${name}`,
  inUseElsewhere: 'Another tab is training this model and keeps it. What is shown here is its last checkpoint.',
  olderKept: 'The last save of this model was not whole; the one before it is used.',
  notKept: 'This browser keeps nothing for this page: the model is gone when the page is closed. Save it as a file.',
  dropHere: 'Drop a text to learn from, or a model file',
  noPanel: 'The training panel could not be fetched. Check the connection, and load the page again.',
  leftOut: (count: string, first: string) => `${count} files were left out, such as ${first}.`,
  /** A file that was left out; why comes in English. */
  leftOutBecause: (name: string, reason: string) => `${name} (${reason})`,
  repeatsLeftOut: (count: string) => `${count} repeats were left out.`,
  states: {
    empty: 'No model',
    loading: 'Loading',
    ready: 'Ready',
    writing: 'Writing',
    training: 'Training',
    paused: 'Paused',
    error: 'Needs attention',
  },
  backends: { wasm: 'WebAssembly', webgpu: 'WebGPU', reference: 'Reference' },
  onThreads: (backend: string, threads: string) => `${backend}, ${threads} threads`,
  because: (backend: string, reason: string) => `${backend}: ${reason}`,
  faster: (times: string) => `${times} × faster here`,
  newDevice: 'the GPU was lost, this is a new start',
  backendReasons: {
    asked: '',
    small: 'quick enough at this size',
    'no-webgpu': 'this browser has no WebGPU',
    'no-adapter': 'WebGPU has no GPU to use',
    'software-adapter': 'WebGPU has only a software adapter',
    'slow-start': 'WebGPU was not ready in time',
    memory: 'the GPU has too little memory',
    'device-lost': 'the GPU was lost',
    failed: 'WebGPU failed',
  },
  parameters: (count: string) => `${count} parameters`,
  memory: (size: string) => `${size} of memory`,
  tokensPerSecond: (rate: string) => `${rate} tokens/s`,
  int8: '8-bit weights',
  heldOut: (loss: string, unit: string) => `held-out loss ${loss} nats/${unit}`,
  units: { characters: 'character', bytes: 'byte', bpe: 'token', words: 'word' },
  loadingPart: (part: string) => `Loading ${part}`,
  unknownWordsInCorpus: (count: string) =>
    `${count} words of the text are not among those that the model knows; it reads and writes each as <unk>.`,
  unknownInCorpus: (count: string) =>
    `${count} characters of the text are unknown to this model. Start from a new model to have them learned too.`,
  brokenInCorpus: (count: string) =>
    `${count} characters of the text were broken and are not learned. Save the text as UTF-8 to have them learned too.`,
  reloaded: 'The element had left the page and its worker was ended. The model was loaded again from its file.',
  lost: 'The element had left the page and its worker was ended, and the model with it. Open a saved file, or teach a new one.',
  busyWith: {
    loading: 'A model is being loaded. Wait until it is there.',
    writing: 'The model is writing. Stop it first.',
    training: 'The model is training. Stop it first.',
    paused: 'A training run is paused. Stop it first.',
  },
  srcWhileBusy: (src: string) => `“${src}” was not loaded: the model is at work. Stop it and load again.`,
  /** Why tokens that belong on the disk are in memory. */
  inMemory: (why: string) => why,
  /** An error from the worker, whose messages are in English. */
  describe: (error: AdaptiveError) => error.message,
};

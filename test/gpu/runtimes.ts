/** Runtimes on the modules of the build, and a small model that learns something in seconds, also on SwiftShader. */
import type { GenerationOptions, TrainingOptions } from '../../core/config.js';
import type { TrainingEvent, TrainingRequest, TrainingResult } from '../../core/protocol.js';
import type { Modules } from '../../worker/assets.js';
import { Runtime, type RuntimeOptions } from '../../worker/runtime.js';
import { TrainingControl } from '../../worker/training-control.js';

const compile = async (name: string) => {
  const response = await fetch(new URL(`../../assembly/${name}`, import.meta.url));
  return WebAssembly.compile(await response.arrayBuffer());
};

let compiled: Promise<Modules> | null = null;

/** For one thread. */
export function modules(): Promise<Modules> {
  compiled ??= Promise.all([compile('kernels.wasm'), compile('text.wasm')]).then(([kernels, text]) => {
    return { kernels, text, threads: null };
  });
  return compiled;
}

export function makeRuntime(options: RuntimeOptions = {}): Runtime {
  return new Runtime(modules, options);
}

/** 64 steps of two layers. */
export const request: TrainingRequest = {
  corpus: { kind: 'text', text: 'the quick brown fox jumps over the lazy dog. '.repeat(100) },
  start: {
    kind: 'new',
    size: {
      cell: 'lstm',
      adaptation: 'io',
      latent: 'recurrent',
      embeddingSize: 16,
      hiddenSizes: [24, 16],
      latentSize: 8,
      tiedDecoder: true,
    },
  },
  tokenizer: 'characters',
  options: { batchSize: 8, segmentLength: 8, epochs: 1, dropout: { hidden: 0.2, latent: 0.1 }, seed: 3 },
  samplePrompt: 'the',
};

/** 24 steps of one layer, with a validation every 6, and a sample at the end: what failures are tested on, over and over. */
export const brief: TrainingRequest = {
  ...request,
  corpus: { kind: 'text', text: 'the quick brown fox jumps over the lazy dog. '.repeat(10) },
  start: {
    kind: 'new',
    size: {
      cell: 'lstm',
      adaptation: 'io',
      latent: 'recurrent',
      embeddingSize: 12,
      hiddenSizes: [16],
      latentSize: 4,
      tiedDecoder: false,
    },
  },
  options: {
    ...request.options,
    batchSize: 4,
    segmentLength: 5,
    epochs: 24 / 21,
    learningRate: 0.01,
    validateEvery: 6,
    sampleEvery: 1000,
  },
};

export interface Run {
  readonly result: TrainingResult;
  readonly events: readonly TrainingEvent[];
}

/** Trains, with some other options. */
export async function train(
  runtime: Runtime,
  options: TrainingOptions = {},
  onEvent: (event: TrainingEvent, control: TrainingControl) => void = () => {},
  base = brief,
): Promise<Run> {
  const events: TrainingEvent[] = [];
  const control = new TrainingControl();
  const result = await runtime.train(
    { ...base, options: { ...base.options, ...options } },
    {
      control,
      onEvent: (event) => {
        events.push(event);
        onEvent(event, control);
      },
    },
  );
  return { result, events };
}

/** The events of one kind. */
export function eventsOf<T extends TrainingEvent['type']>(events: readonly TrainingEvent[], type: T) {
  const isOfType = (event: TrainingEvent): event is Extract<TrainingEvent, { type: T }> => event.type === type;
  return events.filter(isOfType);
}

/** What the model writes, with the changes of the backend on the way. */
export async function write(runtime: Runtime, options: GenerationOptions = {}) {
  const changes: { readonly to: string; readonly code: string }[] = [];
  const { text } = await runtime.generate(
    { prompt: 'the quick', maxTokens: 40, temperature: 0.7, seed: 5, ...options },
    { onBackend: ({ to, reason }) => changes.push({ to, code: reason.code }) },
  );
  return { text, changes };
}

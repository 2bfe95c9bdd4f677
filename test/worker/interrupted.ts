/** Runs that are interrupted and gone on with, to be compared with one that was not. */
import type { KeepOptions } from '../../core/stored.js';
import type { TrainingEvent, TrainingRequest } from '../../core/protocol.js';
import type { Runtime } from '../../worker/runtime.js';
import { TrainingControl } from '../../worker/training-control.js';

export interface Trace {
  /** Of each validation, to the bit. */
  readonly validations: readonly (readonly [step: number, loss: number])[];
  readonly samples: readonly string[];
  readonly events: readonly TrainingEvent[];
  readonly reason: string;
  readonly steps: number;
  readonly model: Uint8Array;
}

type Begin = (runtime: Runtime, hooks: Parameters<Runtime['train']>[1]) => ReturnType<Runtime['train']>;

/** Runs to the end, or until `interfere` has stopped it. */
export async function trace(
  runtime: Runtime,
  begin: Begin,
  interfere: (event: TrainingEvent, control: TrainingControl) => void = () => {},
): Promise<Trace> {
  const control = new TrainingControl();
  const events: TrainingEvent[] = [];
  const { reason, progress } = await begin(runtime, {
    control,
    onEvent: (event) => {
      events.push(event);
      interfere(event, control);
    },
  });
  return {
    validations: events.flatMap((event) => (event.type === 'validation' ? [[event.step, event.loss] as const] : [])),
    samples: events.flatMap((event) => (event.type === 'sample' ? [event.text] : [])),
    events,
    reason,
    steps: progress?.step ?? 0,
    model: new Uint8Array(await runtime.export()),
  };
}

export function fromStart(request: TrainingRequest): Begin {
  return (runtime, hooks) => runtime.train(request, hooks);
}

export function fromStore(keep: KeepOptions): Begin {
  return (runtime, hooks) => runtime.resume(keep, hooks);
}

/** Two traces as one. */
export function joined(first: Trace, second: Trace): Pick<Trace, 'validations' | 'samples' | 'model' | 'steps'> {
  return {
    validations: [...first.validations, ...second.validations],
    samples: [...first.samples, ...second.samples],
    model: second.model,
    steps: second.steps,
  };
}

/** Small, and with everything in it that is random or changes on the way. */
export function eventfulRequest(corpus: TrainingRequest['corpus']): TrainingRequest {
  return {
    corpus,
    start: {
      kind: 'new',
      size: {
        cell: 'lstm',
        adaptation: 'io',
        latent: 'recurrent',
        embeddingSize: 8,
        hiddenSizes: [12, 8],
        latentSize: 4,
        tiedDecoder: true,
      },
    },
    tokenizer: 'characters',
    options: {
      batchSize: 6,
      segmentLength: 24,
      variableSegments: true,
      epochs: 2.5,
      learningRate: 0.01,
      dropout: { embedding: 0.05, input: 0.1, hidden: 0.1, latent: 0.1, output: 0.1 },
      validateEvery: 3,
      sampleEvery: 10,
    },
    samplePrompt: 'ab',
  };
}

/** What the types of the package say; the compiler is the test. */
import type { Worker as NodeThread } from 'node:worker_threads';
import {
  AdaptiveLM,
  type AdaptiveException,
  type Availability,
  type TokenScore,
  type TrainingProgress,
} from '../../api/index.js';
import type { AdaptiveError } from '../../core/errors.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Does not compile where T is false. */
function check<T extends true>(..._: T[]): void {}

export async function usage(thread: NodeThread, worker: Worker, port: MessagePort, signal: AbortSignal): Promise<void> {
  const model = await AdaptiveLM.create({ src: 'model.safetensors', signal, temperature: 0.8, backend: 'wasm' });
  for (const each of [thread, worker, port]) await AdaptiveLM.create({ worker: each });
  check<Same<Awaited<ReturnType<typeof AdaptiveLM.availability>>, Availability>>();
  check<Same<Awaited<ReturnType<typeof model.prompt>>, string>>();
  check<Same<ReturnType<typeof model.promptStreaming>, ReadableStream<string>>>();
  check<Same<Awaited<ReturnType<typeof model.score>>, readonly TokenScore[]>>();
  check<Same<AdaptiveException['cause'], AdaptiveError>>();
  for await (const progress of model.train('text', { size: 'small', epochs: 1 })) {
    check<Same<typeof progress, TrainingProgress>>();
  }
  model.seed = 1;
  // @ts-expect-error: only by create and clone
  new AdaptiveLM();
  // @ts-expect-error: an option that there is not
  await model.prompt('x', { maxToken: 1 });
  // @ts-expect-error: a session always goes on
  await model.prompt('x', { keepState: false });
  // @ts-expect-error: a size that there is not
  model.train('text', { size: 'tiny' });
  // @ts-expect-error: read-only
  model.contextUsage = 0;
  // @ts-expect-error: an element is no worker
  await AdaptiveLM.create({ worker: document.body });
  // @ts-expect-error: a format that there is not
  await model.export('gguf');
}

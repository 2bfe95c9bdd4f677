/** What the types of the package say; the compiler is the test. */
import type { Worker as NodeThread } from 'node:worker_threads';
import {
  AdaptiveLM,
  type AdaptiveError,
  type AdaptiveException,
  type Availability,
  type TokenScore,
  type TrainingProgress,
  type TrainingResult,
} from '../../api/index.js';

/** Compiles where the value is a T, and not any. */
function is<T>(value: 0 extends 1 & T ? never : T): T {
  return value;
}

export async function usage(thread: NodeThread, worker: Worker, port: MessagePort, signal: AbortSignal): Promise<void> {
  const model = await AdaptiveLM.create({ src: 'model.safetensors', signal, temperature: 0.8, backend: 'wasm' });
  for (const each of [thread, worker, port]) await AdaptiveLM.create({ worker: each });
  is<Availability>(await AdaptiveLM.availability());
  is<string>(await model.prompt('x', { signal, maxTokens: 1, stop: ['\n'] }));
  is<ReadableStream<string>>(model.promptStreaming('x'));
  is<readonly TokenScore[]>(await model.score('x', { signal }));
  is<(exception: AdaptiveException) => AdaptiveError>(({ cause }) => cause);
  const run = model.train(new Blob(['text']), { size: 'small', epochs: 1, onEvent: ({ type }) => is<string>(type) });
  for await (const progress of run) is<TrainingProgress>(progress);
  is<TrainingResult>(await run.result);
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

/** The worker's end of the wall: a Runtime as a WorkerApi. Errors become replies, ports become callbacks. */
import { transfer } from 'comlink';
import type { BackendChange } from '../core/backend.js';
import { parseGenerationConfig } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import type { GenerationEvent, Reply, TrainingCommand, WorkerApi } from '../core/protocol.js';
import type { Runtime } from './runtime.js';
import type { TrainingHooks } from './training.js';
import { TrainingControl } from './training-control.js';

async function reply<T>(work: () => Promise<T>): Promise<Reply<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: AdaptiveError.from(error).serialize() };
  }
}

function replyNull(work: () => Promise<void>): Promise<Reply<null>> {
  return reply(async () => {
    await work();
    return null;
  });
}

/** Runs `work` with a signal that the port's stop command aborts. */
async function stoppable<T>(port: MessagePort, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  // `stop` is the only GenerationCommand.
  port.onmessage = () => controller.abort();
  return work(controller.signal);
}

export function createEndpoint(runtime: Runtime): WorkerApi {
  return {
    setBackend: (choice) =>
      replyNull(async () => {
        runtime.backend = choice;
      }),

    loadModel: (file, tokenizer) => reply(() => runtime.load(file, tokenizer)),

    fetchModel: (url, port) =>
      reply(() => stoppable(port, (signal) => runtime.fetch(url, (event) => port.postMessage(event), signal))),

    exportModel: async (format, precision) => {
      const answer = await reply(() => runtime.export(precision, format));
      return answer.ok ? transfer(answer, [answer.value]) : answer;
    },

    info: () => reply(async () => runtime.info),

    generate: (options, port, session) =>
      reply(() =>
        stoppable(port, (signal) => {
          const send = (event: GenerationEvent) => port.postMessage(event);
          const listener = {
            signal,
            onText: (text: string, tokens: number) => send({ type: 'text', text, tokens }),
            onBackend: (change: BackendChange) => send({ type: 'backend', ...change }),
          };
          return runtime.generate(options, listener, session);
        }),
      ),

    resetState: () => replyNull(() => runtime.resetState()),

    undo: (session, usage) => replyNull(() => runtime.undo(session, usage)),

    copySession: (from, to) => replyNull(() => runtime.copySession(from, to)),

    closeSession: (session) => replyNull(async () => runtime.closeSession(session)),

    contextUsage: (session) => reply(async () => runtime.contextUsage(session)),

    countTokens: (text) => reply(async () => runtime.countTokens(text)),

    score: (session, text, port) => reply(() => stoppable(port, (signal) => runtime.score(text, { signal }, session))),

    evaluate: (corpus, fraction, port) =>
      reply(() => stoppable(port, (signal) => runtime.evaluate(corpus, fraction, signal))),

    completeOptions: (options) => reply(async () => parseGenerationConfig(options)),

    unloadModel: () => replyNull(() => runtime.unload()),

    learn: (text, options, port) => reply(() => stoppable(port, (signal) => runtime.learn(text, options, signal))),

    forget: () => reply(() => runtime.forget()),

    train: (request, port) => reply(() => runtime.train(request, trainingHooks(port))),

    openKept: (name) => reply(() => runtime.openKept(name)),

    resume: (keep, port) => reply(() => runtime.resume(keep, trainingHooks(port))),

    stored: () => reply(() => runtime.stored()),

    removeKept: (name) => replyNull(() => runtime.removeKept(name)),
  };
}

/** Events go out on the port, commands come in. */
function trainingHooks(port: MessagePort): TrainingHooks {
  const control = new TrainingControl();
  port.onmessage = ({ data }: MessageEvent<TrainingCommand>) => control[data.type]();
  return { control, onEvent: (event) => port.postMessage(event) };
}

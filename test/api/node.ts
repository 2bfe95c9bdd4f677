/** AdaptiveLM in Node, on a real worker of worker_threads or on a runtime of this very thread. */
import { Worker } from 'node:worker_threads';
import { expose } from 'comlink';
import { AdaptiveLM, type CreateOptions } from '../../api/index.js';
import { createEndpoint } from '../../worker/endpoint.js';
import { runtimeOn } from '../worker/runtimes.js';
import { corpus, tiny } from './texts.js';

export function nodeWorker(): Worker {
  return new Worker(new URL('../../cli/node-worker.js', import.meta.url));
}

const ports: MessagePort[] = [];

/** They keep the process alive if nobody used them. */
export function closePorts(): void {
  for (const port of ports) port.close();
}

/** A port to a runtime in this thread. */
export function runtimePort(runtime = runtimeOn(1)): MessagePort {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1);
  expose(createEndpoint(runtime), port1);
  return port2;
}

let made: Promise<Blob> | null = null;

/** The file of a model that has learned `corpus`. */
export function modelFile(): Promise<Blob> {
  made ??= (async () => {
    const model = await AdaptiveLM.create({ worker: runtimePort() });
    await model.train(corpus, { ...tiny, epochs: 60 }).result;
    const file = await model.save();
    model.destroy();
    return file;
  })();
  return made;
}

export async function learned(options: CreateOptions = {}): Promise<AdaptiveLM> {
  return AdaptiveLM.create({ worker: runtimePort(), file: await modelFile(), temperature: 0, ...options });
}

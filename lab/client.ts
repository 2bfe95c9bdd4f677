/**
 * The page's side of the laboratory's wall: experiments in a worker, one at a time. Importing this starts nothing; the worker
 * is started by the first run.
 */
import { transfer } from 'comlink';
import { AdaptiveError } from '../core/errors.js';
import { Connection, pageAddress, startWorker, type WorkerScript } from '../worker/connection.js';
import type { AnyFrame, Report } from './experiment.js';
import type { LabApi, LabCommand, LabRequest } from './protocol.js';

export type { LabRequest, MnistSource } from './protocol.js';

/** A run under way. The commands are harmless once it has ended. */
export interface LabRun {
  /** Rejects with an AdaptiveError: 'aborted' once it was stopped, 'invalid-option', 'diverged', 'worker', … */
  readonly result: Promise<Report<AnyFrame>>;
  pause(): void;
  resume(): void;
  /** As far as the next frame. */
  step(): void;
  /** Within one step of training. */
  stop(): void;
  /** From now on, as in `Watch`. */
  speed(stepsPerFrame: number | null): void;
  /** The frame that came last was drawn, or kept: the next may come. */
  taken(): void;
}

/** How long a port stays open after the answer, in ms: what was sent before it may still be on its way. */
const portLinger = 1000;

const script: WorkerScript = {
  file: 'lab-worker.js',
  start: () => new Worker(new URL('./lab-worker.js', import.meta.url), { type: 'module' }),
  remedy: 'Start the experiment again',
};

/** Where the site's own copy of MNIST would lie: `data/mnist/` beside the page. */
export function siteMnist(): LabRequest['mnist'] {
  return { kind: 'site', url: new URL('data/mnist/', pageAddress()).href };
}

export class LabClient {
  #connection: Connection<LabApi> | null = null;
  #destroyed = false;

  /** Where lab-worker.js lies, if not in `worker/` beside this script. Another origin is allowed. */
  constructor(readonly workerUrl: string | URL | null = null) {}

  /** `onFrame` gets a frame or two, and another one only after `taken`. */
  run(request: LabRequest, onFrame: (frame: AnyFrame) => void): LabRun {
    const { port1: ours, port2: theirs } = new MessageChannel();
    let open = true;
    ours.onmessage = ({ data }: MessageEvent<AnyFrame>) => {
      if (open) onFrame(data);
    };
    const send = (command: LabCommand): void => ours.postMessage(command);
    const result = this.#call(request, theirs).finally(() => {
      open = false;
      setTimeout(() => ours.close(), portLinger);
    });
    return {
      result,
      pause: () => send({ type: 'pause' }),
      resume: () => send({ type: 'resume' }),
      step: () => send({ type: 'step' }),
      stop: () => send({ type: 'stop' }),
      speed: (stepsPerFrame) => send({ type: 'speed', stepsPerFrame }),
      taken: () => send({ type: 'taken' }),
    };
  }

  /** Ends the worker; what is under way rejects with `destroyed`. Twice is harmless. */
  destroy(): void {
    this.#destroyed = true;
    this.#connection?.end(destroyed());
    this.#connection = null;
  }

  async #call(request: LabRequest, port: MessagePort): Promise<Report<AnyFrame>> {
    if (this.#destroyed) throw destroyed();
    if (!this.#connection || this.#connection.ended) {
      this.#connection = new Connection<LabApi>(startWorker(script, this.workerUrl));
    }
    return this.#connection.call((api) => api.run(request, transfer(port, [port])));
  }
}

function destroyed(): AdaptiveError {
  return new AdaptiveError('destroyed', 'The laboratory was closed. Make a new LabClient.');
}

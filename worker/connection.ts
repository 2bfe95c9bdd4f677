/** One live worker: how it is started, how it is called, and how it dies without leaving a caller waiting. */
import { releaseProxy, wrap, type Endpoint, type Remote } from 'comlink';
import { AdaptiveError } from '../core/errors.js';
import type { Reply } from '../core/protocol.js';
import { startAnywhere } from './start-anywhere.js';

/** One of our workers, as a page may start it. */
export interface WorkerScript {
  /** 'worker.js' */
  readonly file: string;
  /** Starts it from where it lies unless an address is given. */
  start(): Worker;
  /** What to do once it died: 'Load the model again'. */
  readonly remedy: string;
}

/** A worker that runs, or will in a moment. */
export interface WorkerHandle {
  readonly endpoint: Endpoint;
  /** Has `died` called with the reason if the worker ends by itself, or says what cannot be read. */
  watch(died: (reason: AdaptiveError) => void): void;
  end(): void;
}

type Reject = (reason: AdaptiveError) => void;

/**
 * Comlink settles a call only when the worker answers, so a call to a dead worker would wait for ever. Each call is
 * therefore kept in a list, and the worker's death rejects the whole list.
 */
export class Connection<Api> {
  readonly #worker: WorkerHandle;
  readonly #api: Remote<Api>;
  readonly #release: () => void;
  readonly #pending = new Set<Reject>();
  #cause: AdaptiveError | null = null;
  #told = false;

  constructor(worker: WorkerHandle) {
    this.#worker = worker;
    worker.watch((reason) => this.end(reason));
    const api = wrap<Api>(worker.endpoint);
    this.#api = api;
    this.#release = () => api[releaseProxy]();
  }

  get ended(): boolean {
    return this.#cause !== null;
  }

  /** Why the worker ended, once, if nobody waited for it then: its model went with it, and somebody has to know. */
  takeUntold(): AdaptiveError | null {
    if (this.#told) return null;
    this.#told = this.ended;
    return this.#cause;
  }

  /** Asks the worker and opens its Reply. Rejects with an AdaptiveError, at the latest when the worker ends. */
  call<T>(ask: (api: Remote<Api>) => Promise<Reply<T>>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#cause) {
        reject(this.#cause);
        return;
      }
      this.#pending.add(reject);
      const answered = (reply: Reply<T>): void => {
        const error = reply.ok ? null : AdaptiveError.deserialize(reply.error);
        // A worker that says it cannot work (its wasm would not load) is of no use to the next call either.
        if (error?.code === 'worker') this.end(error);
        this.#pending.delete(reject);
        if (error) reject(error);
        else if (reply.ok) resolve(reply.value);
      };
      const failed = (thrown: unknown): void => {
        this.#pending.delete(reject);
        reject(AdaptiveError.from(thrown));
      };
      ask(this.#api).then(answered, failed);
    });
  }

  /** Says something that nobody waits for an answer to. What is asked afterwards comes afterwards. */
  tell(say: (api: Remote<Api>) => Promise<unknown>): void {
    say(this.#api).catch(() => {});
  }

  /** Terminates the worker; all that wait are told `cause`. Twice is harmless. */
  end(cause: AdaptiveError): void {
    if (this.#cause) return;
    this.#cause = cause;
    this.#release();
    this.#worker.end();
    this.#told = this.#pending.size > 0;
    for (const reject of this.#pending) reject(cause);
    this.#pending.clear();
  }
}

/** What relative addresses are relative to; nothing where there is no page. */
export function pageAddress(): string | undefined {
  if (typeof document !== 'undefined') return document.baseURI;
  return typeof location === 'undefined' ? undefined : location.href;
}

/** @throws {AdaptiveError} `worker` if the platform refuses to start one, 'unsupported' if it has none. */
export function startWorker(script: WorkerScript, workerUrl: string | URL | null): WorkerHandle {
  const worker = makeWorker(script, workerUrl);
  return {
    endpoint: worker,
    watch: (died) => watchEvents(worker, script, died),
    end: () => worker.terminate(),
  };
}

/** Of a worker of a page, or a port to one. */
export function watchEvents(
  worker: Pick<EventTarget, 'addEventListener'>,
  script: Pick<WorkerScript, 'file' | 'remedy'>,
  died: (reason: AdaptiveError) => void,
): void {
  worker.addEventListener('error', (event) => {
    event.preventDefault(); // every caller is told; the page's own error handler need not be
    died(deathBy(event, script));
  });
  worker.addEventListener('messageerror', () =>
    died(new AdaptiveError('worker', `The worker sent an answer that cannot be read. ${script.remedy}.`)),
  );
}

function makeWorker(script: WorkerScript, workerUrl: string | URL | null): Worker {
  if (typeof Worker === 'undefined') {
    throw new AdaptiveError(
      'unsupported',
      'There are no Web Workers here. Use the model in a browser page, or hand in a worker.',
    );
  }
  try {
    return startAnywhere(() =>
      workerUrl === null ? script.start() : new Worker(new URL(workerUrl, pageAddress()), { type: 'module' }),
    );
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AdaptiveError(
      'worker',
      `The worker could not be started: ${reason} Serve ${script.file} from this site and give its address as worker-url.`,
      {},
      { cause: thrown },
    );
  }
}

function deathBy(event: Event, { file, remedy }: Pick<WorkerScript, 'file' | 'remedy'>): AdaptiveError {
  const message = event instanceof ErrorEvent ? event.message : '';
  if (message === '') {
    return new AdaptiveError(
      'worker',
      `The worker could not be started. Check that the folder with ${file} is served beside the script ` +
        "(or give worker-url), and that the page's content security policy allows it.",
    );
  }
  return new AdaptiveError('worker', `The worker stopped: ${message} ${remedy} to go on.`);
}

/** What an AdaptiveLM and its clones share: the worker with the model in it, and the turns to use it. */
import type { Remote } from 'comlink';
import { AdaptiveError } from '../core/errors.js';
import type { GenerationCommand, ModelInfo, Reply, WorkerApi } from '../core/protocol.js';
import type { ModelClient } from '../worker/client.js';
import { AdaptiveException, asException } from './exceptions.js';
import { abortable, type Signals } from './signals.js';

/** A text of the model, as far as the page knows it. */
export interface SessionRecord {
  readonly id: number;
  /** Tokens read and written. */
  usage: number;
}

/** A run that goes on: it may take hours, so that what is asked for meanwhile is refused. */
export interface TrainingMark {
  /** False once it was asked to end, which it will do soon. */
  going: boolean;
}

export class SharedModel {
  info: ModelInfo | null = null;
  #training: TrainingMark | null = null;
  readonly #sessions = new Set<SessionRecord>();
  #lastId = 0;
  #turns: Promise<void> = Promise.resolve();
  /** The worker died, and the model with it. */
  #dead = false;

  constructor(
    readonly client: ModelClient,
    /** The worker is somebody else's: it stays, and has to let the model go. */
    readonly borrowed: boolean,
  ) {}

  /**
   * Does `work` once all that was asked for before is done. Rejects with an AdaptiveException, or, as soon as a signal
   * aborts, with its reason; the next turn comes when the work has really ended.
   */
  turn<T>(signals: Signals, work: (signal: AbortSignal) => Promise<T>, training?: TrainingMark): Promise<T> {
    return this.#alive(signals, async (signal) => {
      if (this.#training?.going) {
        throw new AdaptiveError('busy', 'The model is training. Stop that first, or wait for its end.');
      }
      if (training) this.#training = training;
      const before = this.#turns;
      let next = (): void => {};
      this.#turns = new Promise((resolve) => (next = resolve));
      try {
        await before;
        signal.throwIfAborted();
        return await work(signal);
      } finally {
        if (training) training.going = false;
        next();
      }
    });
  }

  /** Asks the worker for what may be asked at any time. */
  ask<T>(signals: Signals, what: (api: Remote<WorkerApi>) => Promise<Reply<T>>): Promise<T> {
    return this.#alive(signals, () => this.client.call(what));
  }

  /**
   * Asks the worker for what gives way there to whatever else is asked, and so takes no turn: it begins once nothing goes on,
   * and does not keep the next turn waiting.
   */
  async besides<T>(
    signals: Signals,
    ask: (api: Remote<WorkerApi>, port: MessagePort) => Promise<Reply<T>>,
  ): Promise<T> {
    for (;;) {
      await this.turn(signals, async () => {});
      try {
        return await this.#alive(signals, (signal) => this.stoppable(signal, ask));
      } catch (thrown) {
        const overtaken = thrown instanceof AdaptiveException && thrown.cause.code === 'busy';
        if (!overtaken) throw thrown;
      }
    }
  }

  /** Asks the worker, within a turn, for what a signal can stop. */
  stoppable<T>(signal: AbortSignal, ask: (api: Remote<WorkerApi>, port: MessagePort) => Promise<Reply<T>>): Promise<T> {
    return this.client.stream<never, GenerationCommand, T>({ ask, signal }).result;
  }

  open(): SessionRecord {
    const session = { id: ++this.#lastId, usage: 0 };
    this.#sessions.add(session);
    return session;
  }

  /** Frees a session, once what it has under way has ended; with the last one, everything. */
  close(session: SessionRecord): void {
    if (!this.#sessions.delete(session)) return;
    if (this.#sessions.size === 0) this.end();
    else this.#afterwards(() => this.client.call((api) => api.closeSession(session.id)));
  }

  /** Ends the worker, or has it let the model go. */
  end(): void {
    if (!this.borrowed) this.client.destroy();
    else this.#afterwards(() => this.client.call((api) => api.unloadModel()).finally(() => this.client.destroy()));
  }

  /** Within a turn: finds out what a session has come to. */
  async measure(session: SessionRecord): Promise<void> {
    session.usage = await this.client.call((api) => api.contextUsage(session.id));
  }

  /** Within a turn: what began when a session had `usage` tokens has failed, and is as if it had not begun. */
  async takeBack(session: SessionRecord, usage: number, failure: unknown): Promise<void> {
    session.usage = usage;
    if (isDeath(failure)) return; // asking would start another worker
    await this.client.call((api) => api.undo(session.id, usage)).catch(() => {});
  }

  /** Within a turn: there is another model now, or the same one has learned. */
  async replaced(info: ModelInfo): Promise<void> {
    this.info = info;
    for (const session of this.#sessions) await this.measure(session);
  }

  /** A worker that is gone has nothing left to free. */
  #afterwards(work: () => Promise<unknown>): void {
    this.#turns = this.#turns.then(async () => {
      await work().catch(() => {});
    });
  }

  async #alive<T>(signals: Signals, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stopped = (): boolean => signals.some((signal) => signal?.aborted);
    try {
      if (this.#dead) {
        throw new AdaptiveError('destroyed', 'The worker ended, and the model with it. Create another AdaptiveLM.');
      }
      return await abortable(signals, work);
    } catch (thrown) {
      if (stopped()) throw thrown;
      this.#dead ||= isDeath(thrown);
      throw asException(thrown);
    }
  }
}

function isDeath(thrown: unknown): boolean {
  return thrown instanceof AdaptiveError && thrown.code === 'worker';
}

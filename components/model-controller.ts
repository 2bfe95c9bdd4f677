/**
 * The state machine behind `<adaptive-lm>`: one model, at most one operation at a time, and what there is to show of it.
 * The state is never set: it follows from the operation under way, the last error and the model.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { BackendChange, BackendChoice } from '../core/backend.js';
import { AdaptiveError } from '../core/errors.js';
import type { ExportFormat } from '../core/file-formats.js';
import type { Precision } from '../core/precision.js';
import type { ModelInfo } from '../core/protocol.js';
import type { StoredModel } from '../core/stored.js';
import { ModelClient } from '../worker/client.js';
import { reflectState } from './custom-state.js';
import { Departure } from './departure.js';
import {
  AdaptiveBackendEvent,
  AdaptiveDownloadEvent,
  AdaptiveErrorEvent,
  AdaptiveModelEvent,
  AdaptiveStateEvent,
  type ModelState,
} from './events.js';
import { modelStrings } from './strings/model.js';
import { WordedError, type Words } from './strings/words.js';

export type Operation = Exclude<ModelState, 'empty' | 'ready' | 'error'>;

export interface ModelHost extends ReactiveControllerHost, HTMLElement {
  readonly src: string | null;
  readonly keep: string | null;
  readonly keepEvery: number;
  readonly keepAwake: boolean;
  readonly workerUrl: string | null;
  readonly backend: BackendChoice;
  /** Whether `src` and `keep` are seen to now. */
  readonly follows: boolean;
  readonly words: Words;
}

export class ModelController implements ReactiveController {
  model: ModelInfo | null = null;
  error: AdaptiveError | null = null;
  /** Something worth knowing that is no error, or ''. */
  notice = '';
  /** What is kept, while its run is interrupted and nobody has said what is to become of it. */
  interrupted: StoredModel | null = null;
  /** 0 … 1 of the model file, or null while that is not known. */
  downloaded: number | null = null;

  #operation: Operation | null = null;
  #state: ModelState = 'empty';
  #client: ModelClient | null = null;
  readonly #departure = new Departure(() => this.#abandon());
  #loading: { readonly done: Promise<unknown>; readonly abort: AbortController } | null = null;
  /** A saving or a reset under way. */
  #brief: Promise<unknown> | null = null;
  /** The `src` that was seen to last. */
  #followed: string | null = null;
  /** What to say once the element is back. */
  #homecoming: 'nothing' | 'model-lost' = 'nothing';

  constructor(
    readonly host: ModelHost,
    readonly internals: ElementInternals,
  ) {
    host.addController(this);
    host.addController(this.#departure);
    reflectState(internals, 'empty', 'empty');
  }

  get strings() {
    return this.host.words.of('model', modelStrings);
  }

  get state(): ModelState {
    return this.#state;
  }

  get busy(): boolean {
    return this.#operation !== null;
  }

  /** The worker's page side; made at first use and again after the element was away. @throws AdaptiveError 'destroyed' */
  get client(): ModelClient {
    this.#departure.assertHere();
    const { workerUrl, backend } = this.host;
    this.#client ??= new ModelClient({ workerUrl, backend });
    if (this.#client.backend !== backend) this.#client.backend = backend;
    return this.#client;
  }

  hostConnected(): void {
    this.host.requestUpdate();
  }

  /** What the element shows by itself: the model that is kept, else that of `src`. */
  get #source(): string | null {
    const { src, keep } = this.host;
    return keep === null ? src : JSON.stringify([keep, src]);
  }

  /** `src` and `keep` are seen to here, once the element is in a page: first, when it changes, and after it was away. */
  hostUpdate(): void {
    if (!this.host.isConnected || !this.host.follows) return;
    const source = this.#source;
    const lost = this.#homecoming === 'model-lost';
    this.#homecoming = 'nothing';
    if (source === this.#followed) {
      if (lost) this.say(this.strings.lost);
      return;
    }
    this.#followed = source;
    if (source === null) return;
    void this.#follow(source).then(() => {
      if (lost && this.model) this.say(this.strings.reloaded);
    });
  }

  /** Ends the worker. What is under way rejects with `destroyed`. */
  #abandon(): void {
    if (this.model || this.busy) this.#homecoming = 'model-lost';
    this.#followed = null;
    this.restart();
    this.refresh();
  }

  /** Drops the worker, and the model with it; the next operation starts another. */
  restart(): void {
    this.#client?.destroy();
    this.#client = null;
    this.model = null;
  }

  /** Loads what is kept, else what `src` names. Never throws: what goes wrong is shown. */
  async #follow(source: string): Promise<void> {
    this.#loading?.abort.abort();
    await this.loaded(async () => {
      if (source !== this.#followed) return; // it changed once more while this waited
      const { src, keep } = this.host;
      if (this.busy) this.report(new WordedError('busy', this.strings.srcWhileBusy(src ?? keep ?? '')));
      else await this.#loadSource().catch(() => {});
    });
  }

  async #loadSource(): Promise<void> {
    const { src, keep } = this.host;
    if (keep !== null && (await this.#openKept(keep))) return;
    if (src !== null) await this.load(src);
  }

  /** Whether there was something. */
  async #openKept(name: string): Promise<boolean> {
    const done = this.exclusive('loading', async () => {
      const opened = await this.client.openKept(name);
      if (!opened) return false;
      this.interrupted = opened.stored.run ? opened.stored : null;
      if (opened.older) this.notice = this.strings.olderKept;
      this.setModel(opened.model);
      return true;
    });
    this.#loading = { done, abort: new AbortController() };
    return done;
  }

  load(source: string | URL | Blob | ArrayBuffer, tokenizer?: Blob): Promise<ModelInfo> {
    const abort = new AbortController();
    const { signal } = abort;
    const idle = !this.busy;
    const done = this.exclusive('loading', async () => {
      const { client } = this;
      const model = await (source instanceof Blob || source instanceof ArrayBuffer
        ? client.loadFile(source, tokenizer)
        : client.load(source, { signal, onDownload: (event) => this.#downloading(event) }));
      this.interrupted = null; // it was of another model
      this.setModel(model);
      return model;
    });
    if (idle) this.#loading = { done, abort };
    return done;
  }

  /** The model as a file. */
  save(format?: ExportFormat, precision?: Precision): Promise<Blob> {
    return this.#briefly(
      async () => new Blob([await this.client.export(format, precision)], { type: 'application/octet-stream' }),
    );
  }

  /** `clear` forgets the text that the state belongs to, before anything else can begin. */
  reset(clear: () => void): Promise<void> {
    return this.#briefly(async () => {
      if (this.model) await this.client.resetState();
      clear();
    });
  }

  /** Work too short for a state of its own: what comes after it waits for it. */
  async #briefly<T>(work: () => Promise<T>): Promise<T> {
    return this.loaded(async () => {
      this.assertIdle();
      const before = this.#brief;
      const done = before ? before.then(work, work) : work();
      this.#brief = done;
      try {
        return await done;
      } catch (thrown) {
        const error = AdaptiveError.from(thrown);
        this.report(error);
        throw error;
      } finally {
        if (this.#brief === done) this.#brief = null;
      }
    });
  }

  /**
   * Calls `begin` once no load is under way, whatever became of it. Without one that is at once: what is asked for first
   * begins first, and can be stopped from then on.
   */
  async loaded<T>(begin: () => Promise<T>): Promise<T> {
    while (this.#loading) await this.#loading.done.catch(() => {});
    return begin();
  }

  /** The same; and if there is still no model but a `src`, that is loaded first. */
  settled<T>(begin: () => Promise<T>): Promise<T> {
    return this.loaded(async () => {
      if (!this.model && !this.busy && this.#source !== null) {
        this.#followed = this.#source;
        await this.#loadSource();
      }
      return begin();
    });
  }

  /** Runs `work` alone. Rejects with `busy`, disturbing nothing, while another operation is under way. */
  async exclusive<T>(operation: Operation, work: () => Promise<T>): Promise<T> {
    this.assertIdle();
    this.error = null;
    this.notice = '';
    this.downloaded = null;
    this.#operation = operation;
    this.refresh();
    let failure: AdaptiveError | null = null;
    try {
      if (this.#brief) await this.#brief.catch(() => {});
      return await work();
    } catch (thrown) {
      failure = AdaptiveError.from(thrown);
      throw failure;
    } finally {
      this.#operation = null;
      this.#loading = null;
      if (failure) this.report(failure);
      else this.refresh();
    }
  }

  assertIdle(): void {
    if (this.#operation) throw new WordedError('busy', this.strings.busyWith[this.#operation]);
  }

  setPaused(paused: boolean): void {
    if (this.#operation !== 'training' && this.#operation !== 'paused') return;
    this.#operation = paused ? 'paused' : 'training';
    this.refresh();
  }

  setModel(model: ModelInfo): void {
    this.model = model;
    this.host.dispatchEvent(new AdaptiveModelEvent(model));
    this.refresh();
  }

  /** Tells the page that what is under way goes on elsewhere. */
  tellBackend(change: BackendChange): void {
    this.host.requestUpdate();
    this.host.dispatchEvent(new AdaptiveBackendEvent(change));
  }

  /** Shows an error, unless it is only that somebody wanted to stop or that the element is gone. */
  report(error: AdaptiveError): void {
    if (error.code === 'worker') this.restart();
    if (error.code !== 'aborted' && error.code !== 'destroyed') {
      this.error = error;
      this.refresh();
      this.host.dispatchEvent(new AdaptiveErrorEvent(error));
    } else {
      this.refresh();
    }
  }

  say(notice: string): void {
    this.notice = notice;
    this.host.requestUpdate();
  }

  dismiss(): void {
    this.error = null;
    this.notice = '';
    this.interrupted = null;
    this.refresh();
  }

  /** Draws again, and tells the page if the state is another one now. */
  refresh(): void {
    const previous = this.#state;
    this.#state = this.#operation ?? (this.error ? 'error' : this.model ? 'ready' : 'empty');
    this.host.requestUpdate();
    if (this.#state === previous) return;
    reflectState(this.internals, this.#state, previous);
    this.host.dispatchEvent(new AdaptiveStateEvent(this.#state, previous));
  }

  #downloading({ loaded, total }: { loaded: number; total: number | null }): void {
    this.downloaded = total ? loaded / total : null;
    this.host.requestUpdate();
    this.host.dispatchEvent(new AdaptiveDownloadEvent(loaded, total));
  }
}

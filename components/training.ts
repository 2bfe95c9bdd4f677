/** Training, as the element sees it: a run's progress, curve and samples. */
import type { BackendReason } from '../core/backend.js';
import { AdaptiveError } from '../core/errors.js';
import type { Backend } from '../core/executor.js';
import type { CorpusReport, ReadingProgress } from '../core/corpus.js';
import type { TrainingEvent, TrainingProgress, TrainingResult } from '../core/protocol.js';
import type { KeepOptions } from '../core/stored.js';
import type { TokenizerKind } from '../core/tokenizer.js';
import { trainingRequest, type CorpusInput, type TrainOptions } from '../core/training-request.js';
import type { ModelClient, TrainingHooks, TrainingRun } from '../worker/client.js';
import { noteSpeed } from './estimate.js';
import { AdaptiveProgressEvent, AdaptiveSampleEvent, AdaptiveSavedEvent } from './events.js';
import { formatWhole } from './format.js';
import { FrameBatch } from './frames.js';
import { LossHistory } from '../core/loss-history.js';
import type { ModelController } from './model-controller.js';
import { Stoppable } from './stoppable.js';
import { strings } from './strings.js';

export type RunPhase = 'preparing' | 'learning' | 'paused' | 'finished' | 'stopped' | 'diverged' | 'failed';

/** What a run stands on, and why. */
export interface RunPlace {
  readonly backend: Backend;
  readonly reason: BackendReason;
  readonly threads: number;
}

/** What there is to show of a run, under way or over. */
export interface RunView {
  readonly phase: RunPhase;
  /** While the text is read; null otherwise. */
  readonly reading: ReadingProgress | null;
  readonly progress: TrainingProgress | null;
  readonly history: LossHistory;
  readonly sample: string | null;
  readonly place: RunPlace | null;
}

type Start = (client: ModelClient, hooks: TrainingHooks) => TrainingRun;

/**
 * Sees to it that a run that is kept lasts: the page may not come back from being hidden, so it is saved then; and the
 * browser is asked to keep what is stored when room runs short, which it may ask the reader about.
 */
function attend(run: TrainingRun): void {
  const save = (event: Event): void => {
    if (event.type === 'pagehide' || document.visibilityState === 'hidden') run.save();
  };
  addEventListener('pagehide', save);
  document.addEventListener('visibilitychange', save);
  const end = (): void => {
    removeEventListener('pagehide', save);
    document.removeEventListener('visibilitychange', save);
  };
  run.result.then(end, end);
  if ('storage' in navigator) navigator.storage.persist().catch(() => {}); // without it, it is kept as well as may be
}

export class Training {
  view: RunView | null = null;
  /** Of memory, that are held while it trains; null otherwise. */
  bytes: number | null = null;

  readonly #controller: ModelController;
  readonly #batch: FrameBatch;
  #run: TrainingRun | null = null;
  readonly #stoppable = new Stoppable();

  constructor(controller: ModelController) {
    this.#controller = controller;
    this.#batch = new FrameBatch(() => controller.host.requestUpdate());
  }

  /**
   * Trains on a corpus. Resolves when the run has ended, however; its best weights are the model then. Rejects
   * with an AdaptiveError when it could not begin or broke off.
   */
  async train(corpus: CorpusInput, { signal, ...options }: TrainOptions = {}): Promise<TrainingResult> {
    const controller = this.#controller;
    const result = await this.#stoppable.run(signal, (stop) => {
      const keep = this.#keep;
      const request = () => ({
        ...trainingRequest(corpus, options),
        ...(keep ? { keep } : {}),
      });
      const begin = () => this.#begin((client, hooks) => client.train(request(), hooks), stop, knowsAlready(options));
      return options.continue ? controller.settled(begin) : controller.loaded(begin);
    });
    return this.#report(result);
  }

  /** Goes on with the interrupted run that is kept. As `train` otherwise. */
  async goOn(): Promise<TrainingResult> {
    const controller = this.#controller;
    const result = await this.#stoppable.run(undefined, (stop) =>
      controller.loaded(() => {
        const keep = this.#keep ?? { name: '' };
        return this.#begin((client, hooks) => client.resume(keep, hooks), stop, true);
      }),
    );
    return this.#report(result);
  }

  get #keep(): KeepOptions | null {
    const { keep, keepEvery } = this.#controller.host;
    return keep === null ? null : { name: keep, interval: keepEvery };
  }

  #begin(start: Start, stop: AbortSignal, known: boolean): Promise<TrainingResult> {
    const controller = this.#controller;
    return controller.exclusive('training', () => {
      controller.interrupted = null;
      return this.#train(start, stop, known);
    });
  }

  #report(result: TrainingResult): TrainingResult {
    const controller = this.#controller;
    const { reason, message } = result;
    if (message) controller.report(new AdaptiveError(reason === 'diverged' ? reason : 'disk', message));
    return result;
  }

  async #train(start: Start, signal: AbortSignal, known: boolean): Promise<TrainingResult> {
    const controller = this.#controller;
    const history = new LossHistory(0);
    this.view = { phase: 'preparing', reading: null, progress: null, history, sample: null, place: null };
    try {
      const run = start(controller.client, {
        signal,
        onEvent: (event) => {
          if (this.#run === run) this.#follow(event, known);
        },
      });
      this.#run = run;
      if (controller.host.keep !== null) attend(run);
      if (controller.host.keepAwake) void import('./wake-lock.js').then((it) => it.stayAwake(run.result));
      const result = await run.result;
      if (result.progress) this.#advance(result.progress);
      const { model, progress } = result;
      // Without a step there is no other model than before.
      if (model && progress) {
        noteSpeed(model.parameters, progress.tokensPerSecond);
        controller.setModel(model);
      }
      this.#show({ phase: result.reason });
      return result;
    } catch (thrown) {
      this.#show({ phase: 'failed' });
      throw thrown;
    } finally {
      this.#run = null;
      this.bytes = null;
      this.#batch.finish();
    }
  }

  pause(): void {
    this.#run?.pause();
  }

  resume(): void {
    this.#run?.resume();
  }

  /** Ends the run under way; what waits for a load does not begin. */
  stop(): void {
    this.#stoppable.stop();
  }

  #follow(event: TrainingEvent, known: boolean): void {
    const controller = this.#controller;
    switch (event.type) {
      case 'reading':
        this.#show({ reading: event });
        break;
      case 'started':
        this.bytes = event.model.bytes;
        this.#show({
          phase: 'learning',
          reading: null,
          history: new LossHistory(event.totalSteps, { curve: event.past?.curve ?? null }),
          sample: event.past?.sample ?? null,
          place: event,
        });
        if (event.storage === 'memory') controller.say(strings.notKept);
        this.#tellOf(event.corpus);
        if (event.unknownCharacters > 0) {
          const say = sayUnknown(event.model.tokenizer, known);
          controller.say(say(formatWhole(event.unknownCharacters)));
        }
        break;
      case 'progress':
        this.#advance(event.progress);
        controller.host.dispatchEvent(new AdaptiveProgressEvent(event.progress));
        break;
      case 'validation':
        this.view?.history.addValidation(event.step, event.loss);
        break;
      case 'sample':
        this.#show({ sample: event.text });
        controller.host.dispatchEvent(new AdaptiveSampleEvent(event.text, event.step));
        break;
      case 'backend':
        this.#show({ place: { backend: event.to, reason: event.reason, threads: event.threads } });
        controller.tellBackend(event);
        break;
      case 'saved':
        controller.host.dispatchEvent(new AdaptiveSavedEvent(event.step, event.bytes));
        break;
      case 'unsaved':
        controller.say(event.error.message);
        break;
      case 'paused':
        this.#show({ phase: 'paused' });
        controller.setPaused(true);
        break;
      case 'resumed':
        this.#show({ phase: 'learning' });
        controller.setPaused(false);
        break;
    }
    this.#batch.schedule();
  }

  /** What of the corpus is not as the reader may think. */
  #tellOf({ skipped: [first], skippedCount, warning }: CorpusReport): void {
    const leftOut = first ? strings.leftOut(formatWhole(skippedCount), `${first.name} (${first.reason})`) : '';
    const notice = `${leftOut} ${warning}`.trim();
    if (notice !== '') this.#controller.say(notice);
  }

  #advance(progress: TrainingProgress): void {
    this.view?.history.addTraining(progress.step, progress.smoothLoss);
    this.#show({ progress });
  }

  #show(change: Partial<RunView>): void {
    if (this.view) this.view = { ...this.view, ...change };
  }
}

/** Whether the tokenizer is there before the text is. */
function knowsAlready({ continue: goesOn, tokenizer }: TrainOptions): boolean {
  return goesOn === true || (typeof tokenizer === 'object' && tokenizer.kind === 'given');
}

/** What is unknown to a tokenizer that was learned from the text, or knows every text, is only what is no UTF-8. */
function sayUnknown(kind: TokenizerKind, known: boolean): (count: string) => string {
  if (kind === 'words') return strings.unknownWordsInCorpus;
  return kind === 'characters' && known ? strings.unknownInCorpus : strings.brokenInCorpus;
}

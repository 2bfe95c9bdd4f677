/** Training, as the element sees it: a run's progress, curve and samples. */
import type { CorpusReport } from '../core/corpus.js';
import { AdaptiveError } from '../core/errors.js';
import type { TrainingEvent, TrainingResult } from '../core/protocol.js';
import type { KeepOptions } from '../core/stored.js';
import type { TokenizerKind } from '../core/tokenizer.js';
import { trainingRequest, type CorpusInput, type TrainOptions } from '../core/training-request.js';
import type { ModelClient, TrainingHooks, TrainingRun } from '../worker/client.js';
import { formatWhole } from './format.js';
import { FrameBatch } from './frames.js';
import { noteSpeed } from './measured-speed.js';
import type { ModelController } from './model-controller.js';
import { RunFollower, type RunView } from './run-view.js';
import { Stoppable } from './stoppable.js';
import type { modelStrings } from './strings/model.js';

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
  /** Of memory, that are held while it trains; null otherwise. */
  bytes: number | null = null;

  readonly #controller: ModelController;
  readonly #batch: FrameBatch;
  #run: TrainingRun | null = null;
  #follower: RunFollower | null = null;
  readonly #stoppable = new Stoppable();

  constructor(controller: ModelController) {
    this.#controller = controller;
    this.#batch = new FrameBatch(() => controller.host.requestUpdate());
  }

  /** The run under way, or the last one. */
  get view(): RunView | null {
    return this.#follower?.view ?? null;
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
    const follower = new RunFollower(controller.host);
    this.#follower = follower;
    try {
      const run = start(controller.client, {
        signal,
        onEvent: (event) => {
          follower.follow(event);
          if (this.#run === run) this.#heed(event, known);
          this.#batch.schedule();
        },
      });
      this.#run = run;
      if (controller.host.keep !== null) attend(run);
      if (controller.host.keepAwake) void import('./wake-lock.js').then((it) => it.stayAwake(run.result));
      const result = await run.result;
      const { model, progress } = result;
      // Without a step there is no other model than before.
      if (model && progress) {
        noteSpeed(model.parameters, progress.tokensPerSecond);
        controller.setModel(model);
      }
      follower.end(result);
      return result;
    } catch (thrown) {
      follower.end(null);
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

  /** What concerns the element as a whole. */
  #heed(event: TrainingEvent, known: boolean): void {
    const controller = this.#controller;
    const { strings } = controller;
    switch (event.type) {
      case 'started':
        this.bytes = event.model.bytes;
        if (event.storage === 'memory') controller.say(strings.notKept);
        this.#tellOf(event.corpus);
        if (event.unknownCharacters > 0) {
          const say = sayUnknown(strings, event.model.tokenizer, known);
          controller.say(say(formatWhole(event.unknownCharacters)));
        }
        break;
      case 'unsaved':
        controller.say(strings.describe(AdaptiveError.deserialize(event.error)));
        break;
      case 'paused':
      case 'resumed':
        controller.setPaused(event.type === 'paused');
        break;
    }
  }

  /** What of the corpus is not as the reader may think. */
  #tellOf({ skipped: [first], skippedCount, repeats, warning }: CorpusReport): void {
    const { strings } = this.#controller;
    const leftOut = first
      ? strings.leftOut(formatWhole(skippedCount), strings.leftOutBecause(first.name, first.reason))
      : '';
    const repeated = repeats > 0 ? strings.repeatsLeftOut(formatWhole(repeats)) : '';
    const notice = [leftOut, repeated, warning && strings.inMemory(warning)].filter((each) => each !== '').join(' ');
    if (notice !== '') this.#controller.say(notice);
  }
}

/** Whether the tokenizer is there before the text is. */
function knowsAlready({ continue: goesOn, tokenizer }: TrainOptions): boolean {
  return goesOn === true || (typeof tokenizer === 'object' && tokenizer.kind === 'given');
}

/** What is unknown to a tokenizer that was learned from the text, or knows every text, is only what is no UTF-8. */
function sayUnknown(strings: typeof modelStrings, kind: TokenizerKind, known: boolean): (count: string) => string {
  if (kind === 'words') return strings.unknownWordsInCorpus;
  return kind === 'characters' && known ? strings.unknownInCorpus : strings.brokenInCorpus;
}

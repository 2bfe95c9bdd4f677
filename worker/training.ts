/** Training as a whole: what a run reads, what it goes on from, where it is kept, and what becomes of the model after it. */
import { AdaptiveError } from '../core/errors.js';
import type { TrainingEvent, TrainingRequest, TrainingResult } from '../core/protocol.js';
import type { RunText } from '../core/run-record.js';
import type { KeepOptions } from '../core/stored.js';
import type { CorpusStore } from './corpus/read-corpus.js';
import type { CurrentModel } from './current-model.js';
import type { Engine } from './engine.js';
import { keptModel, Keeping, runText } from './keeping.js';
import { newModel } from './new-model.js';
import { readingCode } from './reading-code.js';
import type { Sessions } from './sessions.js';
import type { CheckpointRun } from './storage/checkpoint.js';
import type { ModelStore } from './storage/model-store.js';
import type { TrainingControl } from './training-control.js';
import type { TrainingData } from './training-data.js';
import { TrainingSession } from './training-session.js';

export interface TrainingHooks {
  readonly onEvent: (event: TrainingEvent) => void;
  readonly control: TrainingControl;
}

/** A run, and what it goes on from. */
interface Lesson extends TrainingHooks {
  readonly samplePrompt: string;
  readonly engine: Engine;
  /** The current model, if it is the one that learns. */
  readonly continued: Sessions | null;
  /** Whether the model had been trained before the run. */
  readonly hadLearned: boolean;
  readonly keeping: Keeping | null;
  readonly text: RunText;
  readonly interrupted: CheckpointRun | null;
}

export class Training {
  constructor(
    readonly model: CurrentModel,
    readonly store: () => Promise<ModelStore>,
    readonly corpora: CorpusStore | undefined,
  ) {}

  /**
   * Trains. Afterwards the trained model is the current one: unless not even one step was done, or there was a model
   * before and the run came apart before it had anything better than the noise that it began with. A model that went on
   * learning goes on writing where it was.
   */
  async begin(request: TrainingRequest, hooks: TrainingHooks): Promise<TrainingResult> {
    const { model } = this;
    model.checkBackend();
    const continued = request.start.kind === 'continue' ? model.current() : null;
    return this.#keeping(request.keep, async (asked) => {
      const data = await this.#read(request, continued, hooks);
      if (!data) return { reason: 'stopped', message: '', progress: null, model: model.info };
      return this.#on(data, async () => ({
        ...hooks,
        engine: continued?.engine ?? (await model.place(newModel(request, data.tokenizer))),
        samplePrompt: request.samplePrompt,
        continued,
        hadLearned: continued !== null,
        keeping: (await asked?.keepText(data, hooks.onEvent)) ? asked : null,
        text: runText(data, request.corpus),
        interrupted: null,
      }));
    });
  }

  /**
   * Makes the model that is kept under a name the current one, and goes on with its run where that was interrupted. What
   * its losses are then does not depend on the interruption.
   * @throws AdaptiveError 'checkpoint' when there is nothing to go on with, 'in-use'
   */
  async resume(keep: KeepOptions, hooks: TrainingHooks): Promise<TrainingResult> {
    const { model } = this;
    model.checkBackend();
    return this.#keeping(keep, async (keeping) => {
      const kept = (await keeping?.store.open(keep.name))?.checkpoint;
      if (!keeping || !kept?.run) throw nothingToResume(keep.name);
      const { record } = kept.run;
      const { text } = await model.modules();
      const continued = model.use(await model.place(keptModel(text, kept)));
      const { engine } = continued;
      const { reopenTraining } = await readingCode();
      const data = await reopenTraining(text, record, engine.tokenizer, keeping.store.shelf);
      return this.#on(data, async () => ({
        ...hooks,
        engine,
        samplePrompt: record.samplePrompt,
        continued,
        hadLearned: record.continued,
        keeping,
        text: record.corpus,
        interrupted: kept.run,
      }));
    });
  }

  /** Runs `work` with the right to keep under a name, if anything is to be kept. */
  async #keeping<T>(options: KeepOptions | undefined, work: (keeping: Keeping | null) => Promise<T>): Promise<T> {
    if (!options) return work(null);
    const keeping = await Keeping.begin(await this.store(), options);
    try {
      return await work(keeping);
    } finally {
      keeping.end();
    }
  }

  /** What a run learns from; null when it was stopped before that was read. */
  async #read(
    request: TrainingRequest,
    continued: Sessions | null,
    { onEvent, control }: TrainingHooks,
  ): Promise<TrainingData | null> {
    const { text } = await this.model.modules();
    const { prepareTraining } = await readingCode();
    try {
      return await prepareTraining(text, request, continued?.engine.tokenizer ?? null, this.corpora, {
        onProgress: (progress) => onEvent({ type: 'reading', ...progress }),
        stopped: () => control.stopped,
      });
    } catch (thrown) {
      if (thrown instanceof AdaptiveError && thrown.code === 'aborted') return null;
      throw thrown;
    }
  }

  /** Does a run, and closes its text. */
  async #on(data: TrainingData, prepare: () => Promise<Lesson>): Promise<TrainingResult> {
    try {
      return await this.#follow(data, await prepare());
    } finally {
      await data.corpus.tokens.close();
    }
  }

  async #follow(data: TrainingData, lesson: Lesson): Promise<TrainingResult> {
    const { engine, continued } = lesson;
    const { model } = this;
    await continued?.save();
    if (continued) model.endLearning();
    try {
      const session = await this.#session(data, lesson);
      model.run = { engine, bytes: data.bytes + session.bytes };
      this.#announce(data, lesson, session);
      const outcome = await session.run();
      const { progress } = session.state.meter;
      const learned = progress.step > 0 && (session.state.keptAny || model.sessions === null);
      if (!continued && learned) model.use(engine);
      model.run = null;
      return { ...outcome, progress: progress.step > 0 ? progress : null, model: model.info ?? engine.info };
    } finally {
      model.run = null;
      if (engine !== model.sessions?.engine) engine.destroy();
      // The samples were other texts.
      continued?.resume();
    }
  }

  #session(data: TrainingData, lesson: Lesson): Promise<TrainingSession> {
    const { engine, samplePrompt, hadLearned, keeping, interrupted, onEvent, control } = lesson;
    const { plan, training, validation, charactersPerToken } = data;
    const keeper = keeping?.keeper(engine.layout.length, onEvent);
    const options = {
      plan,
      training,
      validation,
      charactersPerToken,
      engine,
      backends: this.model.backends,
      choice: this.model.checkBackend(),
      continued: hadLearned,
      samplePrompt,
      onEvent,
      control,
      keeping: keeper ? { keeper, corpus: lesson.text } : null,
    };
    return TrainingSession.create(options, interrupted);
  }

  #announce(data: TrainingData, lesson: Lesson, session: TrainingSession): void {
    const { plan, trainingTokens, validationTokens, unknownCharacters, report } = data;
    lesson.onEvent({
      type: 'started',
      model: this.model.infoOf(lesson.engine),
      ...session.place,
      totalSteps: plan.totalSteps,
      trainingTokens,
      validationTokens,
      unknownCharacters,
      corpus: report,
      ...(lesson.interrupted ? { past: session.state.past } : {}),
      ...(lesson.keeping ? { storage: lesson.keeping.store.kind } : {}),
    });
  }
}

function nothingToResume(name: string): AdaptiveError {
  return new AdaptiveError(
    'checkpoint',
    `There is no run under “${name}” that could go on: it has ended, or was never begun. Train anew.`,
    { name, reason: 'nothing' },
  );
}

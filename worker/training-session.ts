/**
 * One training run of an engine: steps, validations, samples, and the best weights so far.
 * However it ends (finished, stopped, diverged, an error), the engine is left with the best weights it ever had.
 */
import type { BackendChoice } from '../core/backend.js';
import { parseGenerationConfig } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import type { TrainingEvent, TrainingResult } from '../core/protocol.js';
import type { DueWork, RunText } from '../core/run-record.js';
import type { Backends } from './backends.js';
import type { Engine } from './engine.js';
import { Generator } from './generator.js';
import { firstCopy, LastingTrainer, type RunCopy } from './lasting-trainer.js';
import { nextTask } from './next-task.js';
import type { RunKeeper } from './run-keeper.js';
import { brokenStep, diverged, RunState, type RunSettings } from './run-state.js';
import type { Checkpoint, CheckpointRun } from './storage/checkpoint.js';
import type { TrainingControl } from './training-control.js';
import { TrainingCourse } from './training-course.js';
import type { TokenStream } from './token-stream.js';
import type { TrainingState } from './training-step.js';

export interface SessionOptions extends RunSettings {
  /** The model. It writes the samples, and gets the weights in the end. */
  readonly engine: Engine;
  readonly backends: Backends;
  /** What the run is to stand on; the engine stays where it is. */
  readonly choice: BackendChoice;
  readonly training: TokenStream;
  /** null when nothing is held out. */
  readonly validation: TokenStream | null;
  readonly onEvent: (event: TrainingEvent) => void;
  readonly control: TrainingControl;
  /** What keeps the run, and how its text is found again. */
  readonly keeping?: { readonly keeper: RunKeeper; readonly corpus: RunText } | null;
}

const sampleTokens = 200;

type Outcome = Pick<TrainingResult, 'reason' | 'message'>;

export class TrainingSession {
  readonly #course: TrainingCourse;

  private constructor(
    readonly options: SessionOptions,
    readonly trainer: LastingTrainer,
    readonly best: Float32Array,
    readonly state: RunState,
  ) {
    this.#course = new TrainingCourse(options.plan, options.training);
  }

  /**
   * Takes the memory of the run, measuring first where it is faster if nobody said where: up to a few seconds.
   * `interrupted` is a run to go on with; the engine has its best weights so far.
   */
  static async create(options: SessionOptions, interrupted: CheckpointRun | null = null): Promise<TrainingSession> {
    const { engine } = options;
    const best = await engine.readParameters();
    const trainer = await LastingTrainer.create(
      { ...options, model: engine.config },
      interrupted ? placeOf(interrupted) : firstCopy(best),
    );
    try {
      await engine.keepFloat32();
      return new TrainingSession(options, trainer, best, new RunState(options, interrupted?.record ?? null));
    } catch (error) {
      trainer.destroy();
      throw error;
    }
  }

  /** Where the run stands, as it begins. */
  get place() {
    const { backend, reason, threads } = this.trainer;
    return { backend, reason, threads };
  }

  /** Of memory that the run holds now, the model's apart. */
  get bytes(): number {
    return this.trainer.bytes + this.best.byteLength + (this.#keeper?.bytes ?? 0);
  }

  get #keeper(): RunKeeper | null {
    return this.options.keeping?.keeper ?? null;
  }

  /** Runs to an end. Throws only on a bug or when no backend is left; the weights are the best ones even then. */
  async run(): Promise<Outcome> {
    try {
      const outcome = await this.#loop();
      await this.#finish(outcome);
      await this.#keepEnd(outcome.reason);
      return outcome;
    } finally {
      await this.#keeper?.close();
      this.trainer.destroy();
      this.options.engine.writeParameters(this.best);
    }
  }

  async #loop(): Promise<Outcome> {
    const { control } = this.options;
    for (;;) {
      await nextTask();
      if (control.paused) await this.#pause();
      if (control.stopped) return { reason: 'stopped', message: '' };
      try {
        const outcome = await this.#advance();
        if (outcome) return outcome;
        await this.#keepRun(control.saveAsked);
      } catch (thrown) {
        const error = AdaptiveError.from(thrown);
        // Without its text no backend goes on.
        if (error.code === 'disk') return { reason: 'stopped', message: error.message };
        await this.#goOn(error);
      }
    }
  }

  /** The next thing to do, one at a time. Returns how the run ended once it has. */
  async #advance(): Promise<Outcome | null> {
    const { trainer, options } = this;
    const { meter, due } = this.state;
    const [work] = due;
    if (trainer.steps < meter.step) {
      await this.#timed(() => this.#course.run(trainer.step, trainer.steps));
      await trainer.stepped();
    } else if (work) {
      if (await this.#do(work)) due.shift();
    } else if (meter.step < options.plan.totalSteps) {
      const wrong = await this.#step();
      if (wrong) return { reason: 'diverged', message: wrong };
      this.state.planNext(options.validation !== null);
      await trainer.stepped();
    } else {
      return { reason: 'finished', message: '' };
    }
    return null;
  }

  /** After the backend failed: what was done since the last copy of the state is done again, and then all goes on. */
  async #goOn(error: AdaptiveError): Promise<void> {
    const change = await this.#timed(() => this.trainer.replace(error));
    this.options.onEvent({ type: 'backend', ...change, threads: this.trainer.threads });
  }

  async #pause(): Promise<void> {
    const { control, onEvent } = this.options;
    this.#sendProgress();
    await this.#keepRun(true).catch(() => {}); // what failed will fail again in the next step, which goes on elsewhere
    onEvent({ type: 'paused' });
    await control.whenRunning();
    if (!control.stopped) onEvent({ type: 'resumed' });
  }

  /** Keeps the run where it stands: wholly, or as far as it is time for it. */
  async #keepRun(wholly: boolean): Promise<void> {
    const { control, keeping } = this.options;
    const { step } = this.state.meter;
    // After another backend took over it catches up first; what was asked for then comes later.
    if (this.trainer.steps < step) return;
    if (!keeping || step === 0) {
      control.saved();
      return;
    }
    const capture = async (room: Omit<TrainingState, 'recurrent'>) =>
      this.#checkpoint(await this.#runState(room, keeping.corpus));
    await this.#timed(() => keeping.keeper.advance(capture, wholly));
    // Also what was asked for while it was written.
    if (wholly) control.saved();
  }

  #checkpoint(run: CheckpointRun | null): Checkpoint {
    const { config, tokenizer, title, validationLoss } = this.options.engine;
    return { config, tokenizer: tokenizer.spec, title, validationLoss, model: this.best, run };
  }

  async #runState(room: Omit<TrainingState, 'recurrent'>, corpus: RunText): Promise<CheckpointRun> {
    const state = await this.trainer.step.save(room);
    return { record: this.state.record(this.options.training.position, corpus), state };
  }

  /** One optimizer step. Returns what went wrong, or ''. */
  async #step(): Promise<string> {
    const { meter } = this.state;
    const started = performance.now();
    const report = await this.#course.run(this.trainer.step, meter.step);
    const broken = brokenStep(report, meter.step + 1);
    if (broken) return broken;
    meter.record(report, (performance.now() - started) / 1000);
    return diverged(meter, this.options.engine.config.vocabularySize);
  }

  /** Returns whether it was done. */
  async #do(work: DueWork): Promise<boolean> {
    if (work === 'validate') return this.#validate();
    if (work === 'keep') await this.#keep();
    else if (work === 'sample') await this.#writeSample();
    else this.#sendProgress();
    return true;
  }

  /** Returns false when it was broken off, to stop or for a checkpoint. */
  async #validate(): Promise<boolean> {
    const { onEvent, engine, control } = this.options;
    const { validator } = this.trainer;
    if (!validator) return true;
    const loss = await this.#timed(() => validator.run(() => control.stopped || control.saveAsked));
    if (loss === null) return false;
    if (!Number.isFinite(loss)) return true;
    const { meter } = this.state;
    const best = meter.isBest(loss);
    if (best) {
      await this.#keep();
      engine.validationLoss = loss;
    }
    this.state.recordValidation(loss);
    onEvent({ type: 'validation', step: meter.step, loss, best });
    return true;
  }

  /** What the model writes now. */
  async #writeSample(): Promise<void> {
    const { engine, samplePrompt, plan, onEvent, control } = this.options;
    if (control.stopped) return;
    const config = parseGenerationConfig({ prompt: samplePrompt, maxTokens: sampleTokens, seed: plan.config.seed });
    const text = await this.#timed(async () => {
      engine.writeParameters(await this.trainer.step.readParameters(new Float32Array(this.best.length)));
      return (await new Generator(engine).generate(config)).text;
    });
    this.state.sample = text;
    onEvent({ type: 'sample', step: this.state.meter.step, text });
  }

  /** A run that was stopped before its first validation keeps what it has learned so far. */
  async #finish({ reason }: Outcome): Promise<void> {
    const { engine } = this.options;
    const { state } = this;
    if (reason === 'stopped' && !state.judged && state.meter.step > 0) {
      try {
        await this.#keep();
      } catch (error) {
        const { copiedParameters } = this.trainer;
        if (!copiedParameters) throw error;
        this.best.set(copiedParameters);
        state.keptAny = true;
      }
      engine.validationLoss = null;
      state.meter.forgetBest();
    }
    this.#sendProgress();
  }

  /** Keeps what the run has come to; one that was stopped so that it can be gone on with. */
  async #keepEnd(reason: Outcome['reason']): Promise<void> {
    if (!this.#keeper || this.state.meter.step === 0) return;
    if (reason !== 'stopped') await this.#keeper.advance(async () => this.#checkpoint(null), true);
    else await this.#keepRun(true).catch(() => {}); // on a GPU that is gone: what was kept before stays
  }

  async #keep(): Promise<void> {
    await this.#keeper?.settleModel();
    await this.trainer.step.readParameters(this.best);
    this.state.keptAny = true;
  }

  /** Work whose time is not that of steps. */
  async #timed<T>(work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await work();
    this.state.meter.addSeconds((performance.now() - started) / 1000);
    return result;
  }

  #sendProgress(): void {
    const progress = this.state.nextProgress();
    if (progress) this.options.onEvent({ type: 'progress', progress });
  }
}

function placeOf({ record, state }: CheckpointRun): RunCopy {
  return { state, step: record.meter.step, position: record.position };
}

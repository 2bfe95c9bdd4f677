/**
 * One training run of an engine: steps, validations, samples, and the best weights so far.
 * However it ends (finished, stopped, diverged, an error), the engine is left with the best weights it ever had.
 */
import type { BackendChoice } from '../core/backend.js';
import { parseGenerationConfig } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import type { TrainingEvent, TrainingProgress, TrainingResult } from '../core/protocol.js';
import type { Backends } from './backends.js';
import type { Engine } from './engine.js';
import { Generator } from './generator.js';
import { LastingTrainer } from './lasting-trainer.js';
import { nextTask } from './next-task.js';
import type { TrainingControl } from './training-control.js';
import { TrainingCourse } from './training-course.js';
import type { TokenStream } from './token-stream.js';
import { TrainingMeter } from './training-meter.js';
import type { TrainingPlan } from './training-plan.js';

export interface SessionOptions {
  /** The model. It writes the samples, and gets the weights in the end. */
  readonly engine: Engine;
  readonly backends: Backends;
  /** What the run is to stand on; the engine stays where it is. */
  readonly choice: BackendChoice;
  readonly plan: TrainingPlan;
  readonly training: TokenStream;
  /** null when nothing is held out. */
  readonly validation: TokenStream | null;
  readonly charactersPerToken: number;
  /** Whether the model had been trained before. */
  readonly continued: boolean;
  readonly samplePrompt: string;
  readonly onEvent: (event: TrainingEvent) => void;
  readonly control: TrainingControl;
}

/** Progress is sent at most this often. */
const progressInterval = 100; // ms
const sampleTokens = 200;
/** Weights of a run without validations are kept after this many steps. */
const keepEvery = 100; // steps
/** A smoothed loss this much above that of guessing means that the run has diverged. */
const divergenceFactor = 1.5;

type Outcome = Pick<TrainingResult, 'reason' | 'message'>;

export class TrainingSession {
  readonly #meter: TrainingMeter;
  readonly #course: TrainingCourse;
  /** What is still to be done after the last step. Each can be begun again after it failed. */
  readonly #due: (() => Promise<void>)[] = [];
  #sentAt = 0;
  /** Whether any of what the run has learned was validated. */
  #judged = false;
  #keptAny = false;

  private constructor(
    readonly options: SessionOptions,
    readonly trainer: LastingTrainer,
    readonly best: Float32Array,
  ) {
    const { plan, training, charactersPerToken } = options;
    this.#meter = new TrainingMeter(plan, charactersPerToken);
    this.#course = new TrainingCourse(plan, training);
  }

  /** Takes the memory of the run, measuring first where it is faster if nobody said where: up to a few seconds. */
  static async create(options: SessionOptions): Promise<TrainingSession> {
    const { engine } = options;
    const best = await engine.readParameters();
    const trainer = await LastingTrainer.create({ ...options, model: engine.config, initial: best });
    try {
      await engine.keepFloat32();
      return new TrainingSession(options, trainer, best);
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
    return this.trainer.bytes + this.best.byteLength;
  }

  get progress(): TrainingProgress {
    return this.#meter.progress;
  }

  /** Whether the best weights are others than those that the run began with. */
  get keptAny(): boolean {
    return this.#keptAny;
  }

  /** Runs to an end. Throws only on a bug or when no backend is left; the weights are the best ones even then. */
  async run(): Promise<Outcome> {
    try {
      const outcome = await this.#loop();
      await this.#finish(outcome);
      return outcome;
    } finally {
      this.trainer.destroy();
      this.options.engine.writeParameters(this.best);
    }
  }

  async #loop(): Promise<Outcome> {
    const { control, continued } = this.options;
    // What a trained model can do already is what the run has to beat.
    if (continued) this.#due.push(() => this.#validate());
    for (;;) {
      await nextTask();
      if (control.paused) await this.#pause();
      if (control.stopped) return { reason: 'stopped', message: '' };
      try {
        const outcome = await this.#advance();
        if (outcome) return outcome;
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
    const { trainer } = this;
    const [due] = this.#due;
    if (trainer.steps < this.#meter.step) {
      await this.#timed(() => this.#course.run(trainer.step, trainer.steps));
      await trainer.stepped();
    } else if (due) {
      await due();
      this.#due.shift();
    } else if (this.#meter.step < this.options.plan.totalSteps) {
      const diverged = await this.#step();
      if (diverged) return { reason: 'diverged', message: diverged };
      this.#plan();
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
    onEvent({ type: 'paused' });
    await control.whenRunning();
    if (!control.stopped) onEvent({ type: 'resumed' });
  }

  /** One optimizer step. Returns what went wrong, or ''. */
  async #step(): Promise<string> {
    const { engine } = this.options;
    const started = performance.now();
    const { step } = this.#meter;
    const report = await this.#course.run(this.trainer.step, step);
    if (!Number.isFinite(report.loss) || !Number.isFinite(report.gradientNorm)) {
      const what = Number.isFinite(report.loss) ? 'gradient' : 'loss';
      return divergence(`the ${what} was not a number at step ${step + 1}`);
    }
    this.#meter.record(report, (performance.now() - started) / 1000);
    const guessing = Math.log(engine.config.vocabularySize);
    if (this.#meter.smoothLoss > divergenceFactor * guessing + 1) {
      return divergence(
        `the loss rose to ${this.#meter.smoothLoss.toFixed(2)}, worse than guessing (${guessing.toFixed(2)})`,
      );
    }
    return '';
  }

  /** What is due after this step. */
  #plan(): void {
    const { plan, validation } = this.options;
    const { step } = this.#meter;
    const last = step === plan.totalSteps;
    const due = (work: () => Promise<void>) => void this.#due.push(work);
    if (step % plan.validateEvery === 0 || last) due(() => this.#validate());
    if (!validation && (step % keepEvery === 0 || last)) due(() => this.#keep());
    if (step % plan.sampleEvery === 0 || last) due(() => this.#sample());
    if (performance.now() - this.#sentAt >= progressInterval || last) due(async () => this.#sendProgress());
  }

  async #validate(): Promise<void> {
    const { onEvent, engine, control } = this.options;
    const { validator } = this.trainer;
    if (!validator) return;
    const loss = await this.#timed(() => validator.run(() => control.stopped));
    if (loss === null || !Number.isFinite(loss)) return;
    const best = this.#meter.isBest(loss);
    if (best) {
      await this.#keep();
      engine.validationLoss = loss;
    }
    this.#judged = this.#meter.step > 0;
    this.#meter.recordValidation(loss);
    onEvent({ type: 'validation', step: this.#meter.step, loss, best });
  }

  /** What the model writes now. */
  async #sample(): Promise<void> {
    const { engine, samplePrompt, plan, onEvent, control } = this.options;
    if (control.stopped) return;
    const config = parseGenerationConfig({ prompt: samplePrompt, maxTokens: sampleTokens, seed: plan.config.seed });
    const text = await this.#timed(async () => {
      engine.writeParameters(await this.trainer.step.readParameters(new Float32Array(this.best.length)));
      return (await new Generator(engine).generate(config)).text;
    });
    onEvent({ type: 'sample', step: this.#meter.step, text });
  }

  /** A run that was stopped before its first validation keeps what it has learned so far. */
  async #finish({ reason }: Outcome): Promise<void> {
    const { engine } = this.options;
    if (reason === 'stopped' && !this.#judged && this.#meter.step > 0) {
      try {
        await this.#keep();
      } catch (error) {
        const { copiedParameters } = this.trainer;
        if (!copiedParameters) throw error;
        this.best.set(copiedParameters);
        this.#keptAny = true;
      }
      engine.validationLoss = null;
    }
    this.#sendProgress();
  }

  async #keep(): Promise<void> {
    await this.trainer.step.readParameters(this.best);
    this.#keptAny = true;
  }

  /** Work whose time is not that of steps. */
  async #timed<T>(work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await work();
    this.#meter.addSeconds((performance.now() - started) / 1000);
    return result;
  }

  #sendProgress(): void {
    if (this.#meter.step === 0) return;
    this.#sentAt = performance.now();
    this.options.onEvent({ type: 'progress', progress: this.progress });
  }
}

function divergence(what: string): string {
  return (
    `Training stopped: ${what}. The last good weights were kept. ` +
    'Try a lower learning rate, or a stricter limit on the gradient norm.'
  );
}

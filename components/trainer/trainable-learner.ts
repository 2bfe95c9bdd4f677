/** A `Trainable`, which has no events and no state, as a learner to look at. */
import { AdaptiveError } from '../../core/errors.js';
import type { ExportFormat } from '../../core/file-formats.js';
import type { Precision } from '../../core/precision.js';
import type { ModelInfo, TrainingResult } from '../../core/protocol.js';
import type { CorpusInput, TrainOptions } from '../../core/training-request.js';
import { AdaptiveModelEvent, AdaptiveStateEvent, type ModelState } from '../events.js';
import { FrameBatch } from '../frames.js';
import { noteSpeed } from '../measured-speed.js';
import { RunFollower, type RunView } from '../run-view.js';
import type { Learner, Trainable } from './learner.js';
import { ownError } from './own-error.js';

export class TrainableLearner implements Learner {
  readonly #batch: FrameBatch;
  #follower: RunFollower | null = null;
  #run: ReturnType<Trainable['train']> | null = null;
  #failed = false;
  #told: ModelState;

  /** Tells the page through `host`; `onChange` is called when there is something new to show, at most once a frame. */
  constructor(
    readonly trainable: Trainable,
    readonly host: EventTarget,
    onChange: () => void,
  ) {
    this.#batch = new FrameBatch(onChange);
    this.#told = this.state;
  }

  get model(): ModelInfo | null {
    return this.trainable.model;
  }

  get run(): RunView | null {
    return this.#follower?.view ?? null;
  }

  get state(): ModelState {
    if (this.#run) return this.run?.phase === 'paused' ? 'paused' : 'training';
    if (this.#failed) return 'error';
    return this.model ? 'ready' : 'empty';
  }

  /** @throws AdaptiveError */
  async train(corpus: CorpusInput, options: TrainOptions = {}): Promise<TrainingResult> {
    if (this.#run) throw new AdaptiveError('busy', 'The model is training. Stop it first.');
    const follower = new RunFollower(this.host);
    this.#follower = follower;
    this.#failed = false;
    try {
      const run = this.trainable.train(corpus, {
        ...options,
        onEvent: (event) => {
          follower.follow(event);
          this.#tell();
        },
      });
      this.#run = run;
      this.#tell();
      const result = await run.result;
      const { model, progress } = result;
      if (model && progress) {
        noteSpeed(model.parameters, progress.tokensPerSecond);
        this.host.dispatchEvent(new AdaptiveModelEvent(model));
      }
      follower.end(result);
      return result;
    } catch (thrown) {
      follower.end(null);
      const error = ownError(thrown);
      this.#failed = error.code !== 'aborted';
      throw error;
    } finally {
      this.#run = null;
      this.#tell();
    }
  }

  pauseTraining(): void {
    this.#run?.pause();
  }

  resumeTraining(): void {
    this.#run?.resume();
  }

  stopTraining(): void {
    this.#run?.stop();
  }

  async export(format: ExportFormat, options: { readonly precision?: Precision } = {}): Promise<Blob> {
    try {
      return await this.trainable.export(format, options);
    } catch (thrown) {
      throw ownError(thrown);
    }
  }

  /** Nobody wants to see the last error any more. */
  forgive(): void {
    this.#failed = false;
    this.#tell();
  }

  #tell(): void {
    const { state } = this;
    if (state !== this.#told) {
      const previous = this.#told;
      this.#told = state;
      this.host.dispatchEvent(new AdaptiveStateEvent(state, previous));
    }
    this.#batch.schedule();
  }
}

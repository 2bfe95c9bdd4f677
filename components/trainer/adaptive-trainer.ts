import { html, nothing, type PropertyValues } from 'lit';
import { property, query } from 'lit/decorators.js';
import { AdaptiveError } from '../../core/errors.js';
import type { ExportFormat } from '../../core/file-formats.js';
import type { Precision } from '../../core/precision.js';
import type { ModelInfo, TrainingResult } from '../../core/protocol.js';
import type { CorpusInput, TrainOptions } from '../../core/training-request.js';
import { controls } from '../controls.js';
import type { FoundFile } from '../corpus-entries.js';
import { reflectState } from '../custom-state.js';
import { dropStyles } from '../drop-styles.js';
import { DropTarget } from '../drop-target.js';
import { frameStyles } from '../frame-styles.js';
import { AdaptiveErrorEvent, isAtWork, type ModelState } from '../events.js';
import { isModelFile } from '../files.js';
import { interruptionOf } from '../interruption.js';
import { ModelElement } from '../model-element.js';
import type { RunView } from '../run-view.js';
import { trainingStrings } from '../strings/training.js';
import { WordedError } from '../strings/words.js';
import { tokens } from '../tokens.js';
import type { TrainingPanel } from '../training-panel.js';
import { isTrainingStart } from '../training-start.js';
import type { Learner, LearnerElement, Trainable } from './learner.js';
import { LearnerTarget } from './learner-target.js';
import { ownError } from './own-error.js';
import { trainerStyles } from './trainer-styles.js';

/**
 * The training panel: a text to learn from, the settings, the run with its curve, samples, and time left. Alone it has a
 * model of its own, which can be saved. Beside an `<adaptive-lm>`, or with an `AdaptiveLM` of the API, it trains theirs, so
 * that what is trained here is written with there. Used by attributes it never throws: what fails is shown, with what to do.
 *
 * @event {AdaptiveStateEvent} adaptive-state - The state changed. As all others: of its own model or of an object's; an
 *   element that is trained tells of itself.
 * @event {AdaptiveProgressEvent} adaptive-progress - Training went on.
 * @event {AdaptiveRunEvent} adaptive-run - There is something new to show of the run.
 * @event {AdaptiveSampleEvent} adaptive-sample - What the model in training writes now.
 * @event {AdaptiveDownloadEvent} adaptive-download - More of a model file arrived.
 * @event {AdaptiveModelEvent} adaptive-model - There is another model now, loaded or trained.
 * @event {AdaptiveBackendEvent} adaptive-backend - The run goes on on another backend, and why.
 * @event {AdaptiveSavedEvent} adaptive-saved - A checkpoint of the run is kept.
 * @event {AdaptiveErrorEvent} adaptive-error - Something failed.
 *
 * @cssState empty - There is no model.
 * @cssState loading - A model is on its way.
 * @cssState ready - There is a model, which can go on learning.
 * @cssState writing - The model that it trains writes.
 * @cssState training - It learns.
 * @cssState paused - Learning is paused.
 * @cssState error - The last thing failed; `error` says what, and so does the part of that name.
 *
 * @csspart card - The frame.
 * @csspart error - The error, when there is one.
 * @csspart notice - A message that is no error.
 * @csspart corpus - The field for the text to learn from.
 * @csspart train-button - Starts training.
 * @csspart pause-button - Pauses and resumes training.
 * @csspart stop-button - Stops training.
 * @csspart progress - The progress bar.
 * @csspart chart - The curve of the losses.
 * @csspart sample - What the model in training writes now.
 * @csspart status - The status line.
 * @csspart save-button - Saves the model as a file.
 *
 * @cssproperty --adaptive-lm-accent - The one accent colour. All others are those of `<adaptive-lm>`, too.
 */
export class AdaptiveTrainer extends ModelElement {
  static override styles = [controls, tokens, dropStyles, frameStyles, trainerStyles];

  /** The id of an `<adaptive-lm>`, or of another element like it, whose model is trained; in the same document or shadow root. */
  @property({ attribute: 'for' }) htmlFor = '';
  /** Whose model is trained, in place of `for`: such an element, or an `AdaptiveLM` of the API. null for a model of its own. */
  @property({ attribute: false }) target: LearnerElement | Trainable | null = null;

  readonly #target = new LearnerTarget(this, () => {
    this.#targetError = null;
    this.requestUpdate();
  });
  readonly #drop = new DropTarget(
    this,
    (found) => this.#onDrop(found),
    (thrown) => this.#report(AdaptiveError.from(thrown, 'disk')),
  );
  #targetError: AdaptiveError | null = null;
  #reflected: ModelState = 'empty';

  @query('adaptive-lm-training') private panel!: TrainingPanel;

  /** Of the model that is trained, its own or another's. */
  override get state(): ModelState {
    return this.#learner?.state ?? super.state;
  }

  override get model(): ModelInfo | null {
    const learner = this.#learner;
    return learner ? learner.model : super.model;
  }

  override get run(): RunView | null {
    const learner = this.#learner;
    return learner ? learner.run : super.run;
  }

  override get error(): AdaptiveError | null {
    return this.#targetError ?? super.error;
  }

  /** @internal */
  override get follows(): boolean {
    return !this.#borrows;
  }

  override train(corpus: CorpusInput, options: TrainOptions = {}): Promise<TrainingResult> {
    if (!this.#borrows) return super.train(corpus, options);
    return this.#borrowed((learner) => learner.train(corpus, options));
  }

  override continueTraining(): Promise<TrainingResult> {
    if (!this.#borrows) return super.continueTraining();
    return this.#borrowed(() => Promise.reject(new WordedError('invalid-option', this.#training.notMine)));
  }

  /** Halts the run after the step that is under way. */
  override pauseTraining(): void {
    if (this.#learner) this.#learner.pauseTraining();
    else super.pauseTraining();
  }

  /** Goes on after a pause. */
  override resumeTraining(): void {
    if (this.#learner) this.#learner.resumeTraining();
    else super.resumeTraining();
  }

  /** Ends the run within a step; its best weights are the model. */
  override stopTraining(): void {
    if (this.#learner) this.#learner.stopTraining();
    else super.stopTraining();
  }

  override async load(source: string | URL | Blob, options: { readonly tokenizer?: Blob } = {}): Promise<ModelInfo> {
    if (!this.#borrows) return super.load(source, options);
    return this.#borrowed(() => Promise.reject(new WordedError('invalid-option', this.#training.notMine)));
  }

  override save(): Promise<Blob> {
    return this.export('safetensors');
  }

  override export(format: ExportFormat, options: { readonly precision?: Precision } = {}): Promise<Blob> {
    if (!this.#borrows) return super.export(format, options);
    return this.#borrowed((learner) => learner.export(format, options));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('htmlFor') || changed.has('target')) this.#target.find();
  }

  protected override updated(changed: PropertyValues): void {
    const { state } = this;
    if (state !== this.#reflected) {
      reflectState(this.internals, state, this.#reflected);
      this.#reflected = state;
    }
    if (!this.#target.tellsItself) super.updated(changed);
  }

  override render() {
    const { notice, interrupted } = this.controller;
    const busy = isAtWork(this.state);
    const said = this.#borrows && !this.#learner ? this.#training.nobodyToTeach(this.htmlFor) : notice;
    return html`<section class="card" part="card" aria-label=${this.#training.teach}>
        <adaptive-lm-message
          .words=${this.words}
          exportparts="error, notice"
          .error=${this.error}
          .notice=${said || interruptionOf(interrupted, this.words)}
          .canGoOn=${said === '' && !busy && interrupted?.inUse === false}
          .canReload=${!this.#borrows && !this.model && !busy && this.src !== null}
          @dismiss=${this.#dismiss}
          @reload=${() => this.shown(this.load(this.src ?? ''))}
          @go-on=${() => this.shown(this.continueTraining())}
        ></adaptive-lm-message>
        <adaptive-lm-training
          .words=${this.words}
          exportparts="corpus, train-button, progress, chart, sample, pause-button, stop-button"
          .view=${this.run}
          .busy=${busy || (this.#borrows && !this.#learner)}
          .currentParameters=${this.model?.parameters ?? null}
          .keep=${this.#borrows ? this.#target.keep : this.keep}
          @training-start=${this.#onStart}
          @pause=${() => this.pauseTraining()}
          @resume=${() => this.resumeTraining()}
          @stop=${() => this.stopTraining()}
        ></adaptive-lm-training>
        ${this.#target.tellsItself ? nothing : this.#footer(busy)}
      </section>
      ${this.saveDialog()}
      ${this.#drop.hovered ? html`<div class="drop">${this.controller.strings.dropHere}</div>` : nothing}`;
  }

  /** What there is to know of a model that nothing else on the page shows, and the way out for it. */
  #footer(busy: boolean) {
    const { model, state } = this;
    const place = state === 'training' || state === 'paused' ? (this.run?.place ?? null) : null;
    return html`<footer>
      <adaptive-lm-status
        .words=${this.words}
        part="status"
        .state=${state}
        .model=${model}
        .run=${place}
        .downloaded=${this.controller.downloaded}
        .bytes=${this.training.bytes ?? model?.bytes ?? null}
      ></adaptive-lm-status>
      <button
        part="save-button"
        type="button"
        title=${this.controller.strings.saveLabel}
        ?hidden=${!model}
        ?disabled=${busy}
        @click=${this.askHowToSave}
      >
        ${this.controller.strings.saveOpen}
      </button>
    </footer>`;
  }

  get #training() {
    return this.words.of('training', trainingStrings);
  }

  get #learner(): Learner | null {
    return this.#target.learner;
  }

  /** It trains another's model, or shall once there is one. */
  get #borrows(): boolean {
    return this.target !== null || this.htmlFor !== '';
  }

  async #borrowed<T>(work: (learner: Learner) => Promise<T>): Promise<T> {
    this.#targetError = null;
    try {
      const learner = this.#learner;
      if (!learner) throw new WordedError('no-model', this.#training.nobodyToTeach(this.htmlFor));
      return await work(learner);
    } catch (thrown) {
      const error = ownError(thrown);
      this.#report(error);
      throw error;
    }
  }

  #report(error: AdaptiveError): void {
    if (!this.#borrows) {
      this.controller.report(error);
      return;
    }
    if (error.code === 'aborted' || error.code === 'destroyed') return;
    this.#targetError = error;
    this.requestUpdate();
    if (!this.#target.tellsItself) this.dispatchEvent(new AdaptiveErrorEvent(error));
  }

  #dismiss = (): void => {
    this.#targetError = null;
    this.#target.forgive();
    this.controller.dismiss();
  };

  #onDrop(found: readonly FoundFile[]): void {
    const [first] = found;
    if (first && isModelFile(first.file)) this.shown(this.load(first.file));
    else this.panel.offer(found);
  }

  #onStart = (event: Event): void => {
    if (isTrainingStart(event)) this.shown(this.train(event.corpus, event.options));
  };
}

import { html, nothing, type PropertyValues } from 'lit';
import { property, query } from 'lit/decorators.js';
import { AdaptiveError } from '../core/errors.js';
import { elementStyles } from './adaptive-lm-styles.js';
import { controls } from './controls.js';
import type { FoundFile } from './corpus-entries.js';
import { dropStyles } from './drop-styles.js';
import { DropTarget } from './drop-target.js';
import { isModelFile } from './files.js';
import { frameStyles } from './frame-styles.js';
import { WritingElement } from './writing-element.js';
import { ModelChosen } from './header-bar.js';
import { InView } from './in-view.js';
import { interruptionOf } from './interruption.js';
import { SettingsChange } from './settings-fields.js';
import { writerStrings } from './strings/writer.js';
import { WordedError } from './strings/words.js';
import { tokens } from './tokens.js';
import type { TrainingPanel } from './training-panel.js';
import { isTrainingStart } from './training-start.js';
import { PromptChange, type WriterPanel } from './writer-panel.js';

/**
 * A language model that writes and learns in the page, in a worker of its own. Used by attributes it never throws: what
 * fails is shown, with what to do. Used by methods it rejects with an AdaptiveError whose `code` is stable; `busy` means
 * that another operation is under way, which is not disturbed. In a form it is a field, whose value is the text that it wrote.
 *
 * @slot title - The heading; the model's own title unless given.
 * @slot empty - What stands where the text will be.
 * @slot footer - More for the bottom line.
 *
 * @event {AdaptiveStateEvent} adaptive-state - The state changed.
 * @event {AdaptiveTextEvent} adaptive-text - The model wrote something more.
 * @event {AdaptiveProgressEvent} adaptive-progress - Training went on.
 * @event {AdaptiveRunEvent} adaptive-run - There is something new to show of the run.
 * @event {AdaptiveSampleEvent} adaptive-sample - What the model in training writes now.
 * @event {AdaptiveDownloadEvent} adaptive-download - More of a model file arrived.
 * @event {AdaptiveModelEvent} adaptive-model - There is another model now, loaded or trained.
 * @event {AdaptiveBackendEvent} adaptive-backend - What is under way goes on on another backend, and why.
 * @event {AdaptiveSavedEvent} adaptive-saved - A checkpoint of the run in training is kept.
 * @event {AdaptiveErrorEvent} adaptive-error - Something failed.
 *
 * @cssState empty - There is no model.
 * @cssState loading - A model is on its way.
 * @cssState ready - It can write and learn.
 * @cssState writing - It writes.
 * @cssState training - It learns.
 * @cssState paused - Learning is paused.
 * @cssState error - The last thing failed; `error` says what, and so does the part of that name.
 *
 * @csspart card - The frame.
 * @csspart header - The line with the title.
 * @csspart error - The error, when there is one.
 * @csspart notice - A message that is no error.
 * @csspart prompt - The field for the prompt.
 * @csspart write-button - Writes and stops.
 * @csspart output - The surface that the text is written on.
 * @csspart written-prompt - The prompt, as it stands before the text.
 * @csspart written - What the model wrote.
 * @csspart corpus - The field for the text to learn from.
 * @csspart train-button - Starts training.
 * @csspart pause-button - Pauses and resumes training.
 * @csspart stop-button - Stops training.
 * @csspart progress - The progress bar.
 * @csspart chart - The curve of the losses.
 * @csspart sample - What the model in training writes now.
 * @csspart status - The status line.
 *
 * @cssproperty --adaptive-lm-accent - The one accent colour.
 * @cssproperty --adaptive-lm-on-accent - Text on the accent colour.
 * @cssproperty --adaptive-lm-ink - Text.
 * @cssproperty --adaptive-lm-soft - The quieter text.
 * @cssproperty --adaptive-lm-paper - The background.
 * @cssproperty --adaptive-lm-sunk - The background of what lies deeper.
 * @cssproperty --adaptive-lm-wash - A background in a breath of the accent colour.
 * @cssproperty --adaptive-lm-line - Hairlines.
 * @cssproperty --adaptive-lm-edge - The edge of fields.
 * @cssproperty --adaptive-lm-danger - Errors.
 * @cssproperty --adaptive-lm-danger-wash - The background of errors.
 * @cssproperty --adaptive-lm-font - The font of controls.
 * @cssproperty --adaptive-lm-writing-font - The font of prompt and text.
 * @cssproperty --adaptive-lm-radius - The roundness of the frame.
 * @cssproperty --adaptive-lm-output-height - The greatest height of the text before it scrolls.
 */
export class AdaptiveLm extends WritingElement {
  static override styles = [controls, tokens, dropStyles, frameStyles, elementStyles];

  /** Leaves the training panel out. */
  @property({ attribute: 'no-training', type: Boolean }) noTraining = false;
  /** `lazy` waits with `src` and what is kept until the element is near the view; `write` and `train` do not. */
  @property({ reflect: true, useDefault: true }) loading: 'eager' | 'lazy' = 'eager';

  readonly #drop = new DropTarget(
    this,
    (found) => this.#onDrop(found),
    (thrown) => this.controller.report(AdaptiveError.from(thrown, 'disk')),
  );

  @query('adaptive-lm-training') private trainingPanel!: TrainingPanel | null;
  @query('adaptive-lm-writer') private writerPanel!: WriterPanel | null;
  #near = false;

  constructor() {
    super();
    new InView(this, () => this.#onNear(), '100%');
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.state === 'writing') this.stop();
    });
  }

  override get follows(): boolean {
    return this.#near || this.loading !== 'lazy';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('noTraining') && this.hasUpdated) void this.#fetchPanel();
  }

  override render() {
    const { error, notice, busy, interrupted } = this.controller;
    return html`<div class="card" part="card">
        <adaptive-lm-header
          .words=${this.words}
          part="header"
          .hasModel=${this.model !== null}
          .busy=${busy || this.locked}
          @model-chosen=${this.#onModelChosen}
          @save=${this.askHowToSave}
          ><slot name="title" slot="title">${this.#title()}</slot></adaptive-lm-header
        >
        <adaptive-lm-message
          .words=${this.words}
          exportparts="error, notice"
          .error=${error}
          .notice=${notice || interruptionOf(interrupted, this.words)}
          .canGoOn=${notice === '' && !busy && interrupted?.inUse === false}
          .canReload=${!this.model && !busy && this.src !== null}
          @dismiss=${() => this.controller.dismiss()}
          @reload=${this.#reload}
          @go-on=${() => this.shown(this.continueTraining())}
        ></adaptive-lm-message>
        <div class="columns ${this.noTraining ? '' : 'two'}">${this.#writer()} ${this.#trainer()}</div>
        <footer>
          <adaptive-lm-status
            .words=${this.words}
            part="status"
            .state=${this.state}
            .model=${this.model}
            .run=${this.#run}
            .downloaded=${this.controller.downloaded}
            .bytes=${this.training.bytes ?? this.model?.bytes ?? null}
            .tokensPerSecond=${this.writing.tokensPerSecond}
          ></adaptive-lm-status>
          <slot name="footer"></slot>
        </footer>
      </div>
      ${this.saveDialog()}
      ${
        this.#drop.hovered
          ? html`<div class="drop">
              ${this.noTraining ? this.#writerWords.dropModelHere : this.controller.strings.dropHere}
            </div>`
          : nothing
      }`;
  }

  /** Where the run under way stands. */
  get #run() {
    const { state } = this;
    return state === 'training' || state === 'paused' ? (this.run?.place ?? null) : null;
  }

  #writer() {
    const { temperature, maxTokens, topK, topP, seed } = this;
    return html`<adaptive-lm-writer
      .words=${this.words}
      exportparts="prompt, write-button, output, written-prompt, written"
      .state=${this.state}
      .prompt=${this.prompt}
      .writtenPrompt=${this.writing.prompt}
      .text=${this.writing.text}
      .settings=${{ temperature, maxTokens, topK, topP, seed }}
      .lastSeed=${this.writing.seed}
      .disabled=${this.locked}
      @prompt-change=${this.#onPrompt}
      @settings-change=${this.#onSettings}
      @write=${() => this.shown(this.write())}
      @write-on=${() => this.shown(this.write('', { keepState: true }))}
      @stop=${() => this.stop()}
      @clear=${() => this.shown(this.reset())}
      ><slot name="empty" slot="empty">${this.#hint()}</slot></adaptive-lm-writer
    >`;
  }

  get #writerWords() {
    return this.words.of('writer', writerStrings);
  }

  #title(): string {
    return this.model ? this.model.title || this.#writerWords.untitled : this.#writerWords.noModel;
  }

  #hint(): string {
    if (this.state === 'loading') return this.#writerWords.outputLoading;
    if (this.model || this.src !== null) return this.#writerWords.outputEmpty;
    return this.noTraining ? this.#writerWords.outputNoModelNoTraining : this.#writerWords.outputNoModel;
  }

  #trainer() {
    if (this.noTraining) return nothing;
    return html`<adaptive-lm-training
      .words=${this.words}
      exportparts="corpus, train-button, progress, chart, sample, pause-button, stop-button"
      .view=${this.run}
      .busy=${this.controller.busy || this.locked}
      .currentParameters=${this.model?.parameters ?? null}
      .keep=${this.keep}
      @training-start=${this.#onTrainingStart}
      @pause=${() => this.pauseTraining()}
      @resume=${() => this.resumeTraining()}
      @stop=${() => this.stopTraining()}
    ></adaptive-lm-training>`;
  }

  #reload = (): void => {
    if (this.src !== null) this.shown(this.load(this.src));
  };

  #onModelChosen = (event: Event): void => {
    if (event instanceof ModelChosen) this.shown(this.load(event.file));
  };

  #onDrop(found: readonly FoundFile[]): void {
    const [first] = found;
    if (!first || this.locked) return;
    if (isModelFile(first.file)) this.shown(this.load(first.file));
    else if (!this.noTraining) void this.#offer(found);
    else this.controller.report(new WordedError('invalid-option', this.#writerWords.notATrainingFile));
  }

  protected override get entrance(): HTMLElement | undefined {
    return this.writerPanel?.entrance;
  }

  #onNear(): void {
    this.#near = true;
    this.requestUpdate();
    void this.#fetchPanel();
  }

  /** The panel is a file of its own, fetched when it is about to be seen. */
  async #fetchPanel(): Promise<void> {
    if (this.noTraining) return;
    try {
      await import('./training-define.js');
    } catch (thrown) {
      this.controller.report(new WordedError('network', this.controller.strings.noPanel, {}, { cause: thrown }));
    }
  }

  async #offer(found: readonly FoundFile[]): Promise<void> {
    await this.#fetchPanel();
    this.trainingPanel?.offer(found);
  }

  #onPrompt = (event: Event): void => {
    if (event instanceof PromptChange) this.prompt = event.prompt;
  };

  #onSettings = (event: Event): void => {
    if (event instanceof SettingsChange) Object.assign(this, event.change);
  };

  #onTrainingStart = (event: Event): void => {
    if (isTrainingStart(event)) this.shown(this.train(event.corpus, event.options));
  };
}

import { LitElement, html, nothing } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { BackendChoice } from '../core/backend.js';
import { AdaptiveError } from '../core/errors.js';
import type { ExportFormat } from '../core/file-formats.js';
import type { ModelInfo, TrainingResult } from '../core/protocol.js';
import type { Stored } from '../core/stored.js';
import type { CorpusInput, TrainOptions } from '../core/training-request.js';
import { elementStyles } from './adaptive-lm-styles.js';
import { numberAttribute, seedAttribute } from './attributes.js';
import { controls } from './controls.js';
import { dropStyles } from './drop-styles.js';
import type { FoundFile } from './corpus-entries.js';
import { DropTarget } from './drop-target.js';
import type { ModelState } from './events.js';
import { isModelFile, offerDownload } from './files.js';
import { formatWhole } from './format.js';
import { ModelChosen } from './header-bar.js';
import { ModelController, type ModelHost } from './model-controller.js';
import { SettingsChange, defaultSettings } from './settings-fields.js';
import { strings } from './strings.js';
import { tokens } from './tokens.js';
import { Training } from './training.js';
import { TrainingStart } from './training-form.js';
import type { TrainingPanel } from './training-panel.js';
import { PromptChange } from './writer-panel.js';
import { Writing, type WriteOptions } from './writing.js';

/**
 * A language model that writes and learns in the page, in a worker of its own. Used by attributes it never throws: what
 * fails is shown, with what to do. Used by methods it rejects with an AdaptiveError whose `code` is stable; `busy` means
 * that another operation is under way, which is not disturbed. `:state(writing)` and its like match the state.
 *
 * @slot title - The heading; the model's own title unless given.
 * @slot empty - What stands where the text will be.
 * @slot footer - More for the bottom line.
 *
 * @event {AdaptiveStateEvent} adaptive-state - The state changed.
 * @event {AdaptiveTextEvent} adaptive-text - The model wrote something more.
 * @event {AdaptiveProgressEvent} adaptive-progress - Training went on.
 * @event {AdaptiveSampleEvent} adaptive-sample - What the model in training writes now.
 * @event {AdaptiveDownloadEvent} adaptive-download - More of a model file arrived.
 * @event {AdaptiveModelEvent} adaptive-model - There is another model now, loaded or trained.
 * @event {AdaptiveBackendEvent} adaptive-backend - What is under way goes on on another backend, and why.
 * @event {AdaptiveSavedEvent} adaptive-saved - A checkpoint of the run in training is kept.
 * @event {AdaptiveErrorEvent} adaptive-error - Something failed.
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
 * @cssproperty --adaptive-lm-accent - The one accent colour; `--adaptive-lm-on-accent` is the text on it.
 * @cssproperty --adaptive-lm-ink - Text; `--adaptive-lm-soft` is the quieter text.
 * @cssproperty --adaptive-lm-paper - The background; `--adaptive-lm-sunk` and `--adaptive-lm-wash` are its shades.
 * @cssproperty --adaptive-lm-line - Hairlines; `--adaptive-lm-edge` is the edge of fields.
 * @cssproperty --adaptive-lm-danger - Errors; `--adaptive-lm-danger-wash` is their background.
 * @cssproperty --adaptive-lm-font - The font of controls.
 * @cssproperty --adaptive-lm-writing-font - The font of prompt and text.
 * @cssproperty --adaptive-lm-radius - The roundness of the frame.
 * @cssproperty --adaptive-lm-output-height - The greatest height of the text before it scrolls.
 */
export class AdaptiveLm extends LitElement implements ModelHost {
  static override styles = [controls, tokens, dropStyles, elementStyles];

  /** Address of a model file (.safetensors), relative to the page. */
  @property() src: string | null = null;
  /**
   * A name under which what it learns is kept in this browser, from one visit to the next: the model, and while it trains a
   * checkpoint about every 30 seconds. On the next visit the model that is kept comes before `src`, and a run that was
   * interrupted is offered to go on. Elements of one name have one model; only one tab at a time may train it. Nothing is kept
   * unless it is given.
   */
  @property() keep: string | null = null;
  /** Seconds from one checkpoint to the next. They never take more than a twentieth of the time. */
  @property({ attribute: 'keep-every', converter: numberAttribute(30) }) keepEvery = 30;
  /** The screen stays on while it trains: a phone that falls asleep stops. */
  @property({ attribute: 'keep-awake', type: Boolean }) keepAwake = false;
  /** What the text begins with. */
  @property() prompt = '';
  /** The most tokens to write. */
  @property({ attribute: 'max-tokens', converter: numberAttribute(defaultSettings.maxTokens) })
  maxTokens = defaultSettings.maxTokens;
  /** 0 always takes the likeliest token; 1 takes the model at its word. */
  @property({ converter: numberAttribute(defaultSettings.temperature) })
  temperature = defaultSettings.temperature;
  /** Choose among the k likeliest tokens; 0 for all. */
  @property({ attribute: 'top-k', converter: numberAttribute(defaultSettings.topK) })
  topK = defaultSettings.topK;
  /** Choose among the likeliest tokens that make up this probability. */
  @property({ attribute: 'top-p', converter: numberAttribute(defaultSettings.topP) })
  topP = defaultSettings.topP;
  /** The same seed writes the same text; null draws a new one each time. */
  @property({ converter: seedAttribute }) seed = defaultSettings.seed;
  /** Where worker.js lies, if not beside this script. Read when the worker is started. */
  @property({ attribute: 'worker-url' }) workerUrl: string | null = null;
  /**
   * Where it writes and learns: `webgpu`, `wasm`, or with `auto` on the one that was measured to be faster, each for itself.
   * From the next loading, writing or training on; a model that is there moves when it writes next. Where there is no
   * WebGPU, `webgpu` is WASM. The status line says which it is and why.
   */
  @property({ reflect: true, useDefault: true }) backend: BackendChoice = 'auto';
  /** Leaves the training panel out. */
  @property({ attribute: 'no-training', type: Boolean }) noTraining = false;

  readonly #model = new ModelController(this, this.attachInternals());
  readonly #writing = new Writing(this.#model);
  readonly #training = new Training(this.#model);
  readonly #drop = new DropTarget(
    this,
    (found) => this.#onDrop(found),
    (thrown) => this.#model.report(AdaptiveError.from(thrown, 'disk')),
  );

  @query('adaptive-lm-training') private trainingPanel!: TrainingPanel | null;

  constructor() {
    super();
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.state === 'writing') this.stop();
    });
  }

  get state(): ModelState {
    return this.#model.state;
  }

  /** What the current model is, or null without one. */
  get model(): ModelInfo | null {
    return this.#model.model;
  }

  /** What the model wrote last, without the prompt. */
  get text(): string {
    return this.#writing.text;
  }

  /**
   * Writes on from `prompt` and resolves with what was written, also when it was stopped. Options not given are those
   * of the attributes. Waits for `src` if it is still on its way.
   */
  write(prompt = this.prompt, options: WriteOptions = {}): Promise<string> {
    const { temperature, maxTokens, topK, topP } = this;
    const seed = this.seed ?? randomSeed();
    return this.#writing.write({ temperature, maxTokens, topK, topP, seed, ...options, prompt });
  }

  /** Ends the writing within one token. */
  stop(): void {
    this.#writing.stop();
  }

  /**
   * Trains a new model, or with `continue` the current one, on a text, on files of any size, or on what lies at an address
   * of the page's own origin. Resolves when the run has ended,
   * also when it was stopped or diverged; the run's best weights are the model then.
   */
  train(corpus: CorpusInput, options: TrainOptions = {}): Promise<TrainingResult> {
    return this.#training.train(corpus, options);
  }

  /** Goes on with the run that was interrupted, of the model that is kept. As `train` otherwise. */
  continueTraining(): Promise<TrainingResult> {
    return this.#training.goOn();
  }

  /** All that is kept for this site, of all names, with its bytes. */
  async stored(): Promise<Stored> {
    return this.#model.client.stored();
  }

  /** Deletes what is kept under a name; the model that is shown stays. Rejects with `in-use` while it is trained. */
  async removeStored(name: string): Promise<void> {
    return this.#model.client.removeKept(name);
  }

  pauseTraining(): void {
    this.#training.pause();
  }

  resumeTraining(): void {
    this.#training.resume();
  }

  stopTraining(): void {
    this.#training.stop();
  }

  /**
   * Replaces the model by that of a file or an address. On an error the model that was there stays. A file may also be a
   * recurrent language model of PyTorch, in safetensors; `tokenizer`, its tokenizer.json or vocabulary, says what its ids mean.
   */
  async load(source: string | URL | Blob, { tokenizer }: { readonly tokenizer?: Blob } = {}): Promise<ModelInfo> {
    return this.#model.load(source, tokenizer);
  }

  /** The current model as a safetensors file. */
  save(): Promise<Blob> {
    return this.#model.save();
  }

  /** The current model for other tools: as an ONNX graph of one token, or as a PyTorch state dict in safetensors. */
  export(format: ExportFormat): Promise<Blob> {
    return this.#model.save(format);
  }

  /** Forgets the text, and the state that the model was in after it. The model stays as it is. */
  reset(): Promise<void> {
    return this.#model.reset(() => this.#writing.clear());
  }

  override render() {
    const { error, notice, busy } = this.#model;
    return html`<div class="card" part="card">
        <adaptive-lm-header
          part="header"
          .hasModel=${this.model !== null}
          .busy=${busy}
          @model-chosen=${this.#onModelChosen}
          @save=${this.#download}
          ><slot name="title" slot="title">${this.#title()}</slot></adaptive-lm-header
        >
        <adaptive-lm-message
          exportparts="error, notice"
          .error=${error}
          .notice=${notice || this.#interrupted}
          .canGoOn=${notice === '' && !busy && this.#model.interrupted?.inUse === false}
          .canReload=${!this.model && !busy && this.src !== null}
          @dismiss=${() => this.#model.dismiss()}
          @reload=${this.#reload}
          @go-on=${() => this.#shown(this.continueTraining())}
        ></adaptive-lm-message>
        <div class="columns ${this.noTraining ? '' : 'two'}">${this.#writer()} ${this.#trainer()}</div>
        <footer>
          <adaptive-lm-status
            part="status"
            .state=${this.state}
            .model=${this.model}
            .run=${this.#run}
            .downloaded=${this.#model.downloaded}
            .bytes=${this.#training.bytes ?? this.model?.bytes ?? null}
            .tokensPerSecond=${this.#writing.tokensPerSecond}
          ></adaptive-lm-status>
          <slot name="footer"></slot>
        </footer>
      </div>
      ${
        this.#drop.hovered
          ? html`<div class="drop">${this.noTraining ? strings.dropModelHere : strings.dropHere}</div>`
          : nothing
      }`;
  }

  /** What is to be said of a run that was interrupted, or ''. */
  get #interrupted(): string {
    const { interrupted } = this.#model;
    if (!interrupted?.run) return '';
    if (interrupted.inUse) return strings.inUseElsewhere;
    const { step, totalSteps, corpus } = interrupted.run;
    const what = corpus === '' ? '' : strings.interruptedOn(corpus);
    return strings.interrupted(what, formatWhole(step), formatWhole(totalSteps));
  }

  /** Where the run under way stands. */
  get #run() {
    const { state } = this;
    return state === 'training' || state === 'paused' ? (this.#training.view?.place ?? null) : null;
  }

  #writer() {
    const { temperature, maxTokens, topK, topP, seed } = this;
    return html`<adaptive-lm-writer
      exportparts="prompt, write-button, output, written-prompt, written"
      .state=${this.state}
      .prompt=${this.prompt}
      .writtenPrompt=${this.#writing.prompt}
      .text=${this.#writing.text}
      .settings=${{ temperature, maxTokens, topK, topP, seed }}
      .lastSeed=${this.#writing.seed}
      @prompt-change=${this.#onPrompt}
      @settings-change=${this.#onSettings}
      @write=${() => this.#shown(this.write())}
      @write-on=${() => this.#shown(this.write('', { keepState: true }))}
      @stop=${() => this.stop()}
      @clear=${() => this.#shown(this.reset())}
      ><slot name="empty" slot="empty">${this.#hint()}</slot></adaptive-lm-writer
    >`;
  }

  #title(): string {
    return this.model ? this.model.title || strings.untitled : strings.noModel;
  }

  #hint(): string {
    if (this.state === 'loading') return strings.outputLoading;
    if (this.model || this.src !== null) return strings.outputEmpty;
    return this.noTraining ? strings.outputNoModelNoTraining : strings.outputNoModel;
  }

  #trainer() {
    if (this.noTraining) return nothing;
    return html`<adaptive-lm-training
      exportparts="corpus, train-button, progress, chart, sample, pause-button, stop-button"
      .view=${this.#training.view}
      .busy=${this.#model.busy}
      .currentParameters=${this.model?.parameters ?? null}
      @training-start=${this.#onTrainingStart}
      @pause=${() => this.pauseTraining()}
      @resume=${() => this.resumeTraining()}
      @stop=${() => this.stopTraining()}
    ></adaptive-lm-training>`;
  }

  /** Of what a button started: the element shows the error, nobody else waits for it. */
  #shown(work: Promise<unknown>): void {
    work.catch(() => {});
  }

  #reload = (): void => {
    if (this.src !== null) this.#shown(this.load(this.src));
  };
  #download = (): void => this.#shown(this.save().then((file) => offerDownload(file, this.model?.title ?? '')));

  #onModelChosen = (event: Event): void => {
    if (event instanceof ModelChosen) this.#shown(this.load(event.file));
  };

  #onDrop(found: readonly FoundFile[]): void {
    const [first] = found;
    if (!first) return;
    if (isModelFile(first.file)) this.#shown(this.load(first.file));
    else if (this.trainingPanel) this.trainingPanel.offer(found);
    else this.#model.report(new AdaptiveError('invalid-option', strings.notATrainingFile));
  }

  #onPrompt = (event: Event): void => {
    if (event instanceof PromptChange) this.prompt = event.prompt;
  };

  #onSettings = (event: Event): void => {
    if (event instanceof SettingsChange) Object.assign(this, event.change);
  };

  #onTrainingStart = (event: Event): void => {
    if (event instanceof TrainingStart) this.#shown(this.train(event.corpus, event.options));
  };
}

function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
}

/** What the elements that have a model of their own share: where it comes from, where it is kept, and training it. */
import { LitElement, html, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import type { BackendChoice } from '../core/backend.js';
import type { AdaptiveError } from '../core/errors.js';
import type { ExportFormat } from '../core/file-formats.js';
import type { Precision } from '../core/precision.js';
import type { ModelInfo, TrainingResult } from '../core/protocol.js';
import type { Stored } from '../core/stored.js';
import type { CorpusInput, TrainOptions } from '../core/training-request.js';
import { numberAttribute } from './attributes.js';
import { AdaptiveRunEvent, type ModelState } from './events.js';
import { offerDownload } from './files.js';
import { ModelController, type ModelHost } from './model-controller.js';
import type { RunView } from './run-view.js';
import { isSaveChosen } from './save-chosen.js';
import { Localization } from './strings/localization.js';
import { WordedError, type SomeStrings, type Words } from './strings/words.js';
import { Training } from './training.js';

export abstract class ModelElement extends LitElement implements ModelHost {
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
  /** Where worker.js lies, if not in `worker/` beside this script. Read when the worker is started. */
  @property({ attribute: 'worker-url' }) workerUrl: string | null = null;
  /**
   * Where it writes and learns: `webgpu`, `wasm`, or with `auto` on the one that was measured to be faster, each for itself.
   * From the next loading, writing or training on; a model that is there moves when it writes next. Where there is no
   * WebGPU, `webgpu` is WASM. The status line says which it is and why.
   */
  @property({ reflect: true, useDefault: true }) backend: BackendChoice = 'auto';

  /** Words of this element alone, in place of those of its language; some or all. */
  @property({ attribute: false }) strings: SomeStrings | null = null;

  protected readonly internals = this.attachInternals();
  readonly #localization = new Localization(this);
  protected readonly controller = new ModelController(this, this.internals);
  protected readonly training = new Training(this.controller);
  #toldRun: RunView | null = null;

  /** What it is doing. `:state()` matches it, and `adaptive-state` tells of changes. */
  get state(): ModelState {
    return this.controller.state;
  }

  /** What the current model is, or null without one. */
  get model(): ModelInfo | null {
    return this.controller.model;
  }

  /** What went wrong last, while it is shown; else null. */
  get error(): AdaptiveError | null {
    return this.controller.error;
  }

  /** The training run under way, or the last one, as there is to show of it; null before the first. */
  get run(): RunView | null {
    return this.training.view;
  }

  /**
   * What it and its parts say.
   * @internal
   */
  get words(): Words {
    return this.#localization.words;
  }

  /**
   * Whether `src` and `keep` are seen to now.
   * @internal
   */
  get follows(): boolean {
    return true;
  }

  /**
   * Trains a new model, or with `continue` the current one, on a text, on files of any size, or on what lies at an address
   * of the page's own origin. Resolves when the run has ended,
   * also when it was stopped or diverged; the run's best weights are the model then.
   */
  train(corpus: CorpusInput, options: TrainOptions = {}): Promise<TrainingResult> {
    return this.training.train(corpus, options);
  }

  /** Goes on with the run that was interrupted, of the model that is kept. As `train` otherwise. */
  continueTraining(): Promise<TrainingResult> {
    return this.training.goOn();
  }

  /** Halts the run after the step that is under way. */
  pauseTraining(): void {
    this.training.pause();
  }

  /** Goes on after a pause. */
  resumeTraining(): void {
    this.training.resume();
  }

  /** Ends the run within a step; its best weights are the model. */
  stopTraining(): void {
    this.training.stop();
  }

  /** All that is kept for this site, of all names, with its bytes. */
  async stored(): Promise<Stored> {
    return this.controller.client.stored();
  }

  /** Deletes what is kept under a name; the model that is shown stays. Rejects with `in-use` while it is trained. */
  async removeStored(name: string): Promise<void> {
    return this.controller.client.removeKept(name);
  }

  /**
   * Replaces the model by that of a file or an address. On an error the model that was there stays. A file may also be a
   * recurrent language model of PyTorch, in safetensors; `tokenizer`, its tokenizer.json or vocabulary, says what its ids mean.
   */
  async load(source: string | URL | Blob, { tokenizer }: { readonly tokenizer?: Blob } = {}): Promise<ModelInfo> {
    return this.controller.load(source, tokenizer);
  }

  /** The current model as a safetensors file. */
  save(): Promise<Blob> {
    return this.controller.save();
  }

  /**
   * The current model for other tools, as an ONNX graph of one token or a PyTorch state dict in safetensors; or our own file.
   * In its own precision unless another is given: f32, f16, or, but for PyTorch, int8.
   */
  export(format: ExportFormat, { precision }: { readonly precision?: Precision } = {}): Promise<Blob> {
    return this.controller.save(format, precision);
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { run } = this;
    if (run === this.#toldRun) return;
    this.#toldRun = run;
    if (run) this.dispatchEvent(new AdaptiveRunEvent(run));
  }

  /** Goes where the element's template has room for a dialog. */
  protected saveDialog() {
    return html`<adaptive-lm-save
      .words=${this.words}
      .model=${this.model}
      @save-chosen=${this.#onSaveChosen}
    ></adaptive-lm-save>`;
  }

  /** Asks the reader in which form the model is to be saved. The dialog is fetched when it is wanted. */
  protected askHowToSave = async (): Promise<void> => {
    try {
      await import('./save-define.js');
    } catch (thrown) {
      this.controller.report(new WordedError('network', this.controller.strings.noPanel, {}, { cause: thrown }));
      return;
    }
    this.renderRoot.querySelector('adaptive-lm-save')?.show();
  };

  #onSaveChosen = (event: Event): void => {
    if (!isSaveChosen(event)) return;
    const { format, precision } = event;
    const title = this.model?.title ?? '';
    this.shown(this.export(format, { precision }).then((file) => offerDownload(file, title, format)));
  };

  /** Of what a button started: the element shows the error, nobody else waits for it. */
  protected shown(work: Promise<unknown>): void {
    work.catch(() => {});
  }
}

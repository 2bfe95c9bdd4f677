/** The part of `<adaptive-lm>` that writes, and that forms know: its text is a field's value. */
import type { PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { numberAttribute, seedAttribute } from './attributes.js';
import { isAtWork } from './events.js';
import { FormValue } from './form-value.js';
import { ModelElement } from './model-element.js';
import { defaultSettings } from './settings-fields.js';
import { writerStrings } from './strings/writer.js';
import { Writing, type WriteOptions } from './writing.js';

export abstract class WritingElement extends ModelElement {
  static readonly formAssociated = true;

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

  /** Under which a form sends the text that was written. */
  @property({ reflect: true, useDefault: true }) name = '';
  /** A form is not sent before something is written. */
  @property({ type: Boolean, reflect: true }) required = false;
  protected readonly writing = new Writing(this.controller);
  /** `disabled`, its own or of a fieldset around it. */
  @state() protected locked = false;
  readonly #value = new FormValue(this, this.internals);

  /** Where focus goes, and what a message of the form points to. */
  protected abstract get entrance(): HTMLElement | undefined;

  constructor() {
    super();
    // By a label, or by a form that misses something.
    this.addEventListener('focus', (event) => {
      if (event.composedPath()[0] === this) this.focus();
    });
  }

  /** What the model wrote last, without the prompt: what a form sends. */
  get text(): string {
    return this.writing.text;
  }

  /** The same as `text`. */
  get value(): string {
    return this.text;
  }

  /**
   * The reader can do nothing but stop what goes on. A disabled fieldset around it does the same. Scripts still can.
   * @attr disabled
   */
  get disabled(): boolean {
    return this.hasAttribute('disabled');
  }

  set disabled(disabled: boolean) {
    this.toggleAttribute('disabled', disabled);
  }

  /** The form that it belongs to, or null. */
  get form(): HTMLFormElement | null {
    return this.internals.form;
  }

  /** The labels that name it. */
  get labels(): NodeList {
    return this.internals.labels;
  }

  /** What is wrong with it as a field of a form. */
  get validity(): ValidityState {
    return this.internals.validity;
  }

  /** The same in words, or ''. */
  get validationMessage(): string {
    return this.internals.validationMessage;
  }

  /** Whether a form asks it. */
  get willValidate(): boolean {
    return this.internals.willValidate;
  }

  /** Whether nothing is wrong; if not, `invalid` is dispatched. */
  checkValidity(): boolean {
    return this.internals.checkValidity();
  }

  /** The same, and the reader is told. */
  reportValidity(): boolean {
    return this.internals.reportValidity();
  }

  /**
   * Writes on from `prompt` and resolves with what was written, also when it was stopped. Options not given are those
   * of the attributes. Waits for `src` if it is still on its way.
   */
  write(prompt = this.prompt, options: WriteOptions = {}): Promise<string> {
    const { temperature, maxTokens, topK, topP } = this;
    const seed = this.seed ?? randomSeed();
    return this.writing.write({ temperature, maxTokens, topK, topP, seed, ...options, prompt });
  }

  /** Ends the writing within one token. */
  stop(): void {
    this.writing.stop();
  }

  /** Forgets the text, and the state that the model was in after it. The model stays as it is. */
  reset(): Promise<void> {
    return this.controller.reset(() => this.writing.clear());
  }

  override focus(options?: FocusOptions): void {
    this.entrance?.focus(options);
  }

  /** @internal The browser calls this. */
  formDisabledCallback(disabled: boolean): void {
    this.locked = disabled;
  }

  /** @internal */
  formResetCallback(): void {
    this.prompt = this.getAttribute('prompt') ?? '';
    this.stop();
    this.shown(this.#forget());
  }

  /** @internal */
  formStateRestoreCallback(state: File | string | FormData | null): void {
    const written = FormValue.read(state);
    if (!written) return;
    this.prompt = written.prompt;
    if (written.text !== '') this.writing.restore(written.prompt, written.text);
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { prompt, text } = this.writing;
    this.#value.update(
      { prompt: text === '' ? this.prompt : prompt, text, required: this.required },
      this.words.of('writer', writerStrings).required,
      this.entrance,
    );
  }

  /** The text goes also while something else than writing goes on, which keeps its state. */
  async #forget(): Promise<void> {
    while (this.state === 'writing') {
      await new Promise((resolve) => this.addEventListener('adaptive-state', resolve, { once: true }));
    }
    if (isAtWork(this.state)) this.writing.clear();
    else await this.reset();
  }
}

function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
}

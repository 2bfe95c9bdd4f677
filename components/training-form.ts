/** What to learn from, and what shall learn: the form before a training run. */
import { html, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { Deduplication } from '../core/corpus.js';
import { sizePresets, isSizePreset, type SizePreset } from '../core/presets.js';
import { countParameters, estimateSeconds, expectedEpochs, expectedTokens, expectedVocabulary } from './estimate.js';
import { formatCount, formatRoughDuration, formatWhole } from './format.js';
import { numberIn } from './number-in.js';
import { Part } from './part.js';
import { trainingStrings } from './strings/training.js';
import { controls } from './controls.js';
import type { FoundFile } from './corpus-entries.js';
import type { CorpusField } from './corpus-field.js';
import { tokenizerFields, tokenizerOption, type TokenizerChoice } from './tokenizer-choice.js';
import { trainingFormStyles } from './training-form-styles.js';
import { TrainingStart } from './training-start.js';

/** Events up: TrainingStart. */
export class TrainingForm extends Part {
  static override styles = [controls, trainingFormStyles];

  /** Nothing can be started now. */
  @property({ attribute: false }) busy = false;
  /** Of the model that could go on learning; null without one. */
  @property({ attribute: false }) currentParameters: number | null = null;

  /** The name under which the model will be kept; null if it will not. */
  @property({ attribute: false }) keep: string | null = null;

  /** Characters of an epoch, about. */
  @state() private length = 0;
  @state() private size: SizePreset = 'small';
  @state() private continues = false;
  @state() private tokenizer: TokenizerChoice = { kind: 'characters', vocabularySize: null };
  @state() private epochs: number | null = null;
  @state() private learningRate: number | null = null;
  @state() private deduplicate: Deduplication | null = null;

  @query('adaptive-lm-corpus') private field!: CorpusField;

  /** Files to learn from, beside those that are there. */
  offer(found: readonly FoundFile[]): void {
    this.field.add(found);
  }

  /** Expected. */
  get #tokens(): number {
    return expectedTokens(this.tokenizer.kind, this.length);
  }

  get #goesOn(): boolean {
    return this.continues && this.currentParameters !== null;
  }

  private get strings() {
    return this.words.of('training', trainingStrings);
  }

  override render() {
    return html`<form @submit=${this.#submit}>
      <adaptive-lm-corpus
        .words=${this.words}
        exportparts="corpus"
        @corpus-change=${this.#onCorpus}
      ></adaptive-lm-corpus>
      ${this.#startFrom()} ${this.#goesOn ? nothing : this.#sizes()} ${this.#advanced()}
      <button class="main" part="train-button" type="submit" ?disabled=${this.busy || this.length === 0}>
        ${this.strings.startTraining}
      </button>
      ${this.keep === null ? nothing : html`<p class="small soft">${this.strings.willKeep(this.keep)}</p>`}
    </form>`;
  }

  #startFrom() {
    if (this.currentParameters === null) return nothing;
    const choice = (goesOn: boolean, label: string) =>
      html`<label>
        <input
          type="radio"
          name="start"
          .checked=${goesOn === this.#goesOn}
          @change=${() => (this.continues = goesOn)}
        />
        <span>${label}</span>
      </label>`;
    return html`<fieldset>
      <legend>${this.strings.startLabel}</legend>
      <div class="segments">${choice(false, this.strings.startNew)} ${choice(true, this.strings.startContinue)}</div>
    </fieldset>`;
  }

  #sizes() {
    const choice = (size: SizePreset) =>
      html`<label>
        <input type="radio" name="size" .checked=${size === this.size} @change=${() => (this.size = size)} />
        <span>${this.strings.sizes[size]}<small>${this.#sizeNote(size)}</small></span>
      </label>`;
    return html`<fieldset>
      <legend>${this.strings.sizeLabel}</legend>
      <div class="segments">${Object.keys(sizePresets).filter(isSizePreset).map(choice)}</div>
    </fieldset>`;
  }

  #sizeNote(size: SizePreset) {
    const parameters = countParameters(size, expectedVocabulary(this.tokenizer, this.length));
    const time = this.length === 0 ? null : this.#estimate(parameters);
    return html`<span>${formatCount(parameters)}</span>${time === null ? nothing : html`<span>${time}</span>`}`;
  }

  #estimate(parameters: number): string {
    return `≈ ${formatRoughDuration(estimateSeconds(parameters, this.#tokens, this.epochs ?? undefined))}`;
  }

  #advanced() {
    const suggested = this.length === 0 ? this.strings.automatic : formatWhole(expectedEpochs(this.#tokens));
    return html`<details>
      <summary>${this.strings.advanced}</summary>
      ${this.#goesOn ? nothing : tokenizerFields(this.tokenizer, (choice) => (this.tokenizer = choice), this.strings)}
      <div class="pair">
        <div>
          <label for="epochs">${this.strings.epochs}</label>
          <input
            id="epochs"
            type="number"
            min="0"
            step="any"
            inputmode="decimal"
            placeholder=${suggested}
            @input=${(event: Event) => (this.epochs = numberIn(event))}
          />
        </div>
        <div>
          <label for="learning-rate">${this.strings.learningRate}</label>
          <input
            id="learning-rate"
            type="number"
            min="0"
            step="any"
            inputmode="decimal"
            placeholder="0.003"
            @input=${(event: Event) => (this.learningRate = numberIn(event))}
          />
        </div>
      </div>
      ${this.#repeats()}
    </details>`;
  }

  #repeats() {
    const choice = (kind: Deduplication | null) =>
      html`<option value=${kind ?? ''} ?selected=${kind === this.deduplicate}>
        ${this.strings.repeatKinds[kind ?? 'none']}
      </option>`;
    return html`<div class="pair">
      <div>
        <label for="repeats">${this.strings.repeats}</label>
        <select id="repeats" @change=${this.#onRepeats}>
          ${choice(null)} ${choice('documents')} ${choice('paragraphs')}
        </select>
      </div>
    </div>`;
  }

  #onRepeats = ({ currentTarget }: Event): void => {
    if (!(currentTarget instanceof HTMLSelectElement)) return;
    const { value } = currentTarget;
    this.deduplicate = value === 'documents' || value === 'paragraphs' ? value : null;
  };

  #onCorpus = (): void => {
    this.length = this.field.length;
  };

  #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (this.busy) return;
    const { epochs, learningRate, deduplicate } = this;
    const start = this.#goesOn ? { continue: true } : { size: this.size, tokenizer: tokenizerOption(this.tokenizer) };
    const options = {
      ...start,
      ...(epochs !== null && { epochs }),
      ...(learningRate !== null && { learningRate }),
      ...(deduplicate && { deduplicate }),
    };
    this.dispatchEvent(new TrainingStart(this.field.corpus, options));
  };
}

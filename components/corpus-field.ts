/** The text to learn from: pasted, or a list of files and folders, each with its weight. */
import { css, html, nothing } from 'lit';
import { state } from 'lit/decorators.js';
import type { CorpusInput } from '../core/training-request.js';
import {
  corpusFiles,
  entriesOf,
  foundFile,
  sizeOf,
  weightedSizeOf,
  type CorpusEntry,
  type FoundFile,
} from './corpus-entries.js';
import { controls } from './controls.js';
import { formatBytes, formatWhole } from './format.js';
import { Part } from './part.js';
import { trainingStrings } from './strings/training.js';

/** Events up: `corpus-change`. */
export class CorpusField extends Part {
  static override styles = [
    controls,
    css`
      .row {
        display: flex;
        justify-content: space-between;
        align-items: baseline;
        gap: 1rem;
        margin-bottom: 0.4rem;
      }
      #corpus {
        min-height: 7rem;
        max-height: 24rem;
        border-style: dashed;
      }
      #corpus:focus-visible,
      #corpus:not(:placeholder-shown) {
        border-style: solid;
      }
      .files {
        margin-block-start: 0.25rem;
        margin-inline-start: -0.55rem;
      }
      ul {
        display: grid;
        gap: 3px;
        max-height: 16rem;
        margin: 0;
        padding: 0;
        overflow: auto;
        list-style: none;
      }
      li {
        display: flex;
        align-items: center;
        gap: 0.75rem;
        padding-block: 0.5rem;
        padding-inline: 0.8rem 0.5rem;
        border-radius: 9px;
        background: var(--_wash);
      }
      .name {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        font-weight: 500;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      input[type='number'] {
        width: 4.5rem;
      }
    `,
  ];

  @state() private entries: readonly CorpusEntry[] = [];
  @state() private text = '';

  /** What is to be learned from. */
  get corpus(): CorpusInput {
    return this.entries.length > 0 ? corpusFiles(this.entries) : this.text;
  }

  /** Characters of an epoch, about: of files, bytes. */
  get length(): number {
    return this.entries.length > 0 ? weightedSizeOf(this.entries) : this.text.length;
  }

  /** Files beside those that are there; of the same name, in their place. */
  add(found: readonly FoundFile[]): void {
    const added = entriesOf(found);
    const names = new Set(added.map(({ name }) => name));
    this.#change([...this.entries.filter(({ name }) => !names.has(name)), ...added]);
  }

  private get strings() {
    return this.words.of('training', trainingStrings);
  }

  override render() {
    const { entries } = this;
    return html`${entries.length > 0 ? this.#list(entries) : this.#textField()}
      <input
        id="file"
        class="unseen"
        type="file"
        multiple
        tabindex="-1"
        aria-hidden="true"
        accept="text/*,.txt,.md,.html,.gz"
        @change=${this.#onFiles}
      />
      <input
        id="folder"
        class="unseen"
        type="file"
        webkitdirectory
        tabindex="-1"
        aria-hidden="true"
        @change=${this.#onFiles}
      />
      <div class="files">
        <button class="quiet" type="button" @click=${() => this.#choose('#file')}>
          ${entries.length > 0 ? this.strings.addFiles : this.strings.chooseFiles}
        </button>
        <button class="quiet" type="button" @click=${() => this.#choose('#folder')}>
          ${this.strings.chooseFolder}
        </button>
      </div>`;
  }

  #textField() {
    return html`<div class="row">
        <label for="corpus">${this.strings.corpusLabel}</label>
        <span class="small soft numbers">
          ${this.text === '' ? nothing : this.strings.characters(formatWhole(this.text.length))}
        </span>
      </div>
      <textarea
        id="corpus"
        part="corpus"
        rows="6"
        spellcheck="false"
        placeholder=${this.strings.corpusPlaceholder}
        .value=${this.text}
        @input=${this.#onText}
      ></textarea>`;
  }

  #list(entries: readonly CorpusEntry[]) {
    return html`<div class="row">
        <span class="label" id="label">${this.strings.corpusLabel}</span>
        <span class="small soft numbers">${entries.length > 1 ? formatBytes(sizeOf(entries)) : nothing}</span>
      </div>
      <ul aria-labelledby="label">
        ${entries.map((entry) => this.#row(entry, entries.length > 1))}
      </ul>`;
  }

  #row(entry: CorpusEntry, weighted: boolean) {
    const { name, files, weight } = entry;
    const count = files.length > 1 ? `${this.strings.files(formatWhole(files.length))}, ` : '';
    return html`<li>
      <span class="name">${name}</span>
      <span class="small soft numbers">${count}${formatBytes(sizeOf([entry]))}</span>
      ${
        weighted
          ? html`<input
              type="number"
              min="0.01"
              max="100"
              step="any"
              title=${this.strings.weightHint}
              aria-label=${this.strings.weightOf(name)}
              .value=${String(weight)}
              @change=${(event: Event) => this.#weigh(entry, event)}
            />`
          : nothing
      }
      <button
        class="quiet"
        type="button"
        aria-label=${this.strings.removeName(name)}
        @click=${() => this.#remove(entry)}
      >
        ${this.strings.removeFile}
      </button>
    </li>`;
  }

  #weigh(entry: CorpusEntry, { currentTarget }: Event): void {
    if (!(currentTarget instanceof HTMLInputElement)) return;
    // What is none is refused when training starts.
    const weight = currentTarget.valueAsNumber;
    this.#change(this.entries.map((each) => (each === entry ? { ...entry, weight } : each)));
  }

  #remove(entry: CorpusEntry): void {
    this.#change(this.entries.filter((each) => each !== entry));
  }

  #onText = ({ currentTarget }: Event): void => {
    if (!(currentTarget instanceof HTMLTextAreaElement)) return;
    this.text = currentTarget.value;
    this.#tell();
  };

  #onFiles = ({ currentTarget }: Event): void => {
    if (!(currentTarget instanceof HTMLInputElement)) return;
    this.add([...(currentTarget.files ?? [])].map(foundFile));
    currentTarget.value = ''; // so that the same files can be chosen again
  };

  #choose(selector: string): void {
    this.renderRoot.querySelector<HTMLInputElement>(selector)?.click();
  }

  #change(entries: readonly CorpusEntry[]): void {
    this.entries = entries;
    this.#tell();
  }

  #tell(): void {
    this.dispatchEvent(new Event('corpus-change'));
  }
}

/** The top line: which model this is, and the way in and out for model files. */
import { css, html } from 'lit';
import { property, query } from 'lit/decorators.js';
import { controls } from './controls.js';
import { Part } from './part.js';
import { modelStrings } from './strings/model.js';

/** A model file was chosen. */
export class ModelChosen extends Event {
  constructor(readonly file: File) {
    super('model-chosen');
  }
}

/** The heading comes in by the slot `title`. Events up: ModelChosen, `save`. */
export class HeaderBar extends Part {
  static override styles = [
    controls,
    css`
      header {
        display: flex;
        align-items: center;
        gap: 0.25rem;
        min-height: 3.5rem;
        padding-block: 0.5rem;
        padding-inline: var(--_inset) calc(var(--_inset) - 0.55rem);
        border-bottom: 1px solid var(--_line);
      }
      h2 {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
    `,
  ];

  @property({ attribute: false }) hasModel = false;
  @property({ attribute: false }) busy = false;

  @query('input') private fileInput!: HTMLInputElement;

  private get strings() {
    return this.words.of('model', modelStrings);
  }

  override render() {
    const { hasModel, busy } = this;
    return html`<header>
      <h2><slot name="title"></slot></h2>
      <input type="file" accept=".safetensors" hidden @change=${this.#onFile} />
      <button
        class="quiet"
        type="button"
        title=${this.strings.openLabel}
        ?disabled=${busy}
        @click=${() => this.fileInput.click()}
      >
        ${this.strings.open}
      </button>
      <button
        class="quiet"
        type="button"
        title=${this.strings.saveLabel}
        ?disabled=${busy || !hasModel}
        @click=${() => this.dispatchEvent(new Event('save'))}
      >
        ${this.strings.saveOpen}
      </button>
    </header>`;
  }

  #onFile = (): void => {
    const file = this.fileInput.files?.[0];
    if (file) this.dispatchEvent(new ModelChosen(file));
    this.fileInput.value = ''; // so that the same file can be chosen again
  };
}

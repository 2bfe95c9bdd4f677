/** In which form the model becomes a file: exact or smaller, for this element or for other tools. */
import { css, html } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { ExportFormat } from '../core/file-formats.js';
import type { Precision } from '../core/precision.js';
import type { ModelInfo } from '../core/protocol.js';
import { controls } from './controls.js';
import { formatBytes } from './format.js';
import { SaveChosen } from './save-chosen.js';
import { Part } from './part.js';
import { savingStrings } from './strings/saving.js';

/** Bytes of a weight. In 8 bits each row has a scale as well. */
const bytesPerWeight: Readonly<Record<Precision, number>> = { f32: 4, f16: 2, int8: 1.04 };

const choices = [
  ['exact', 'safetensors', 'f32'],
  ['half', 'safetensors', 'f16'],
  ['quarter', 'safetensors', 'int8'],
  ['onnx', 'onnx', 'f32'],
  ['pytorch', 'pytorch', 'f32'],
] as const satisfies readonly (readonly [string, ExportFormat, Precision])[];

type Choice = (typeof choices)[number];

/** Events up: SaveChosen. */
export class SaveDialog extends Part {
  static override styles = [
    controls,
    css`
      dialog {
        width: min(28rem, calc(100vw - 2rem));
        padding: 1.5rem;
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        background: var(--_paper);
        color: var(--_ink);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 0.4);
      }
      fieldset {
        display: grid;
        gap: 2px;
        margin: 0.8rem 0 1.2rem;
      }
      label {
        display: grid;
        grid-template-columns: auto 1fr auto;
        gap: 0 0.7rem;
        align-items: baseline;
        padding: 0.55rem 0.6rem;
        border-radius: 9px;
        color: var(--_ink);
        font-size: 0.9375rem;
        cursor: pointer;
      }
      label:hover,
      label:has(:checked) {
        background: var(--_wash);
      }
      small {
        grid-column: 2 / -1;
        color: var(--_soft);
        font-size: 0.8125rem;
        font-weight: 400;
      }
      .buttons {
        display: flex;
        justify-content: flex-end;
        gap: 0.6rem;
      }
    `,
  ];

  @property({ attribute: false }) model: ModelInfo | null = null;
  @state() private chosen: Choice = choices[0];
  @query('dialog') private dialog!: HTMLDialogElement;

  /** Begins with the form that the model came in. */
  show(): void {
    this.chosen = choices.find(([, , precision]) => precision === this.model?.precision) ?? choices[0];
    if (!this.dialog.open) this.dialog.showModal();
  }

  private get strings() {
    return this.words.of('saving', savingStrings);
  }

  override render() {
    return html`<dialog aria-labelledby="title">
      <form method="dialog" @submit=${this.#save}>
        <h2 id="title">${this.strings.saveTitle}</h2>
        <fieldset>
          <legend class="unseen">${this.strings.saveAs}</legend>
          ${choices.map((choice) => this.#row(choice))}
        </fieldset>
        <div class="buttons">
          <button type="button" @click=${() => this.dialog.close()}>${this.strings.cancel}</button>
          <button class="main" type="submit">${this.strings.save}</button>
        </div>
      </form>
    </dialog>`;
  }

  #row(choice: Choice) {
    const [name, , precision] = choice;
    const [label, hint] = this.strings.saveForms[name];
    const bytes = (this.model?.parameters ?? 0) * bytesPerWeight[precision];
    return html`<label>
      <input type="radio" name="form" .checked=${choice === this.chosen} @change=${() => (this.chosen = choice)} />
      <span>${label}</span>
      <span class="small soft numbers">≈ ${formatBytes(bytes)}</span>
      <small>${hint}</small>
    </label>`;
  }

  #save = (): void => {
    const [, format, precision] = this.chosen;
    this.dispatchEvent(new SaveChosen(format, precision));
  };
}

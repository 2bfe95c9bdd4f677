/** Which MNIST an experiment reads: the site's own, or files that the reader chose. */
import { LitElement, css, html, nothing } from 'lit';
import { property, query } from 'lit/decorators.js';
import { controls } from '../controls.js';
import { labStrings } from './strings.js';

/** These files, and no others, from now on; [] for the site's own. */
export class FilesChange extends Event {
  constructor(readonly files: readonly File[]) {
    super('files-change');
  }
}

/** Files of which later ones stand for earlier ones of the same name. */
export function withFiles(files: readonly File[], more: readonly File[]): readonly File[] {
  return [...new Map([...files, ...more].map((file) => [file.name, file])).values()];
}

/** Events up: FilesChange. */
export class MnistFiles extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 0.4rem;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.25rem 0.5rem;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 0.35rem;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        padding: 0.2rem 0.6rem;
        border-radius: 7px;
        background: var(--_wash);
        font-size: 0.8125rem;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) files: readonly File[] = [];

  @query('input') private input!: HTMLInputElement;

  override render() {
    const { files } = this;
    return html`
      <p class="small soft">
        ${labStrings.filesHint} ${files.length === 0 ? labStrings.filesSite : labStrings.filesChosen}
      </p>
      ${
        files.length > 0
          ? html`<ul>
              ${files.map(({ name }) => html`<li>${name}</li>`)}
            </ul>`
          : nothing
      }
      <div class="row">
        <input class="unseen" type="file" multiple tabindex="-1" aria-hidden="true" @change=${this.#onFiles} />
        <button type="button" @click=${() => this.input.click()}>${labStrings.filesChoose}</button>
        ${
          files.length > 0
            ? html`<button class="quiet" type="button" @click=${() => this.#tell([])}>
                ${labStrings.filesForget}
              </button>`
            : nothing
        }
      </div>
    `;
  }

  #onFiles = (): void => {
    const chosen = [...(this.input.files ?? [])];
    this.input.value = ''; // so that the same files can be chosen again
    if (chosen.length > 0) this.#tell(withFiles(this.files, chosen));
  };

  #tell(files: readonly File[]): void {
    this.dispatchEvent(new FilesChange(files));
  }
}

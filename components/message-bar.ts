/** What went wrong and what to do, or what is merely worth knowing. */
import { css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type { AdaptiveError } from '../core/errors.js';
import { controls } from './controls.js';
import { Part } from './part.js';
import { WordedError } from './strings/words.js';
import { modelStrings } from './strings/model.js';

/** Events up: `dismiss`, `reload`, `go-on`. */
export class MessageBar extends Part {
  static override styles = [
    controls,
    css`
      .message {
        display: flex;
        align-items: flex-start;
        gap: 0.5rem;
        padding-block: 0.8rem;
        padding-inline: var(--_inset) calc(var(--_inset) - 0.55rem);
        border-bottom: 1px solid var(--_line);
        background: var(--_wash);
      }
      .message p {
        flex: 1;
        min-width: 0;
        padding: 0.25rem 0;
        overflow-wrap: anywhere;
      }
      .message button.quiet {
        color: inherit;
      }
      .message button.quiet:hover:not(:disabled) {
        background: var(--_paper);
      }
      .error {
        background: var(--_danger-wash);
        color: var(--_danger);
      }
    `,
  ];

  @property({ attribute: false }) error: AdaptiveError | null = null;
  /** Shown while there is no error. */
  @property({ attribute: false }) notice = '';
  /** The model is gone, but where it came from is known. */
  @property({ attribute: false }) canReload = false;
  /** The notice is of a run that can go on. */
  @property({ attribute: false }) canGoOn = false;

  /** The two regions are always there: a screen reader hears what comes into one, not one that comes. */
  private get strings() {
    return this.words.of('model', modelStrings);
  }

  override render() {
    const { error, notice } = this;
    return html`
      <div role="alert">
        ${
          error
            ? html`<div class="message error" part="error">
                <p>${error instanceof WordedError ? error.message : this.strings.describe(error)}</p>
                ${this.canReload ? this.#button(this.strings.loadAgain, 'reload') : nothing}
                ${this.#button(this.strings.dismiss, 'dismiss')}
              </div>`
            : nothing
        }
      </div>
      <div role="status">
        ${
          notice && !error
            ? html`<div class="message" part="notice">
                <p>${notice}</p>
                ${this.canGoOn ? this.#button(this.strings.goOn, 'go-on') : nothing}
                ${this.#button(this.strings.dismiss, 'dismiss')}
              </div>`
            : nothing
        }
      </div>
    `;
  }

  #button(label: string, event: 'dismiss' | 'reload' | 'go-on') {
    return html`<button class="quiet" type="button" @click=${() => this.dispatchEvent(new Event(event))}>
      ${label}
    </button>`;
  }
}

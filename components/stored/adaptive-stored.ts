import { LitElement, css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import { AdaptiveError } from '../../core/errors.js';
import type { Stored, StoredModel } from '../../core/stored.js';
import { ModelClient } from '../../worker/client.js';
import { controls } from '../controls.js';
import { Departure } from '../departure.js';
import { AdaptiveErrorEvent } from '../events.js';
import { formatBytes, formatWhole } from '../format.js';
import { tokens } from '../tokens.js';
import { Localization } from '../strings/localization.js';
import { storedStrings } from '../strings/stored.js';
import type { SomeStrings } from '../strings/words.js';

/**
 * What is kept on this device: models with their texts, how much room each takes, whether training can go on, and a way to
 * delete it. It asks the browser for lasting storage when the reader wants that. It never throws: what goes wrong is shown.
 *
 * @event {AdaptiveErrorEvent} adaptive-error - Something failed.
 *
 * @csspart list - The models.
 * @csspart remove-button - Deletes one, after it asked.
 * @csspart persist-button - Asks the browser for lasting storage.
 */
export class AdaptiveStored extends LitElement {
  static override styles = [
    controls,
    tokens,
    css`
      :host {
        display: block;
      }
      :host([hidden]) {
        display: none;
      }
      .card {
        display: grid;
        gap: 0.8rem;
        padding: 1.25rem;
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        background: var(--_paper);
      }
      h3 {
        margin: 0;
        font: 600 1.0625rem/1.35 var(--_font);
      }
      ul {
        display: grid;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li,
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 0.35rem 1rem;
        align-items: center;
        justify-content: space-between;
      }
      [role]:empty {
        display: none;
      }
      li {
        padding-block: 0.6rem;
        border-top: 1px solid var(--_line);
      }
      .what {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .buttons {
        display: flex;
        gap: 0.5rem;
      }
      .danger {
        color: var(--_danger);
      }
    `,
  ];

  /** Where worker.js lies, if not in `worker/` beside this script. Read when the worker is started. */
  @property({ attribute: 'worker-url' }) workerUrl: string | null = null;

  /** Words of this element alone, in place of those of its language; some or all. */
  @property({ attribute: false }) strings: SomeStrings | null = null;

  @state() private stored: Stored | null = null;
  @state() private error: AdaptiveError | null = null;
  @state() private notice = '';
  /** Which is about to be deleted: its row asks whether that is meant. */
  @state() private asked: string | null = null;
  @state() private persisted: boolean | null = null;
  #client: ModelClient | null = null;
  readonly #localization = new Localization(this);
  readonly #departure = new Departure(() => this.#close());
  #looks = 0;

  constructor() {
    super();
    this.addController(this.#departure);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.refresh();
  }

  /** What is kept now, by name; null until it is known. */
  get models(): readonly StoredModel[] | null {
    return this.stored?.models ?? null;
  }

  /** Looks again. */
  async refresh(): Promise<void> {
    await this.#doing((client) => this.#look(client));
  }

  /** Deletes what is kept under a name, without asking. */
  async removeModel(name: string): Promise<void> {
    await this.#doing(async (client) => {
      await client.removeKept(name);
      this.notice = this.#words.removed(name);
      await this.#look(client);
    });
  }

  /** Of answers that overtake each other the one that was asked for last counts. */
  async #look(client: ModelClient): Promise<void> {
    const look = ++this.#looks;
    const stored = await client.stored();
    const persisted = 'storage' in navigator ? await navigator.storage.persisted() : null;
    if (look !== this.#looks) return;
    this.stored = stored;
    this.persisted = persisted;
  }

  override render() {
    const { stored, error, notice } = this;
    return html`<section class="card" aria-label=${this.#words.title}>
      <div class="row">
        <h3>${this.#words.title}</h3>
        <button class="quiet" type="button" @click=${() => void this.refresh()}>${this.#words.refresh}</button>
      </div>
      <div role="alert">${error ? html`<p class="danger">${this.#words.describe(error)}</p>` : nothing}</div>
      <div role="status">${notice ? html`<p>${notice}</p>` : nothing}</div>
      ${stored ? this.#list(stored) : html`<p class="soft">${this.#words.waiting}</p>`}
    </section>`;
  }

  get #words() {
    return this.#localization.words.of('stored', storedStrings);
  }

  #list({ kind, models }: Stored) {
    const bytes = models.reduce((sum, model) => sum + model.bytes, 0);
    return html`
      ${
        models.length > 0
          ? html`<ul part="list">
                ${models.map((model) => this.#row(model))}
              </ul>
              <p class="soft numbers">${this.#words.total(formatBytes(bytes))}</p>`
          : html`<p class="soft">${this.#words.nothing}</p>`
      }
      <p class="small soft">${this.#words.where[kind]} ${models.length > 0 ? this.#lasting() : nothing}</p>
      ${
        this.persisted === false && kind !== 'memory' && models.length > 0
          ? html`<div>
              <button part="persist-button" type="button" @click=${this.#persist}>${this.#words.persist}</button>
            </div>`
          : nothing
      }
    `;
  }

  #row({ name, bytes, savedAt, run, inUse }: StoredModel) {
    const facts = [
      formatBytes(bytes),
      savedAt === null ? this.#words.unreadable : this.#words.savedAt(new Date(savedAt).toLocaleString()),
      run ? this.#words.interrupted(formatWhole(run.step), formatWhole(run.totalSteps)) : '',
      inUse ? this.#words.inUse : '',
    ].filter((fact) => fact !== '');
    return html`<li>
      <div class="what">
        <div>${name}</div>
        <div class="small soft numbers">${facts.join(' · ')}</div>
      </div>
      <div class="buttons">
        ${
          this.asked === name
            ? html`<button class="danger" type="button" @click=${() => this.#remove(name)}>${this.#words.sure}</button>
                <button type="button" @click=${() => (this.asked = null)}>${this.#words.keepIt}</button>`
            : html`<button
                part="remove-button"
                type="button"
                aria-label=${this.#words.removeNamed(name)}
                ?disabled=${inUse}
                @click=${() => (this.asked = name)}
              >
                ${this.#words.remove}
              </button>`
        }
      </div>
    </li>`;
  }

  #lasting(): string {
    if (this.persisted === null || this.stored?.kind === 'memory') return '';
    return this.persisted ? this.#words.safe : this.#words.unsafe;
  }

  #remove(name: string): void {
    this.asked = null;
    void this.removeModel(name);
  }

  #persist = async (): Promise<void> => {
    this.persisted = await navigator.storage.persist();
    this.notice = this.persisted ? this.#words.safe : this.#words.refused;
  };

  async #doing(work: (client: ModelClient) => Promise<void>): Promise<void> {
    this.error = null;
    try {
      this.#departure.assertHere();
      this.#client ??= new ModelClient({ workerUrl: this.workerUrl });
      await work(this.#client);
    } catch (thrown) {
      const error = AdaptiveError.from(thrown);
      if (error.code === 'destroyed') return; // it left the page
      this.error = error;
      this.dispatchEvent(new AdaptiveErrorEvent(error));
    }
  }

  #close(): void {
    this.#client?.destroy();
    this.#client = null;
  }
}

/** Where one writes: the prompt, the button that starts and stops, the settings, and the text as it comes. */
import { html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { Announcer } from './announcer.js';
import type { ModelState } from './events.js';
import { SettingsChange, defaultSettings } from './settings-fields.js';
import { Part } from './part.js';
import { writerStrings } from './strings/writer.js';
import { controls } from './controls.js';
import { splitBlocks } from './text-blocks.js';
import { writerStyles } from './writer-styles.js';

/** The prompt was edited. */
export class PromptChange extends Event {
  constructor(readonly prompt: string) {
    super('prompt-change');
  }
}

/** Of the bottom, in px: nearer than that and the text is followed as it grows. */
const followDistance = 48;

/**
 * What stands where the text will be comes in by the slot `empty`.
 * Events up: `write`, `write-on`, `stop`, `clear`, PromptChange, SettingsChange.
 */
export class WriterPanel extends Part {
  static override styles = [controls, writerStyles];

  @property({ attribute: false }) state: ModelState = 'empty';
  /** What the field holds. */
  @property({ attribute: false }) prompt = '';
  /** What the text that is shown began with. */
  @property({ attribute: false }) writtenPrompt = '';
  @property({ attribute: false }) text = '';
  @property({ attribute: false }) settings = defaultSettings;
  @property({ attribute: false }) lastSeed = 1;
  /** The reader may stop it, and do nothing else. */
  @property({ attribute: false }) disabled = false;

  @state() private settingsOpen = false;
  @state() private announcement = '';
  @state() private copied = false;
  @query('#sheet') private sheet!: HTMLElement;
  @query('#prompt') private field!: HTMLTextAreaElement | null;

  readonly #announcer = new Announcer();
  #follows = true;

  get #writing(): boolean {
    return this.state === 'writing';
  }

  get #writable(): boolean {
    return !this.disabled && (this.state === 'ready' || this.state === 'error');
  }

  /** Where one begins; undefined before it has drawn. */
  get entrance(): HTMLElement | undefined {
    return this.field ?? undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.get('state') === 'ready' && this.#writing) this.#announcer.reset();
    if (changed.has('text') || changed.has('state')) {
      this.copied = false;
      const done = changed.get('state') === 'writing';
      if (this.#writing || done) this.announcement = this.#announcer.take(this.text, done) ?? this.announcement;
    }
    if (!this.hasUpdated) return;
    const { scrollHeight, scrollTop, clientHeight } = this.sheet;
    this.#follows = scrollHeight - scrollTop - clientHeight < followDistance;
  }

  protected override updated(): void {
    if (this.#writing && this.#follows) this.sheet.scrollTop = this.sheet.scrollHeight;
  }

  private get strings() {
    return this.words.of('writer', writerStrings);
  }

  override render() {
    return html`
      ${this.#composer()}
      <div id="settings" ?hidden=${!this.settingsOpen}>
        <adaptive-lm-settings
          .words=${this.words}
          .settings=${this.settings}
          .lastSeed=${this.lastSeed}
          .disabled=${this.disabled}
          @settings-change=${this.#forward}
        ></adaptive-lm-settings>
      </div>
      ${this.#sheet()}
      <div class="unseen" role="status">${this.announcement}</div>
    `;
  }

  #composer() {
    const hasText = this.text !== '';
    return html`<div class="composer">
      <label for="prompt">${this.strings.promptLabel}</label>
      <textarea
        id="prompt"
        part="prompt"
        rows="2"
        placeholder=${this.strings.promptPlaceholder}
        ?disabled=${this.disabled}
        .value=${this.prompt}
        @input=${this.#onInput}
        @keydown=${this.#onKey}
      ></textarea>
      <div class="actions">
        <button
          class=${this.#writing ? 'stop' : 'main'}
          part="write-button"
          type="button"
          ?disabled=${!this.#writing && !this.#writable}
          @click=${this.#toggle}
        >
          ${this.#writing ? this.strings.stop : this.strings.write}
        </button>
        <button type="button" ?hidden=${!hasText || !this.#writable} @click=${() => this.#tell('write-on')}>
          ${this.strings.writeOn}
        </button>
        <kbd aria-hidden="true">${this.#writing ? this.strings.stopKey : this.#writeKeys()}</kbd>
        <span class="gap"></span>
        <button
          class="quiet"
          type="button"
          aria-expanded=${this.settingsOpen ? 'true' : 'false'}
          aria-controls="settings"
          @click=${() => (this.settingsOpen = !this.settingsOpen)}
        >
          ${this.strings.settings}<span class="chevron" aria-hidden="true"></span>
        </button>
      </div>
    </div>`;
  }

  #sheet() {
    const hasText = this.text !== '' || this.writtenPrompt !== '';
    return html`<div class="frame">
      <div
        id="sheet"
        part="output"
        role="region"
        aria-label=${this.strings.outputLabel}
        aria-busy=${this.#writing ? 'true' : 'false'}
        tabindex=${hasText ? 0 : nothing}
        class=${this.#writing ? 'writing' : ''}
      >
        ${hasText ? this.#blocks() : html`<slot name="empty"></slot>`}
      </div>
      <div class="tools" ?hidden=${this.text === '' || this.#writing}>
        <button class="quiet" type="button" @click=${this.#copy}>
          ${this.copied ? this.strings.copied : this.strings.copy}
        </button>
        <button class="quiet" type="button" @click=${() => this.#tell('clear')}>${this.strings.clear}</button>
      </div>
    </div>`;
  }

  #blocks() {
    return splitBlocks(this.text).map((block, index) => {
      const prompt =
        index === 0 ? html`<span class="prompt" part="written-prompt">${this.writtenPrompt}</span>` : nothing;
      return html`<p>${prompt}<span part="written">${block}</span></p>`;
    });
  }

  #onInput = ({ currentTarget }: Event): void => {
    if (currentTarget instanceof HTMLTextAreaElement) this.dispatchEvent(new PromptChange(currentTarget.value));
  };

  #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    if (this.#writable) this.#tell('write');
  };

  #toggle = (): void => this.#tell(this.#writing ? 'stop' : 'write');

  #copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.writtenPrompt + this.text);
      this.copied = true;
    } catch {
      // No clipboard here: leave the text selected, one key from being copied.
      getSelection()?.selectAllChildren(this.sheet);
    }
  };

  #forward = (event: Event): void => {
    if (event instanceof SettingsChange) this.dispatchEvent(new SettingsChange(event.change));
  };

  #tell(name: 'write' | 'write-on' | 'stop' | 'clear'): void {
    this.dispatchEvent(new Event(name));
  }

  #writeKeys(): string {
    return /Mac|iPhone|iPad/.test(navigator.userAgent) ? this.strings.writeKeysMac : this.strings.writeKeys;
  }
}

/** How to write: temperature, length, top-k, top-p, seed. */
import { css, html } from 'lit';
import { property } from 'lit/decorators.js';
import { Part } from './part.js';
import { writerStrings } from './strings/writer.js';
import { controls } from './controls.js';

export interface WritingSettings {
  readonly temperature: number;
  readonly maxTokens: number;
  /** 0 for all tokens. */
  readonly topK: number;
  readonly topP: number;
  /** null for a new one each time. */
  readonly seed: number | null;
}

export const defaultSettings: WritingSettings = {
  temperature: 0.8,
  maxTokens: 400,
  topK: 0,
  topP: 1,
  seed: null,
};

/** What changed of the settings. */
export class SettingsChange extends Event {
  constructor(readonly change: Partial<WritingSettings>) {
    super('settings-change');
  }
}

type NumberSetting = 'temperature' | 'maxTokens' | 'topK' | 'topP' | 'seed';

export class SettingsFields extends Part {
  static override styles = [
    controls,
    css`
      :host {
        container-type: inline-size;
      }
      .fields {
        display: grid;
        grid-template-columns: repeat(6, minmax(0, 1fr));
        gap: 1rem 1.5rem;
        padding-top: 0.4rem;
      }
      .fields > * {
        grid-column: span 2;
      }
      .fields > .slider {
        grid-column: span 3;
      }
      @container (max-width: 26rem) {
        .fields > * {
          grid-column: span 3;
        }
        .fields > :last-child {
          grid-column: 1 / -1;
        }
      }
      .name {
        display: flex;
        justify-content: space-between;
        gap: 0.5rem;
        margin-bottom: 0.35rem;
      }
      .name output {
        color: var(--_ink);
        font-size: 0.8125rem;
        font-variant-numeric: tabular-nums;
      }
      input[type='range'] {
        display: block;
        width: 100%;
        height: 2.25rem;
      }
      .check {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        margin-top: 0.5rem;
      }
      .hint {
        font-weight: 400;
      }
    `,
  ];

  @property({ attribute: false }) settings = defaultSettings;
  /** The seed of the last writing: what the field shows while seeds are drawn anew. */
  @property({ attribute: false }) lastSeed = 1;
  @property({ attribute: false }) disabled = false;

  private get strings() {
    return this.words.of('writer', writerStrings);
  }

  override render() {
    const { seed } = this.settings;
    return html`<fieldset class="fields" ?disabled=${this.disabled}>
      ${this.#slider('temperature', this.strings.temperature, this.strings.temperatureHint, 0, 2, 0.05)}
      ${this.#slider('topP', this.strings.topP, '', 0.05, 1, 0.05)}
      ${this.#number('maxTokens', this.strings.length, this.strings.lengthHint, this.settings.maxTokens)}
      ${this.#number('topK', this.strings.topK, this.strings.topKHint, this.settings.topK)}
      <div>
        ${this.#number('seed', this.strings.seed, '', seed ?? this.lastSeed, seed === null)}
        <label class="check">
          <input type="checkbox" .checked=${seed === null} @change=${this.#onNewSeed} />
          ${this.strings.newSeed}
        </label>
      </div>
    </fieldset>`;
  }

  #slider(name: 'temperature' | 'topP', label: string, hint: string, min: number, max: number, step: number) {
    const value = this.settings[name];
    return html`<div class="slider">
      <div class="name"><label for=${name}>${label}</label><output for=${name}>${value.toFixed(2)}</output></div>
      <input
        id=${name}
        type="range"
        title=${hint}
        min=${min}
        max=${max}
        step=${step}
        .value=${String(value)}
        @input=${this.#onNumber}
      />
    </div>`;
  }

  #number(name: NumberSetting, label: string, hint: string, value: number, disabled = false) {
    return html`<div>
      <label class="name" for=${name}><span>${label}</span><span class="hint">${hint}</span></label>
      <input
        id=${name}
        type="number"
        min="0"
        step="1"
        inputmode="numeric"
        .value=${Number.isNaN(value) ? '' : String(value)}
        ?disabled=${disabled}
        @change=${this.#onNumber}
      />
    </div>`;
  }

  #onNumber = ({ currentTarget }: Event): void => {
    if (!(currentTarget instanceof HTMLInputElement)) return;
    this.dispatchEvent(new SettingsChange({ [currentTarget.id]: currentTarget.valueAsNumber }));
  };

  #onNewSeed = ({ currentTarget }: Event): void => {
    if (!(currentTarget instanceof HTMLInputElement)) return;
    this.dispatchEvent(new SettingsChange({ seed: currentTarget.checked ? null : this.lastSeed }));
  };
}

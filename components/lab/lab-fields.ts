/** The settings of an experiment, as fields that invite to play. */
import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { controls } from '../controls.js';
import { selectStyles } from './select-styles.js';
import type { ChoiceField, Field, FieldValue, NumberField } from './stages.js';
import { labStrings } from './strings.js';

/** One setting is another one now. */
export class SettingChange extends Event {
  constructor(
    readonly name: string,
    readonly value: FieldValue,
  ) {
    super('setting-change');
  }
}

/** Characters that a field of usual width has no room for. */
const wideLabel = 10;

const seed: NumberField = { kind: 'number', name: 'seed', label: labStrings.seed, initial: 1, step: 1 };

/** Events up: SettingChange; `seed` is one of them. */
export class LabFields extends LitElement {
  static override styles = [
    controls,
    selectStyles,
    css`
      :host {
        container-type: inline-size;
      }
      fieldset {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 8.5rem), 1fr));
        gap: 0.75rem 1rem;
      }
      .wide {
        grid-column: span 2;
      }
      @container (max-width: 20rem) {
        .wide {
          grid-column: auto;
        }
      }
      label {
        display: grid;
        gap: 0.3rem;
        align-content: end;
      }
      input[type='number'] {
        font-size: 0.9375rem;
      }
    `,
  ];

  @property({ attribute: false }) fields: readonly Field[] = [];
  @property({ attribute: false }) values: Readonly<Record<string, FieldValue>> = {};
  @property({ attribute: false }) seed = 1;

  override render() {
    return html`<fieldset>
      <legend class="unseen">${labStrings.settings}</legend>
      ${this.fields.map((field) => (field.kind === 'choice' ? this.#choice(field) : this.#number(field)))}
      ${this.#number(seed, this.seed)}
    </fieldset>`;
  }

  #choice({ name, label, initial, options }: ChoiceField) {
    const value = this.values[name] ?? initial;
    const wide = options.some((option) => option.label.length > wideLabel);
    return html`<label class=${wide ? 'wide' : ''}>
      <span>${label}</span>
      <select name=${name} @change=${this.#onChoice}>
        ${options.map(
          (option) =>
            html`<option value=${String(option.value)} ?selected=${option.value === value}>${option.label}</option>`,
        )}
      </select>
    </label>`;
  }

  #number({ name, label, hint, step, initial }: NumberField, value: FieldValue = this.values[name] ?? initial) {
    return html`<label>
      <span>${label}${hint === undefined ? nothing : html` <small>${hint}</small>`}</span>
      <input
        type="number"
        name=${name}
        min="0"
        step=${step}
        inputmode="decimal"
        .value=${Number.isNaN(value) ? '' : String(value)}
        @change=${this.#onNumber}
      />
    </label>`;
  }

  #onChoice = ({ currentTarget }: Event): void => {
    if (!(currentTarget instanceof HTMLSelectElement)) return;
    const { name, value } = currentTarget;
    const field = this.fields.find((each) => each.name === name);
    const option = field?.kind === 'choice' ? field.options.find((each) => String(each.value) === value) : undefined;
    if (option) this.dispatchEvent(new SettingChange(name, option.value));
  };

  #onNumber = ({ currentTarget }: Event): void => {
    if (!(currentTarget instanceof HTMLInputElement)) return;
    this.dispatchEvent(new SettingChange(currentTarget.name, currentTarget.valueAsNumber));
  };
}

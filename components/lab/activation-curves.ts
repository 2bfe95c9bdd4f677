import { LitElement, css, html, svg } from 'lit';
import { state } from 'lit/decorators.js';
import { controls } from '../controls.js';
import { formatPercent } from '../format.js';
import { tokens } from '../tokens.js';
import {
  activations,
  density,
  effectsOver,
  type Activation,
  type ActivationName,
  type Effects,
} from './activations.js';
import { labStyles } from './activation-lab-styles.js';
import { labStrings } from './strings.js';

const [width, height] = [640, 300];
const range = 6; // of a, to both sides
const names = ['sigmoid', 'tanh', 'relu'] as const;

/**
 * An activation function beside its own linear part, over pre-activations as wide as the reader makes them: what lies between
 * the two is all the non-linearity that a layer has.
 *
 * @csspart card - The frame.
 *
 * @cssproperty --activation-lab-first - The first colour of figures.
 * @cssproperty --activation-lab-second - The second colour of figures.
 * @cssproperty --activation-lab-third - The third colour of figures.
 * @cssproperty --activation-lab-fourth - The fourth colour of figures.
 */
export class ActivationCurves extends LitElement {
  static override styles = [
    controls,
    tokens,
    labStyles,
    css`
      svg {
        display: block;
        width: 100%;
        overflow: hidden;
      }
      .bell {
        fill: color-mix(in srgb, var(--lab-first) 22%, transparent);
      }
      .between {
        fill: color-mix(in srgb, var(--lab-second) 45%, transparent);
      }
      .curve {
        fill: none;
        stroke: var(--_ink);
        stroke-width: 2.5;
      }
      .line {
        fill: none;
        stroke: var(--lab-second);
        stroke-width: 1.5;
        stroke-dasharray: 5 4;
      }
      .zero {
        stroke: var(--_line);
      }
      .row {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr));
        gap: 1rem 2rem;
        align-items: end;
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 0.4rem 1.1rem;
        min-height: 2.25rem;
        align-items: center;
      }
      .choices label {
        display: inline-flex;
        align-items: center;
        gap: 0.4rem;
        min-height: 1.75rem;
        color: var(--_ink);
        font-size: 0.9375rem;
      }
      .name {
        display: flex;
        justify-content: space-between;
      }
      output {
        color: var(--_ink);
      }
      .finding {
        font-size: 1.0625rem;
      }
    `,
  ];

  @state() private name: ActivationName = 'sigmoid';
  /** The standard deviation of pre-activations; 0.75 is what MNIST nets have. */
  @state() private deviation = 0.75;

  override render() {
    const activation = activations[this.name];
    const effects = effectsOver(activation, this.deviation);
    return html`<div class="card" part="card">
      ${this.#picture(activation, effects)}
      <div class="row">
        <div class="way">
          <div class="name">
            <label for="deviation">${labStrings.deviation}</label>
            <output for="deviation" class="small numbers">${this.deviation.toFixed(2)}</output>
          </div>
          <input
            id="deviation"
            type="range"
            min="0.1"
            max="4"
            step="0.05"
            .value=${String(this.deviation)}
            @input=${this.#onDeviation}
          />
        </div>
        <fieldset>
          <legend>${labStrings.activation}</legend>
          <div class="choices">
            ${names.map(
              (name) =>
                html`<label>
                  <input
                    type="radio"
                    name="activation"
                    .checked=${name === this.name}
                    @change=${() => (this.name = name)}
                  />
                  ${activations[name].label}
                </label>`,
            )}
          </div>
        </fieldset>
      </div>
      <p class="finding numbers">${finding(activation, effects)}</p>
    </div>`;
  }

  #picture(activation: Activation, effects: Effects) {
    const all = Array.from({ length: 241 }, (_, at) => -range + (2 * range * at) / 240);
    // Where nearly all pre-activations are, the curve and its linear part enclose what the layer can use.
    const used = all.filter((a) => Math.abs(a) <= 2.5 * this.deviation);
    const middle = activation.of(0);
    const unit = (height - 20) / (this.name === 'sigmoid' ? 1.6 : this.name === 'tanh' ? 3.2 : 5);
    const centre = this.name === 'relu' ? 0.72 : 0.5;
    const x = (a: number): number => ((a + range) / (2 * range)) * width;
    const y = (value: number): number => height * centre - (value - middle) * unit;
    const path = (points: readonly number[], value: (a: number) => number): string =>
      points.map((a, at) => `${at === 0 ? 'M' : 'L'}${x(a).toFixed(1)} ${y(value(a)).toFixed(1)}`).join('');
    const back = [...used].reverse();
    const bell = all
      .map((a) => `L${x(a).toFixed(1)} ${(height - 90 * density(a / this.deviation)).toFixed(1)}`)
      .join('');
    return html`<svg role="img" aria-label=${finding(activation, effects)} viewBox="0 0 ${width} ${height}">
      ${svg`
        <path class="bell" d=${`M0 ${height}${bell}L${width} ${height}Z`}></path>
        <line class="zero" x1=${x(0)} x2=${x(0)} y1="0" y2=${height}></line>
        <path
          class="between"
          d=${`${path(used, (a) => activation.of(a))}${path(back, (a) => activation.linear(a)).replace('M', 'L')}Z`}
        ></path>
        <path class="line" d=${path(all, (a) => activation.linear(a))}></path>
        <path class="curve" d=${path(all, (a) => activation.of(a))}></path>`}
    </svg>`;
  }

  #onDeviation = ({ currentTarget }: Event): void => {
    if (currentTarget instanceof HTMLInputElement) this.deviation = currentTarget.valueAsNumber;
  };
}

function finding({ label }: Activation, { median, beyond }: Effects): string {
  return labStrings.finding(label, median < 0.001 ? '0.001' : median.toFixed(3), formatPercent(beyond));
}

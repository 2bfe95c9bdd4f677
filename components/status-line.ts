/** One quiet line: what the model is doing, what it is, how fast, how good. */
import { css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type { BackendReason } from '../core/backend.js';
import type { Backend } from '../core/executor.js';
import type { ModelInfo } from '../core/protocol.js';
import type { ModelState } from './events.js';
import { formatBytes, formatCount, formatLoss, formatPercent, formatTimes, formatWhole } from './format.js';
import { Part } from './part.js';
import { modelStrings } from './strings/model.js';
import { controls } from './controls.js';
import type { RunPlace } from './run-view.js';

export class StatusLine extends Part {
  static override styles = [
    controls,
    css`
      :host {
        font-size: 0.8125rem;
        color: var(--_soft);
      }
      div {
        display: flex;
        flex-wrap: wrap;
        gap: 0.15rem 1.1rem;
        align-items: center;
      }
      .state {
        display: inline-flex;
        align-items: center;
        gap: 0.5rem;
        color: var(--_ink);
        font-weight: 500;
      }
      .state::before {
        content: '';
        width: 0.5rem;
        height: 0.5rem;
        border-radius: 50%;
        background: var(--_edge);
      }
      [data-state='ready']::before,
      [data-state='writing']::before,
      [data-state='training']::before {
        background: var(--_accent);
      }
      [data-state='error']::before {
        background: var(--_danger);
      }
      [data-state='loading']::before,
      [data-state='writing']::before,
      [data-state='training']::before {
        animation: breathe 1.6s ease-in-out infinite;
      }
      @keyframes breathe {
        50% {
          opacity: 0.25;
        }
      }
      @media (forced-colors: active) {
        .state::before {
          background: CanvasText;
        }
      }
    `,
  ];

  @property({ attribute: false }) state: ModelState = 'empty';
  @property({ attribute: false }) model: ModelInfo | null = null;
  /** What the run under way stands on, or null without one. */
  @property({ attribute: false }) run: RunPlace | null = null;
  /** 0 … 1 of a download, or null. */
  @property({ attribute: false }) downloaded: number | null = null;
  /** Of memory, that are held now; null for unknown. */
  @property({ attribute: false }) bytes: number | null = null;
  /** Of the last writing; 0 for unknown. */
  @property({ attribute: false }) tokensPerSecond = 0;

  private get strings() {
    return this.words.of('model', modelStrings);
  }

  override render() {
    const { state, model } = this;
    const place = this.run ?? model;
    const label =
      state === 'loading' && this.downloaded !== null
        ? this.strings.loadingPart(formatPercent(this.downloaded))
        : this.strings.states[state];
    return html`<div class="numbers">
      <span class="state" data-state=${state}>${label}</span>
      ${place ? html`<span>${this.#describe(place)}</span>` : nothing} ${model ? this.#facts(model) : nothing}
      ${this.bytes === null ? nothing : html`<span>${this.strings.memory(formatBytes(this.bytes))}</span>`}
    </div>`;
  }

  #facts({ parameters, precision, validationLoss, tokenizer }: ModelInfo) {
    const facts = [this.strings.parameters(formatCount(parameters))];
    if (precision === 'int8') facts.push(this.strings.int8);
    if (validationLoss !== null)
      facts.push(this.strings.heldOut(formatLoss(validationLoss), this.strings.units[tokenizer]));
    if (this.tokensPerSecond > 0) facts.push(this.strings.tokensPerSecond(formatWhole(this.tokensPerSecond)));
    return facts.map((fact) => html`<span>${fact}</span>`);
  }

  /** Which backend, and why. */
  #describe({ backend, reason, threads = 1 }: Pick<RunPlace, 'backend' | 'reason'> & { threads?: number }): string {
    const { strings } = this;
    const name = strings.backends[backend];
    const full = backend === 'wasm' && threads > 1 ? strings.onThreads(name, formatWhole(threads)) : name;
    const why =
      reason.code === 'faster' ? strings.faster(formatTimes(reason.times)) : this.#explain(backend, reason.code);
    return why === '' ? full : strings.because(full, why);
  }

  #explain(backend: Backend, code: Exclude<BackendReason['code'], 'faster'>): string {
    const { newDevice, backendReasons } = this.strings;
    return backend === 'webgpu' && code === 'device-lost' ? newDevice : backendReasons[code];
  }
}

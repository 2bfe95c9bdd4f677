/** Training and held-out loss over the steps of a run, as a small SVG with axes. */
import { css, html, nothing, svg } from 'lit';
import { property, state } from 'lit/decorators.js';
import { formatCount, formatLoss, formatWhole } from './format.js';
import type { LossPoint } from '../core/loss-history.js';
import { niceTicks } from './nice-ticks.js';
import { Part } from './part.js';
import { trainingStrings } from './strings/training.js';
import { controls } from './controls.js';

/** px, around the plot: room for the ticks' labels. */
const margin = { top: 22, right: 10, bottom: 34, left: 34 } as const;
const height = 190;

export class LossChart extends Part {
  static override styles = [
    controls,
    css`
      svg {
        display: block;
        width: 100%;
        overflow: visible;
        direction: ltr; /* as axes are, everywhere */
      }
      text {
        fill: var(--_soft);
        font: 400 11px/1 var(--_font);
        font-variant-numeric: tabular-nums;
      }
      .grid {
        stroke: var(--_line);
      }
      .training {
        fill: none;
        stroke: var(--_edge);
        stroke-width: 1.5;
      }
      .validation {
        fill: none;
        stroke: var(--_accent);
        stroke-width: 2;
      }
      .training,
      .validation {
        stroke-linejoin: round;
        stroke-linecap: round;
      }
      .mark {
        fill: var(--_accent);
      }
      .best {
        fill: var(--_paper);
        stroke: var(--_accent);
        stroke-width: 2;
      }
      .best-label {
        fill: var(--_ink);
        font-weight: 600;
      }
      .empty {
        height: ${height}px;
        display: grid;
        place-items: center;
        color: var(--_soft);
        font-size: 0.8125rem;
      }
      @media (forced-colors: active) {
        .training,
        .validation {
          stroke: CanvasText;
        }
        .training {
          stroke-dasharray: 3 3;
        }
        .mark {
          fill: CanvasText;
        }
        text {
          fill: CanvasText;
        }
      }
    `,
  ];

  @property({ attribute: false }) training: readonly LossPoint[] = [];
  @property({ attribute: false }) validation: readonly LossPoint[] = [];
  @property({ attribute: false }) best: LossPoint | null = null;
  /** Where the x axis ends; at least the last step. */
  @property({ attribute: false }) totalSteps = 0;

  @state() private width = 320;
  #resizes: ResizeObserver | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) this.width = Math.round(entry.contentRect.width);
    });
    this.#resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes?.disconnect();
  }

  private get strings() {
    return this.words.of('training', trainingStrings);
  }

  override render() {
    const losses = [...this.training, ...this.validation].map(({ loss }) => loss);
    if (losses.length === 0) {
      return html`<div class="empty">${this.strings.chartEmpty}</div>`;
    }
    const steps = niceTicks(0, Math.max(this.totalSteps, this.#lastStep, 1), Math.max(2, this.width / 90));
    const nats = niceTicks(Math.min(...losses), Math.max(...losses), 4);
    const x = scale(0, Math.max(this.totalSteps, this.#lastStep, 1), margin.left, this.width - margin.right);
    const y = scale(nats.min, nats.max, height - margin.bottom, margin.top);
    const path = (points: readonly LossPoint[]): string =>
      points.map(({ step, loss }, index) => `${index ? 'L' : 'M'}${x(step).toFixed(1)} ${y(loss).toFixed(1)}`).join('');
    return html`<svg
      role="img"
      aria-label=${this.#description()}
      height=${height}
      viewBox="0 0 ${this.width} ${height}"
    >
      ${nats.ticks.map(
        (tick) => svg`
          <line class="grid" x1=${margin.left} x2=${this.width - margin.right} y1=${y(tick)} y2=${y(tick)}></line>
          <text x=${margin.left - 7} y=${y(tick) + 4} text-anchor="end">${tick.toFixed(nats.decimals)}</text>`,
      )}
      ${steps.ticks
        .filter((tick) => x(tick) <= this.width - margin.right)
        .map(
          (tick) => svg`<text
            x=${x(tick)} y=${height - margin.bottom + 16} text-anchor="middle">${formatCount(tick)}</text>`,
        )}
      <text x=${this.width - margin.right} y=${height - 3} text-anchor="end">${this.strings.chartSteps}</text>
      <text x="0" y="10">${this.strings.chartLoss}</text>
      ${this.#legend()}
      <path class="training" d=${path(this.training)}></path>
      <path class="validation" d=${path(this.validation)}></path>
      ${this.validation.map(
        ({ step, loss }) => svg`<circle class="mark" cx=${x(step)} cy=${y(loss)} r="2.2"></circle>`,
      )}
      ${this.best ? this.#bestMark(this.best, x(this.best.step), y(this.best.loss)) : nothing}
    </svg>`;
  }

  get #lastStep(): number {
    return Math.max(this.training.at(-1)?.step ?? 0, this.validation.at(-1)?.step ?? 0);
  }

  #legend() {
    const right = this.width - margin.right;
    return svg`
      <path class="training" d="M${right - 130} 6.5h14"></path>
      <text x=${right - 112} y="10">${this.strings.chartTraining}</text>
      <path class="validation" d="M${right - 58} 6.5h14"></path>
      <text x=${right - 40} y="10">${this.strings.chartValidation}</text>`;
  }

  #bestMark({ loss }: LossPoint, x: number, y: number) {
    const anchor = x > this.width - 60 ? 'end' : 'middle';
    return svg`
      <circle class="best" cx=${x} cy=${y} r="4"></circle>
      <text class="best-label" x=${x + (anchor === 'end' ? 4 : 0)} y=${y - 10} text-anchor=${anchor}>
        ${formatLoss(loss)}
      </text>`;
  }

  #description(): string {
    const first = this.training[0];
    const last = this.training.at(-1);
    const held = this.validation.at(-1);
    const text = this.strings.chartDescription(
      formatWhole(this.#lastStep),
      formatLoss(first?.loss ?? null),
      formatLoss(last?.loss ?? null),
    );
    if (!held) return text;
    return text + this.strings.chartDescriptionValidation(formatLoss(held.loss), formatLoss(this.best?.loss ?? null));
  }
}

/** The straight line that takes from … to into start … end. */
function scale(from: number, to: number, start: number, end: number): (value: number) => number {
  const slope = (end - start) / (to - from);
  return (value) => start + (value - from) * slope;
}

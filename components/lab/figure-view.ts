/** A figure that moves: drawn anew for each frame, as wide as there is room, with words that keep up at their own pace. */
import { LitElement, css, html, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { AnyFrame } from '../../lab/experiment.js';
import { drawPlot } from '../../lab/figures/draw.js';
import type { Figure } from '../../lab/figures/figure.js';
import { controls } from '../controls.js';
import { FrameBatch } from '../frames.js';

/** ms between two descriptions while frames go by: whoever listens is not to be talked over. */
const describeEvery = 3000;

export class FigureView extends LitElement {
  static override styles = [
    controls,
    css`
      figure {
        margin: 0;
      }
      figcaption {
        margin-bottom: 0.35rem;
        color: var(--_soft);
        font-size: 0.8125rem;
        font-weight: 500;
      }
      .drawing {
        --plot-background: var(--_paper);
        overflow: hidden;
        color: var(--_soft);
      }
      .drawing svg {
        display: block;
        overflow: visible;
        direction: ltr; /* as axes are, everywhere */
      }
    `,
  ];

  @property({ attribute: false }) figure: Figure<AnyFrame> | null = null;
  @property({ attribute: false }) frame: AnyFrame | null = null;
  /** Frames go by. */
  @property({ attribute: false }) moving = false;

  @state() private description = '';
  @state() private width = 0;
  @query('.drawing') private drawing!: HTMLElement | null;
  #described = -Infinity;
  #drawnWidth = 0;
  #resizes: ResizeObserver | null = null;
  readonly #measuring = new FrameBatch(() => (this.width = this.clientWidth));

  override connectedCallback(): void {
    super.connectedCallback();
    // Not within the observer itself: what is drawn changes the height.
    this.#resizes = new ResizeObserver(() => this.#measuring.schedule());
    this.#resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes?.disconnect();
  }

  /** Words may come late, and what stands still is described as it stands. */
  protected override willUpdate(): void {
    const { figure, frame } = this;
    if (!figure || !frame) return;
    const now = performance.now();
    if (this.moving && now - this.#described < describeEvery) return;
    this.#described = now;
    this.description = figure.describe(frame);
  }

  override render() {
    return html`<figure>
      <figcaption>${this.figure?.title}</figcaption>
      <div class="drawing" role="img" aria-label=${this.description}></div>
    </figure>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { figure, frame, drawing, width } = this;
    if (!figure || !frame || !drawing || width === 0) return;
    if (!changed.has('frame') && !changed.has('figure') && width === this.#drawnWidth) return;
    this.#drawnWidth = width;
    const picture = drawPlot(figure, frame, width);
    picture.setAttribute('aria-hidden', 'true');
    drawing.replaceChildren(picture);
  }
}

/** The side where it learns: the form, and in its place the run once there is one. */
import { css, html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { FoundFile } from './corpus-entries.js';
import { Part } from './part.js';
import { trainingStrings } from './strings/training.js';
import { controls } from './controls.js';
import type { RunView } from './run-view.js';
import type { TrainingForm } from './training-form.js';
import { TrainingStart, isTrainingStart } from './training-start.js';

/** Events up: TrainingStart, `pause`, `resume`, `stop`. */
export class TrainingPanel extends Part {
  static override styles = [
    controls,
    css`
      .head {
        display: grid;
        gap: 0.3rem;
        margin-bottom: 1.1rem;
      }
    `,
  ];

  @property({ attribute: false }) view: RunView | null = null;
  @property({ attribute: false }) busy = false;
  @property({ attribute: false }) currentParameters: number | null = null;
  /** The name under which the model will be kept; null if it will not. */
  @property({ attribute: false }) keep: string | null = null;

  /** The form is shown although a run has ended. */
  @state() private again = false;
  @query('adaptive-lm-training-form') private form!: TrainingForm;

  /** Files to learn from, from a drop. */
  offer(found: readonly FoundFile[]): void {
    this.again = true;
    this.form.offer(found);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('view') && this.view?.phase === 'preparing') this.again = false;
  }

  /** A run that never began has nothing to show: the form stays, with the error above it. */
  get #showsRun(): boolean {
    const { view } = this;
    if (!view || (view.phase === 'failed' && !view.progress)) return false;
    return !this.again;
  }

  private get strings() {
    return this.words.of('training', trainingStrings);
  }

  override render() {
    const showsRun = this.#showsRun;
    return html`
      <section ?hidden=${showsRun}>
        <div class="head">
          <h2>${this.strings.teach}</h2>
          <p class="small soft">${this.strings.teachHint}</p>
        </div>
        <adaptive-lm-training-form
          .words=${this.words}
          exportparts="corpus, train-button"
          .busy=${this.busy}
          .currentParameters=${this.currentParameters}
          .keep=${this.keep}
          @training-start=${this.#start}
        ></adaptive-lm-training-form>
      </section>
      ${
        showsRun
          ? html`<adaptive-lm-training-run
              .words=${this.words}
              exportparts="progress, chart, sample, pause-button, stop-button"
              .view=${this.view}
              @pause=${this.#forward}
              @resume=${this.#forward}
              @stop=${this.#forward}
              @again=${() => (this.again = true)}
            ></adaptive-lm-training-run>`
          : nothing
      }
    `;
  }

  #start = (event: Event): void => {
    if (isTrainingStart(event)) this.dispatchEvent(new TrainingStart(event.corpus, event.options));
  };

  #forward = ({ type }: Event): void => {
    this.dispatchEvent(new Event(type));
  };
}

/** A training run to look at: how far, how good, what it writes now; and the buttons that hold it or end it. */
import { css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type { TrainingProgress } from '../core/protocol.js';
import { blank, formatBytes, formatDuration, formatLoss, formatPercent, formatWhole } from './format.js';
import { Part } from './part.js';
import { trainingStrings } from './strings/training.js';
import { controls } from './controls.js';
import { progressStyles } from './progress-styles.js';
import type { RunView } from './run-view.js';

/** Events up: `pause`, `resume`, `stop`, `again`. */
export class TrainingRunView extends Part {
  static override styles = [
    progressStyles,
    controls,
    css`
      :host {
        display: grid;
        gap: 1rem;
        min-width: 0;
      }
      .row {
        display: flex;
        justify-content: space-between;
        align-items: baseline;
        gap: 1rem;
      }
      progress {
        height: 6px;
        margin: 0.55rem 0 0.45rem;
        border-radius: 3px;
      }
      dl {
        display: grid;
        grid-template-columns: repeat(3, auto);
        justify-content: space-between;
        gap: 0.5rem 1rem;
        margin: 0;
      }
      dd {
        margin: 0.1rem 0 0;
        font-size: 1.1875rem;
        font-weight: 500;
        font-variant-numeric: tabular-nums;
      }
      figure {
        margin: 0;
      }
      blockquote {
        height: 8.5rem;
        margin: 0.4rem 0 0;
        padding: 0.7rem 0.9rem;
        overflow: auto;
        border-radius: 9px;
        background: var(--_sunk);
        font: 400 0.9375rem/1.5 var(--_serif);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      @media (forced-colors: active) {
        blockquote {
          border: 1px solid CanvasText;
        }
      }
      .buttons {
        display: flex;
        gap: 0.6rem;
      }
      .buttons button {
        flex: 1;
      }
    `,
  ];

  @property({ attribute: false }) view: RunView | null = null;

  private get strings() {
    return this.words.of('training', trainingStrings);
  }

  override render() {
    const { view } = this;
    if (!view) return nothing;
    const { phase, progress, history, sample, saved } = view;
    const atWork = phase === 'preparing' || phase === 'learning' || phase === 'paused';
    return html`
      <div>
        <div class="row">
          <h2>${this.strings[phase]}</h2>
          <span class="soft numbers">${this.#time(progress, atWork)}</span>
        </div>
        <progress
          part="progress"
          aria-label=${this.strings.progressLabel}
          max="1"
          value=${this.#part(view) ?? nothing}
        ></progress>
        <div class="row small soft numbers">
          <span>${this.#steps(progress)}</span>
          <span
            >${progress ? `${this.strings.epoch} ${formatWhole(Math.max(1, Math.ceil(progress.epoch)))}` : nothing}</span
          >
        </div>
      </div>
      <adaptive-lm-chart
        .words=${this.words}
        part="chart"
        .training=${history.training}
        .validation=${history.validation}
        .best=${history.best}
        .totalSteps=${history.totalSteps}
      ></adaptive-lm-chart>
      <dl>
        ${fact(this.strings.loss, formatLoss(progress?.smoothLoss ?? null))}
        ${fact(this.strings.heldOutLoss, formatLoss(history.validation.at(-1)?.loss ?? null))}
        ${fact(this.strings.speed, progress ? formatWhole(progress.tokensPerSecond) : blank)}
      </dl>
      <figure>
        <figcaption class="label">${this.strings.sampleLabel}</figcaption>
        ${
          sample === null
            ? html`<blockquote class="soft">${this.strings.sampleWaiting}</blockquote>`
            : html`<blockquote part="sample" tabindex="0">${sample}</blockquote>`
        }
      </figure>
      ${this.#closing(phase)} ${saved ? html`<p class="small soft numbers">${this.#kept(saved)}</p>` : nothing}
      <div class="buttons">${atWork ? this.#controls(phase === 'paused') : this.#again()}</div>
      <div class="unseen" role="status">${this.#announcement(progress, phase)}</div>
    `;
  }

  #controls(paused: boolean) {
    return html`
      <button type="button" part="pause-button" @click=${() => this.#tell(paused ? 'resume' : 'pause')}>
        ${paused ? this.strings.resume : this.strings.pause}
      </button>
      <button type="button" part="stop-button" @click=${() => this.#tell('stop')}>${this.strings.stopTraining}</button>
    `;
  }

  #again() {
    return html`<button type="button" @click=${() => this.#tell('again')}>${this.strings.anotherRun}</button>`;
  }

  #closing(phase: RunView['phase']) {
    if (phase === 'finished') return html`<p>${this.strings.resultFinished}</p>`;
    if (phase === 'stopped') return html`<p>${this.strings.resultStopped}</p>`;
    return nothing;
  }

  #kept({ step, bytes }: NonNullable<RunView['saved']>): string {
    const size = formatBytes(bytes);
    return step === null ? this.strings.keptWhole(size) : this.strings.keptUpTo(formatWhole(step), size);
  }

  #time(progress: TrainingProgress | null, atWork: boolean): string {
    if (!progress) return '';
    if (!atWork) return this.strings.tookTime(formatDuration(progress.secondsElapsed));
    return this.strings.timeLeft(formatDuration(progress.secondsLeft));
  }

  /** Of what is to be done now: reading, or learning. */
  #part({ phase, progress, reading }: RunView): number | null {
    if (progress) return progress.step / progress.totalSteps;
    if (reading?.totalBytes) return reading.loadedBytes / reading.totalBytes;
    return phase === 'preparing' ? null : 0;
  }

  #reading(): string {
    const reading = this.view?.reading;
    if (!reading) return this.strings.preparing;
    const { phase, loadedBytes, totalBytes } = reading;
    const loaded = formatBytes(loadedBytes);
    return this.strings[phase](totalBytes === null ? loaded : this.strings.bytesOf(loaded, formatBytes(totalBytes)));
  }

  #steps(progress: TrainingProgress | null): string {
    if (!progress) return this.view?.phase === 'preparing' ? this.#reading() : '';
    return this.strings.stepOf(formatWhole(progress.step), formatWhole(progress.totalSteps));
  }

  /** Changes with every tenth of the run, so that it is heard now and then and not all the time. */
  #announcement(progress: TrainingProgress | null, phase: RunView['phase']): string {
    if (!progress || phase !== 'learning') return this.strings[phase];
    const tenth = Math.floor((10 * progress.step) / progress.totalSteps);
    if (tenth !== this.#announcedTenth) {
      this.#announcedTenth = tenth;
      this.#announced = this.strings.announceProgress(
        formatPercent(tenth / 10),
        formatLoss(progress.smoothLoss),
        formatDuration(progress.secondsLeft),
      );
    }
    return this.#announced;
  }

  #announcedTenth = -1;
  #announced = '';

  #tell(name: 'pause' | 'resume' | 'stop' | 'again'): void {
    this.dispatchEvent(new Event(name));
  }
}

function fact(name: string, value: string) {
  return html`<div>
    <dt class="label">${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { AdaptiveError } from '../../core/errors.js';
import type { AnyFrame } from '../../lab/experiment.js';
import { figureNames, figuresOf, hasFigures } from '../../lab/figures/figures.js';
import { numberAttribute } from '../attributes.js';
import { controls } from '../controls.js';
import { dropStyles } from '../drop-styles.js';
import { DropTarget } from '../drop-target.js';
import { formatPercent, formatWhole } from '../format.js';
import { progressStyles } from '../progress-styles.js';
import { tokens } from '../tokens.js';
import { labStyles } from './activation-lab-styles.js';
import type { LabState } from './events.js';
import { InView } from '../in-view.js';
import { SettingChange } from './lab-fields.js';
import { LabCourse, type LabHost } from './lab-run.js';
import { FilesChange, withFiles } from './mnist-files.js';
import { Playback } from './playback.js';
import { ReducedMotion } from './reduced-motion.js';
import { selectStyles } from './select-styles.js';
import { settingsOf, stages, type FieldValue, type Stage } from './stages.js';
import { labStrings } from './strings.js';

/** Times the stage's own number of steps for a frame. */
const speeds = [
  [0.25, '¼ ×'],
  [1, '1 ×'],
  [4, '4 ×'],
  [25, '25 ×'],
] as const;

/**
 * An experiment of the research that runs in the page, in a worker of its own: figures that move, settings to play with, and
 * in the end what was claimed beside what was measured. It never throws: what goes wrong is shown, with what to do. Nothing
 * runs before it comes into view, and nothing trains before somebody presses Start. Out of the page its worker is ended.
 *
 * @slot title - The heading; the experiment's own title unless given.
 *
 * @event {LabStateEvent} lab-state - The state changed.
 * @event {LabFrameEvent} lab-frame - Another frame is being drawn.
 * @event {AdaptiveErrorEvent} adaptive-error - Something failed.
 *
 * @csspart card - The frame.
 * @csspart figures - The figures.
 * @csspart start-button - Starts, pauses and goes on.
 * @csspart step-button - Goes on by one frame.
 * @csspart reset-button - Back to the beginning.
 * @csspart status - How far it is.
 *
 * @cssproperty --activation-lab-first - The first colour of figures. All that are not of figures are those of `<adaptive-lm>`.
 * @cssproperty --activation-lab-second - The second colour of figures.
 * @cssproperty --activation-lab-third - The third colour of figures.
 * @cssproperty --activation-lab-fourth - The fourth colour of figures.
 */
export class ActivationLab extends LitElement implements LabHost {
  static override styles = [controls, tokens, selectStyles, dropStyles, progressStyles, labStyles];

  /** Which experiment: 'sine', 'bottleneck', … */
  @property({ reflect: true }) experiment = '';
  /** The same seed makes the same run. */
  @property({ converter: numberAttribute(1) }) seed = 1;
  /** Where lab-worker.js lies, if not in `worker/` beside this script. Read when the worker is started. */
  @property({ attribute: 'worker-url' }) workerUrl: string | null = null;
  /** MNIST's four files; [] for the copy of the site. */
  @property({ attribute: false }) files: readonly File[] = [];

  /** Texts by their names, for experiments on text: { tinyshakespeare: '…' }. */
  @property({ attribute: false }) texts: Readonly<Record<string, string>> = {};

  /** Settings that are not as they were at first. */
  @state() private values: Readonly<Record<string, FieldValue>> = {};

  /** Steps for each frame, where the reader chose another number than the stage's. */
  @state() private speed: number | null = null;

  readonly #course = new LabCourse(this);
  readonly #playback = new Playback(this, () => this.#course.frames.length);
  readonly #motion = new ReducedMotion(this);
  readonly #drop = new DropTarget(this, (found) =>
    this.#onFiles(
      withFiles(
        this.files,
        found.map(({ file }) => file),
      ),
    ),
  );
  /** What the figures show: the newest frame, unless they are to stand still. */
  #drawn: AnyFrame | null = null;

  constructor() {
    super();
    new InView(this, () => this.#show());
  }

  /** What it is doing. `:state()` matches it. */
  get state(): LabState {
    return this.#course.state;
  }

  /** What the experiment gave last, or null before it did. */
  get frame(): AnyFrame | null {
    return this.#course.frame;
  }

  /** The numbers that the run is made with, by name. */
  get settings(): Readonly<Record<string, unknown>> {
    return this.#stage ? settingsOf(this.#stage, this.values) : {};
  }

  /** @internal */
  get keepsFrames(): boolean {
    return this.#stage?.shown === 'all';
  }

  /** @internal */
  get stepsPerFrame(): number | null {
    return this.speed ?? this.#stage?.stepsPerFrame ?? null;
  }

  get #stage(): Stage | null {
    return hasFigures(this.experiment) ? stages[this.experiment] : null;
  }

  /** Sets one setting, as its field would: a run under way begins anew. */
  set(name: string, value: FieldValue): void {
    if (name === 'seed') this.seed = Number(value);
    else this.values = { ...this.values, [name]: value };
    this.#anew();
  }

  /** Starts the run, or goes on after a pause. */
  start(): void {
    if (this.keepsFrames && this.#course.frames.length > 0) this.#playback.play();
    else this.#course.start();
  }

  /** Halts at the next frame. */
  pause(): void {
    if (this.keepsFrames) this.#playback.pause();
    else this.#course.pause();
  }

  /** Goes on by one frame. */
  step(): void {
    if (this.keepsFrames && this.#course.frames.length > 0) this.#playback.step();
    else this.#course.step();
  }

  /** Back to the beginning, with the settings as they are. */
  reset(): void {
    this.#playback.moveTo(0);
    this.#course.reset();
    this.#show();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('experiment')) {
      this.values = {};
      this.speed = null;
      this.#drawn = null;
      this.#playback.moveTo(0);
      this.#course.reset();
      if (this.#stage) this.#show();
      else this.#course.refuse(noSuchExperiment(this.experiment));
    }
    const { frames, frame, state } = this.#course;
    const next = this.keepsFrames ? (frames[this.#playback.position] ?? this.#drawn) : frame;
    if (!(this.#motion.wanted && state === 'running')) this.#drawn = next;
  }

  override render() {
    const stage = this.#stage;
    const { error, notice, report, state } = this.#course;
    return html`<div class="card" part="card">
        <header>
          <h3><slot name="title">${stage?.title ?? ''}</slot></h3>
          <p class="soft">${stage?.about}</p>
          <adaptive-lm-message
            class="message"
            .error=${error}
            .notice=${notice}
            @dismiss=${() => this.#course.dismiss()}
          ></adaptive-lm-message>
        </header>
        ${stage ? this.#body(stage) : nothing}
        ${
          report && state === 'finished'
            ? html`<activation-lab-claims .claims=${report.claims}></activation-lab-claims>`
            : nothing
        }
        <div class="unseen" role="status">${this.#announcement()}</div>
      </div>
      ${this.#drop.hovered && stage?.needsMnist ? html`<div class="drop">${labStrings.drop}</div>` : nothing}`;
  }

  #body(stage: Stage) {
    return html`
      <div class="figures ${stage.beside ? 'beside' : ''}" part="figures">${this.#figures()}</div>
      ${this.keepsFrames ? this.#way() : nothing} ${this.#transport(stage)}
      <activation-lab-fields
        .fields=${stage.fields}
        .values=${this.values}
        .seed=${this.seed}
        @setting-change=${this.#onSetting}
      ></activation-lab-fields>
      ${
        stage.needsMnist
          ? html`<activation-lab-files
              .files=${this.files}
              @files-change=${this.#onFilesChange}
            ></activation-lab-files>`
          : nothing
      }
    `;
  }

  #figures() {
    if (!hasFigures(this.experiment)) return nothing;
    const frame = this.#drawn;
    if (!frame) {
      return html`<div class="empty">${this.state === 'preparing' ? labStrings.waiting : labStrings.empty}</div>`;
    }
    const moving = this.state === 'running' || this.#playback.playing;
    return figuresOf(this.experiment).map(
      (figure) =>
        html`<activation-lab-figure .figure=${figure} .frame=${frame} .moving=${moving}></activation-lab-figure>`,
    );
  }

  #way() {
    const { frames } = this.#course;
    return html`<label class="way">
      <span>${labStrings.position}</span>
      <input
        type="range"
        min="0"
        max=${Math.max(1, frames.length - 1)}
        .value=${String(this.#playback.position)}
        ?disabled=${frames.length === 0}
        @input=${this.#onWay}
      />
    </label>`;
  }

  #transport(stage: Stage) {
    const { state } = this;
    const moves = state === 'running' || this.#playback.playing;
    const label = this.keepsFrames
      ? this.#playback.playing
        ? labStrings.pause
        : labStrings.play
      : state === 'running'
        ? labStrings.pause
        : state === 'paused'
          ? labStrings.resume
          : state === 'finished'
            ? labStrings.again
            : labStrings.start;
    return html`
      ${
        this.keepsFrames
          ? nothing
          : html`<progress aria-label=${labStrings.progressLabel} max="1" value=${this.#part}></progress>`
      }
      <div class="transport">
        <button
          class="main"
          part="start-button"
          type="button"
          ?disabled=${state === 'preparing' || (this.keepsFrames && this.#motion.wanted)}
          @click=${() => (moves ? this.pause() : this.start())}
        >
          ${label}
        </button>
        <button part="step-button" type="button" ?disabled=${state === 'preparing'} @click=${() => this.step()}>
          ${labStrings.step}
        </button>
        <button part="reset-button" type="button" @click=${() => this.reset()}>${labStrings.reset}</button>
        ${stage.stepsPerFrame === undefined ? nothing : this.#speeds(stage.stepsPerFrame)} ${this.#status()}
      </div>
    `;
  }

  #speeds(usual: number) {
    return html`<label class="speed">
      <span>${labStrings.speed}</span>
      <select @change=${this.#onSpeed}>
        ${speeds.map(
          ([factor, label]) =>
            html`<option value=${factor * usual} ?selected=${factor * usual === this.stepsPerFrame}>${label}</option>`,
        )}
      </select>
    </label>`;
  }

  #status() {
    const { progress } = this.#course.frame ?? {};
    const still = this.#motion.wanted && this.state === 'running';
    return html`<p class="status numbers" part="status">
      <b>${this.keepsFrames && this.state === 'finished' ? labStrings.states.ready : labStrings.states[this.state]}</b>
      ${
        progress && !this.keepsFrames
          ? html`<span>${labStrings.stepOf(formatWhole(progress.done), formatWhole(progress.total))}</span>
              <span>${progress.note}</span>`
          : nothing
      }
      ${still ? html`<span>${labStrings.still}</span>` : nothing}
    </p>`;
  }

  /** 0 … 1 of the run. */
  get #part(): number {
    const { progress } = this.#course.frame ?? {};
    return progress && progress.total > 0 ? progress.done / progress.total : 0;
  }

  /** Changes with the state, and with every quarter of a run: heard now and then, not all the time. */
  #announcement(): string {
    const { state } = this;
    if (state !== 'running') return labStrings.states[state];
    const quarter = Math.floor(4 * this.#part);
    if (quarter !== this.#announcedQuarter || this.#announced === '') {
      this.#announcedQuarter = quarter;
      this.#announced = labStrings.announce(formatPercent(quarter / 4), this.#course.frame?.progress.note ?? '');
    }
    return this.#announced;
  }

  #announcedQuarter = -1;
  #announced = '';

  /** What is shown before anybody starts anything. */
  #show(): void {
    const shown = this.#stage?.shown ?? 'none';
    if (!this.isConnected || this.state !== 'idle' || shown === 'none') return;
    void this.#course.begin(shown === 'all' ? 'running' : 'ready');
  }

  /** Something was set: what there is belongs to what was set before. */
  #anew(): void {
    const { state } = this;
    if (this.keepsFrames) {
      this.#playback.pause();
      void this.#course.begin('running');
    } else if (state === 'running' || state === 'paused') {
      void this.#course.begin(state);
      this.#course.say(labStrings.restarted);
    } else {
      this.#course.reset();
      this.#show();
    }
  }

  #onSetting = (event: Event): void => {
    if (event instanceof SettingChange) this.set(event.name, event.value);
  };

  #onFilesChange = (event: Event): void => {
    if (event instanceof FilesChange) this.#onFiles(event.files);
  };

  #onFiles(files: readonly File[]): void {
    if (!this.#stage?.needsMnist) return;
    this.files = files;
    this.#anew();
  }

  #onSpeed = ({ currentTarget }: Event): void => {
    if (!(currentTarget instanceof HTMLSelectElement)) return;
    this.speed = Number(currentTarget.value);
    this.#course.changeSpeed();
  };

  #onWay = ({ currentTarget }: Event): void => {
    if (currentTarget instanceof HTMLInputElement) this.#playback.moveTo(currentTarget.valueAsNumber);
  };
}

function noSuchExperiment(name: string): AdaptiveError {
  return new AdaptiveError('invalid-option', labStrings.noSuchExperiment(name, figureNames.join(', ')));
}

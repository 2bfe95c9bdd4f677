/**
 * The state machine behind `<activation-lab>`: at most one run, in a worker of its own, and what there is to show of it.
 * Whatever is asked for while a run is under way ends that run first.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { AdaptiveError } from '../../core/errors.js';
import { LabClient, siteMnist, type LabRun, type MnistSource } from '../../lab/client.js';
import type { AnyFrame, Report } from '../../lab/experiment.js';
import { Departure } from '../departure.js';
import { AdaptiveErrorEvent } from '../events.js';
import { FrameBatch } from '../frames.js';
import { LabFrameEvent, LabStateEvent, type LabState } from './events.js';

/** ms that a run may take to stop. After that its worker is ended. */
const patience = 2000;

export interface LabHost extends ReactiveControllerHost, HTMLElement {
  readonly experiment: string;
  readonly seed: number;
  readonly workerUrl: string | null;
  /** What the experiment's `parse` is to read. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly files: readonly File[];
  readonly texts: Readonly<Record<string, string>>;
  /** Whether every frame is kept, to be looked at afterwards. */
  readonly keepsFrames: boolean;
  /** Steps of training for each frame that is drawn; null: as many as it can, and the newest frame is drawn. */
  readonly stepsPerFrame: number | null;
}

export class LabCourse implements ReactiveController {
  frame: AnyFrame | null = null;
  /** All of the run, where they are kept. */
  frames: readonly AnyFrame[] = [];
  report: Report<AnyFrame> | null = null;
  error: AdaptiveError | null = null;
  /** Something worth knowing that is no error, or ''. */
  notice = '';

  #state: LabState = 'idle';
  #client: LabClient | null = null;
  #run: LabRun | null = null;
  #ending: Promise<void> = Promise.resolve();
  /** The run that was asked for last; an earlier one that only now gets its turn gives up. */
  #asked = 0;
  /** Frames that are not drawn yet, the next one first. */
  #waiting: AnyFrame[] = [];
  readonly #drawing = new FrameBatch(() => this.#draw());

  constructor(readonly host: LabHost) {
    host.addController(this);
    host.addController(new Departure(() => this.close()));
  }

  get state(): LabState {
    return this.#state;
  }

  hostConnected(): void {
    this.host.requestUpdate();
  }

  /** Begins, goes on, or begins again, whichever there is to do. */
  start(): void {
    if (this.#run && (this.#state === 'paused' || this.#state === 'ready')) {
      this.#run.resume();
      this.#become('running');
    } else if (this.#state !== 'running') {
      void this.begin('running');
    }
  }

  pause(): void {
    if (this.#state !== 'running') return;
    this.#run?.pause();
    this.#become('paused');
  }

  /** One frame on, and then it stands still. */
  step(): void {
    if (this.#state === 'preparing') return;
    if (this.#run) {
      this.#run.step();
      this.#become('paused');
    } else {
      void this.begin('paused');
    }
  }

  /** Takes the host's number of steps for a frame from now on. */
  changeSpeed(): void {
    this.#run?.speed(this.host.stepsPerFrame);
  }

  /** Ends what runs and forgets what was shown. */
  reset(): void {
    this.#asked++;
    void this.#end();
    this.frame = null;
    this.frames = [];
    this.report = null;
    this.error = null;
    this.notice = '';
    this.#become('idle');
  }

  /** The same, and the worker is ended too. */
  close(): void {
    this.reset();
    this.#client?.destroy();
    this.#client = null;
  }

  /** Another run from its beginning; after its first frame it is `then`. Never rejects: what goes wrong is shown. */
  async begin(then: 'running' | 'paused' | 'ready'): Promise<void> {
    const asked = ++this.#asked;
    this.error = null;
    this.notice = '';
    this.report = null;
    this.#become('preparing');
    await this.#end();
    if (asked !== this.#asked) return;
    const { experiment, settings, seed, workerUrl, files, texts, keepsFrames, stepsPerFrame } = this.host;
    const mnist: MnistSource = files.length > 0 ? { kind: 'files', files } : siteMnist();
    this.#client ??= new LabClient(workerUrl);
    const frames: AnyFrame[] = [];
    const run = this.#client.run(
      {
        experiment,
        settings,
        seed,
        mnist,
        texts,
        frames: keepsFrames || stepsPerFrame !== null ? 'all' : 'newest',
        stepsPerFrame,
        held: then !== 'running',
      },
      (frame) => {
        if (run !== this.#run) return;
        if (this.#state === 'preparing') this.#become(then);
        if (keepsFrames) {
          frames.push(frame);
          run.taken();
          this.#waiting = [frame];
        } else {
          this.#waiting.push(frame);
        }
        this.#drawing.schedule();
      },
    );
    this.#run = run;
    try {
      const report = await run.result;
      if (run === this.#run) this.#finish(report, frames);
    } catch (thrown) {
      if (run === this.#run) this.#fail(AdaptiveError.from(thrown));
    }
  }

  #finish(report: Report<AnyFrame>, frames: readonly AnyFrame[]): void {
    this.#run = null;
    this.report = report;
    this.frames = frames;
    this.#waiting = [report.last];
    this.#drawing.finish();
    this.#become('finished');
  }

  #fail(error: AdaptiveError): void {
    this.#run = null;
    if (error.code === 'aborted' || error.code === 'destroyed') {
      this.#become('idle');
      return;
    }
    this.error = error;
    this.#become('error');
    this.host.dispatchEvent(new AdaptiveErrorEvent(error));
  }

  /** Resolves when nothing runs any more, whoever asked for that first. */
  #end(): Promise<void> {
    const run = this.#run;
    if (run) {
      this.#run = null;
      this.#waiting = [];
      run.stop();
      this.#ending = this.#ended(run);
    }
    return this.#ending;
  }

  async #ended(run: LabRun): Promise<void> {
    const client = this.#client;
    const ended = run.result.then(
      () => true,
      () => true,
    );
    const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), patience));
    if (await Promise.race([ended, late])) return;
    client?.destroy();
    if (client === this.#client) this.#client = null;
  }

  /** Shows why nothing can run. */
  refuse(error: AdaptiveError): void {
    this.#fail(error);
  }

  #draw(): void {
    const frame = this.#waiting.shift();
    if (!frame) return;
    this.frame = frame;
    this.host.requestUpdate();
    this.host.dispatchEvent(new LabFrameEvent(frame));
    if (!this.host.keepsFrames) this.#run?.taken();
    if (this.#waiting.length > 0) this.#drawing.schedule();
  }

  #become(state: LabState): void {
    const previous = this.#state;
    this.#state = state;
    this.host.requestUpdate();
    if (state !== previous) this.host.dispatchEvent(new LabStateEvent(state, previous));
  }

  say(notice: string): void {
    this.notice = notice;
    this.host.requestUpdate();
  }

  dismiss(): void {
    this.error = null;
    this.notice = '';
    if (this.#state === 'error') this.#become('idle');
    this.host.requestUpdate();
  }
}

/**
 * What an experiment of the research is: settings that can be checked, and a run that yields frames, which are plain data to be
 * drawn, and ends in a report, which says what was claimed and what was measured. The same code runs behind the page, in a
 * worker, and headless.
 */
import type { Executor } from '../core/executor.js';
import type { Mnist } from './data/mnist.js';

/** A sentence of the research, and what became of it here. */
export interface Claim {
  readonly claim: string;
  readonly expected: string;
  readonly measured: string;
  /** null where the measurement does not decide it. */
  readonly holds: boolean | null;
}

/** A table for people: the same number of cells in every row. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** How far a run has come, for a bar and a line beside it. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What the last steps gave, such as 'loss 0.31'. */
  readonly note: string;
}

/** What every frame says. The rest is the experiment's own: plain data, and typed arrays where there are many numbers. */
export interface AnyFrame {
  readonly progress: Progress;
}

export interface Report<Frame extends AnyFrame> {
  readonly claims: readonly Claim[];
  readonly tables: readonly Table[];
  /** The frame that figures are drawn from. */
  readonly last: Frame;
}

/** What an experiment needs of the place that it runs in. */
export interface Laboratory {
  /** A new executor; the experiment destroys it. */
  executor(): Promise<Executor>;
  /** @throws AdaptiveError that says where the files come from, where they are missing or broken */
  mnist(): Promise<Mnist>;
  /** Penn Treebank or another text, as words or characters, where an experiment asks for one by name. */
  text(name: string): Promise<string>;
}

/** How a run is watched. */
export interface Watch {
  /** Steps of training from one frame to the next; null for as many as leave most of the time to training. May change meanwhile. */
  readonly stepsPerFrame: number | null;
}

export interface RunOptions<Settings> {
  readonly settings: Settings;
  readonly seed: number;
  readonly laboratory: Laboratory;
  /** Checked at least once a training step. An aborted run throws AdaptiveError 'aborted'. */
  readonly signal: AbortSignal;
  readonly watch?: Watch | undefined;
}

export interface Experiment<Settings, Frame extends AnyFrame> {
  readonly name: string;
  readonly title: string;
  /** One sentence: the question. */
  readonly about: string;
  /** @throws AdaptiveError 'invalid-option' that names the setting. Nothing given: the research's own. */
  parse(settings: unknown): Settings;
  /** Yields often enough to be watched, at least ten times a second where steps allow it; lets messages in between. */
  run(options: RunOptions<Settings>): AsyncGenerator<Frame, Report<Frame>>;
  /** Of several seeds: mean ± sd, and the claims judged by all. */
  summarise(reports: readonly Report<Frame>[]): Report<Frame>;
}

/** An experiment over several seeds, one after the other. */
import type { AnyFrame, Experiment, Laboratory, Report } from './experiment.js';

export interface SeedsOptions<Frame extends AnyFrame> {
  /** What `parse` is to read. */
  readonly settings: unknown;
  readonly seeds: readonly number[];
  readonly laboratory: Laboratory;
  readonly signal: AbortSignal;
  readonly onFrame: (frame: Frame, seed: number) => void;
}

export interface Findings<Settings, Frame extends AnyFrame> {
  readonly settings: Settings;
  /** One of each seed. */
  readonly reports: readonly Report<Frame>[];
  readonly summary: Report<Frame>;
}

/** @throws AdaptiveError 'invalid-option', 'aborted', 'diverged', and what the laboratory throws */
export async function runSeeds<Settings, Frame extends AnyFrame>(
  experiment: Experiment<Settings, Frame>,
  { settings: given, seeds, laboratory, signal, onFrame }: SeedsOptions<Frame>,
): Promise<Findings<Settings, Frame>> {
  const settings = experiment.parse(given);
  const reports: Report<Frame>[] = [];
  for (const seed of seeds) {
    const run = experiment.run({ settings, seed, laboratory, signal });
    let result = await run.next();
    while (!result.done) {
      onFrame(result.value, seed);
      result = await run.next();
    }
    reports.push(result.value);
  }
  return { settings, reports, summary: experiment.summarise(reports) };
}

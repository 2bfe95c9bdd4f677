/** A figure: a frame of an experiment as a specification of Observable Plot, with words for those who do not see it. */
import type { PlotOptions } from '@observablehq/plot';
import type { AnyFrame } from '../experiment.js';

export interface Figure<Frame extends AnyFrame> {
  /** For a file: 'bottleneck-effects'. */
  readonly name: string;
  readonly title: string;
  /** What is to be seen, in a sentence or two, with its numbers. */
  describe(frame: Frame): string;
  /** `width`: px that there are, where that is known; text keeps its size. */
  plot(frame: Frame, width?: number): PlotOptions;
}

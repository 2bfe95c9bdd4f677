/** A laboratory with texts that are made up. */
import { Random } from '../../core/random.js';
import type { AnyFrame, Experiment, Laboratory, Report } from '../../lab/experiment.js';
import { runSeeds } from '../../lab/run-seeds.js';
import { laboratory } from './rig.js';

/** Lines of words in alphabetical order, with some noise: there is something to learn, by words and by characters. */
function orderedText(words: number): string {
  const random = new Random(1, 1);
  let at = 0;
  const lines = Array.from({ length: Math.ceil(words / 8) }, () => {
    return Array.from({ length: 8 }, () => {
      at = random.next() < 0.1 ? Math.floor(26 * random.next()) : (at + 1) % 26;
      return String.fromCharCode(97 + at).repeat(1 + (at % 3));
    }).join(' ');
  });
  return `${lines.join('\n')}\n`;
}

const text = orderedText(4000);

export const textLaboratory: Laboratory = { ...laboratory, text: async () => text };

/** Runs an experiment of one seed to its end; `onFrame` may abort it. */
export async function finish<Settings, Frame extends AnyFrame>(
  experiment: Experiment<Settings, Frame>,
  settings: unknown,
  onFrame: (frame: Frame, controller: AbortController) => void = () => {},
): Promise<Report<Frame>> {
  const controller = new AbortController();
  const { summary } = await runSeeds(experiment, {
    settings,
    seeds: [1],
    laboratory: textLaboratory,
    signal: controller.signal,
    onFrame: (frame) => onFrame(frame, controller),
  });
  return summary;
}

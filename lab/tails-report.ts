/** What the tails experiment found, beside what the research says. */
import type { Report } from './experiment.js';
import { bandNames, type Band } from './sampling.js';
import { mean, meanAndDeviation } from './statistics.js';
import type { TailsFrame, TailsNet } from './tails.js';

export function judge(frames: readonly TailsFrame[]): Report<TailsFrame> {
  const [last] = frames; // of several seeds, figures show the first
  if (!last) throw new TypeError('There is no frame to judge.');
  const runs = last.nets.map((_, at) => frames.flatMap(({ nets }) => nets[at] ?? []));
  const errors = (nets: readonly TailsNet[], band: Band) => nets.map((net) => 100 * net.errors[band]);
  const adaptive = runs.find(([net]) => net?.isAdaptive) ?? [];
  const plain = runs.filter(([net]) => net && !net.isAdaptive);
  const best = Math.min(...plain.map((nets) => mean(errors(nets, 'tail'))));
  const own = mean(errors(adaptive, 'tail'));
  const largest = Math.max(...plain.map(([net]) => net?.parameters ?? 0));
  const size = adaptive[0]?.parameters ?? NaN;
  return {
    claims: [
      {
        claim: 'SVA follows the tails that larger static nets miss',
        expected: 'a smaller error in the tail, at a third of the size',
        measured: `${own.toFixed(2)} % against ${best.toFixed(2)} %, with ${size} parameters against up to ${largest}`,
        holds: own < best && size <= largest / 3,
      },
    ],
    tables: [
      {
        title: 'Error, % of the root mean square of y, by |x₂|',
        columns: ['net', 'parameters', ...bandNames],
        rows: runs.map((nets) => [
          nets[0]?.label ?? '',
          nets[0]?.parameters ?? 0,
          ...bandNames.map((band) => meanAndDeviation(errors(nets, band), 2)),
        ]),
      },
    ],
    last,
  };
}

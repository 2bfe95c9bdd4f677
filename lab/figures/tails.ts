/** What nets say of the tails. */
import { dot, line } from '@observablehq/plot';
import type { TailsFrame } from '../tails.js';
import { quiet, seriesColours } from './colours.js';
import { facets } from './facets.js';
import type { Figure } from './figure.js';

const tails: Figure<TailsFrame> = {
  name: 'tails',
  title: 'Predicted against true: the tails of a regression',
  describe: ({ nets }) =>
    `Points of predicted over true values for ${nets.length} nets; a net that is right lies on the diagonal. Error in the tail: ${nets
      .map(({ label, errors }) => `${label} ${(100 * errors.tail).toFixed(1)} %`)
      .join('; ')}.`,
  plot({ nets }, width = 760) {
    const lowest = Math.min(...nets.flatMap(({ sample }) => sample.map(([y]) => y)), -1);
    const panel = facets(
      nets.map(({ label, parameters }) => `${label} (${parameters})`),
      width,
      210,
    );
    return {
      ...panel.options,
      width,
      height: 70 + 210 * panel.rows,
      marginLeft: 56,
      marginTop: 34,
      x: { label: 'true y', ticks: 4, domain: [lowest, 100] },
      y: { label: 'predicted y', ticks: 5, domain: [1.1 * lowest, 500], clamp: true },
      color: { type: 'identity' },
      marks: [
        line(
          [
            [lowest, lowest],
            [0, 0],
          ],
          { stroke: quiet },
        ),
        dot(
          nets.flatMap(({ sample }, index) =>
            sample.map(([y, predicted]) => ({
              ...panel.place(index),
              y,
              predicted,
              fill: seriesColours[index % seriesColours.length] ?? quiet,
            })),
          ),
          { fx: 'fx', fy: 'fy', x: 'y', y: 'predicted', r: 2, fill: 'fill', fillOpacity: 0.7 },
        ),
        panel.names,
      ],
    };
  },
};

export const tailsFigures: readonly Figure<TailsFrame>[] = [tails];

/** The sine as the nets have it so far, over the hills of data; and what the adaptive net's hidden units make of x. */
import { dot, lineY, rectY, ruleY } from '@observablehq/plot';
import type { SineFrame } from '../sine.js';
import { quiet, seriesColours } from './colours.js';
import type { Figure } from './figure.js';
import { legend } from './legend.js';

const size = { height: 300, marginLeft: 40 } as const;

const prediction: Figure<SineFrame> = {
  name: 'sine-prediction',
  title: 'sin(10 x), learned from two hills of data',
  describe: ({ nets }) =>
    `The sine, the density of the data, and the predictions of ${nets.length} nets. Mean squared error in the valley: ${nets
      .map(({ label, errors }) => `${label} ${errors.valley.toFixed(3)}`)
      .join('; ')}.`,
  plot({ x, truth, density, nets }, width = 560) {
    const bin = (density.high - density.low) / density.counts.length;
    const highest = Math.max(...density.counts, 1);
    const bars = density.counts.map((count, at) => ({
      from: density.low + at * bin,
      to: density.low + (at + 1) * bin,
      top: -1.8 + count / highest,
    }));
    const names = legend(
      nets.map(({ label, parameters }, index) => ({
        label: `${label} (${parameters})`,
        colour: seriesColours[index % seriesColours.length] ?? quiet,
      })),
      width,
    );
    return {
      ...size,
      ...names.options,
      width,
      height: size.height + names.height,
      x: { label: 'x' },
      y: { label: 'y', domain: [-1.8, 1.8], clamp: true },
      color: { type: 'identity' },
      marks: [
        rectY(bars, { x1: 'from', x2: 'to', y1: -1.8, y2: 'top', fill: quiet, fillOpacity: 0.35 }),
        lineY(
          x.map((value, at) => ({ x: value, y: truth[at] ?? NaN })),
          { x: 'x', y: 'y', stroke: 'currentColor', strokeDasharray: '3 3' },
        ),
        ...nets.map((net, index) =>
          lineY(
            x.map((value, at) => ({ x: value, y: net.prediction[at] ?? NaN })),
            {
              x: 'x',
              y: 'y',
              stroke: seriesColours[index % seriesColours.length] ?? quiet,
              strokeWidth: net.isAdaptive ? 2.5 : 1.3,
            },
          ),
        ),
        ...names.marks,
      ],
    };
  },
};

/** One unit over another, each point in the colour of its y; with another number of units, each over x. */
const representation: Figure<SineFrame> = {
  name: 'sine-representation',
  title: 'What the adaptive net’s hidden units make of x',
  describe({ nets }) {
    const adaptive = nets.find(({ isAdaptive }) => isAdaptive);
    const units = adaptive?.representation.length ?? 0;
    return units === 2
      ? 'Points of the two hidden units, one over the other, as x goes from 0 to 1. Large points have a large sine.'
      : `The outputs of ${units} hidden units over x.`;
  },
  plot({ x, truth, nets }, width = 320) {
    const units = nets.find(({ isAdaptive }) => isAdaptive)?.representation ?? [];
    const [first = [], second = []] = units;
    const points = x.map((value, at) => ({
      x: value,
      first: first[at] ?? NaN,
      second: second[at] ?? NaN,
      y: truth[at] ?? 0,
    }));
    const two = units.length === 2;
    return {
      ...size,
      width,
      x: { label: two ? 'unit 1' : 'x' },
      y: { label: two ? 'unit 2' : 'output' },
      r: { range: [0.5, 5] },
      color: { type: 'identity' },
      marks: two
        ? [
            lineY(points, { x: 'first', y: 'second', stroke: quiet, strokeOpacity: 0.5, curve: 'linear', sort: null }),
            dot(points, {
              x: 'first',
              y: 'second',
              r: ({ y }: (typeof points)[number]) => 1 + y,
              fill: ({ y }: (typeof points)[number]) => (y < 0 ? seriesColours[1] : seriesColours[0]),
            }),
          ]
        : [
            ruleY([0], { stroke: quiet }),
            ...units.map((unit, index) =>
              lineY(
                x.map((value, at) => ({ x: value, y: unit[at] ?? NaN })),
                { x: 'x', y: 'y', stroke: seriesColours[index % seriesColours.length] ?? quiet },
              ),
            ),
          ],
    };
  },
};

export const sineFigures: readonly Figure<SineFrame>[] = [prediction, representation];

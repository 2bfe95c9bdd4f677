/** The bottleneck as the research shows it: where pre-activations lie, what effects they have, and how the nets read. */
import { dot, lineY, rectY, ruleX, ruleY } from '@observablehq/plot';
import type { BottleneckFrame, NetView } from '../bottleneck-frames.js';
import type { Histogram } from '../statistics.js';
import { cloud } from './cloud.js';
import { quiet, seriesColours } from './colours.js';
import { facets, type Facets } from './facets.js';
import type { Figure } from './figure.js';
import { legend } from './legend.js';

const usualWidth = 760;
const margins = { marginLeft: 44, marginTop: 26, marginBottom: 36 } as const;
/** px of a panel. */
const [panelWidth, panelHeight] = [150, 160];

function colour(index: number): string {
  return seriesColours[index % seriesColours.length] ?? quiet;
}

/** Bins as bars [from, to] of a share. */
function bars({ low, high, counts }: Histogram) {
  const width = (high - low) / counts.length;
  const all = counts.reduce((sum, count) => sum + count, 0) || 1;
  return counts.map((count, at) => ({ from: low + at * width, to: low + (at + 1) * width, share: count / all }));
}

function histograms(nets: readonly NetView[], which: 'preactivations' | 'effects', { place }: Facets) {
  const all = nets.flatMap(({ layer }, index) =>
    bars(layer[which]).map((bar) => ({ ...bar, ...place(index), fill: colour(index) })),
  );
  return rectY(all, { fx: 'fx', fy: 'fy', x1: 'from', x2: 'to', y: 'share', fill: 'fill', inset: -0.2 });
}

/** A panel for each net. */
function panels(nets: readonly NetView[], width: number) {
  const panel = facets(
    nets.map(({ label }) => label),
    width,
    panelWidth,
  );
  const height = margins.marginTop + margins.marginBottom + panelHeight * panel.rows;
  return { panel, options: { ...margins, ...panel.options, width, height, color: { type: 'identity' } } as const };
}

const preactivations: Figure<BottleneckFrame> = {
  name: 'bottleneck-preactivations',
  title: 'Pre-activations of the first layer',
  describe: ({ nets }) =>
    `Histograms for ${nets.length} nets. ${nets
      .map(
        ({ label, layer }) =>
          `${label}: mean ${layer.mean.toFixed(2)}, standard deviation ${layer.deviation.toFixed(2)}`,
      )
      .join('; ')}.`,
  plot({ nets }, width = usualWidth) {
    const { panel, options } = panels(nets, width);
    return {
      ...options,
      x: { label: 'pre-activation a', ticks: 4 },
      y: { label: 'share', ticks: 4 },
      marks: [histograms(nets, 'preactivations', panel), ruleY([0]), panel.names],
    };
  },
};

const effects: Figure<BottleneckFrame> = {
  name: 'bottleneck-effects',
  title: 'Effects of activation and adaptation',
  describe: ({ nets }) =>
    `Histograms for ${nets.length} nets. ${nets
      .map(
        ({ label, layer }) =>
          `${label}: standard deviation ${layer.effectDeviation.toFixed(3)}, ${(100 * layer.narrow).toFixed(0)} % within 0.05`,
      )
      .join('; ')}.`,
  plot({ nets }, width = usualWidth) {
    const { panel, options } = panels(nets, width);
    return {
      ...options,
      x: { label: 'effect', ticks: 4 },
      y: { label: 'share', ticks: 4 },
      marks: [
        histograms(nets, 'effects', panel),
        ruleX([-0.05, 0.05], { stroke: 'currentColor', strokeOpacity: 0.4, strokeDasharray: '2 2' }),
        ruleY([0]),
        panel.names,
      ],
    };
  },
};

const scatter: Figure<BottleneckFrame> = {
  name: 'bottleneck-scatter',
  title: 'Effect against pre-activation',
  describe: ({ nets }) =>
    `Points for ${nets.length} nets, a few hundred each: the effect of activation or adaptation over the pre-activation. Static ` +
    'nets lie on one curve, which is flat around zero; adaptive ones spread around it.',
  plot({ nets }, width = usualWidth) {
    const { panel, options } = panels(nets, width);
    return {
      ...options,
      x: { label: 'pre-activation a', ticks: 4 },
      y: { label: 'effect', ticks: 4 },
      marks: [
        ruleY([0], { stroke: quiet }),
        dot(
          nets.flatMap(({ layer }, index) =>
            layer.sample.map(([a, effect]) => ({ ...panel.place(index), a, effect, fill: colour(index) })),
          ),
          { fx: 'fx', fy: 'fy', x: 'a', y: 'effect', fill: 'fill', render: cloud(2.6) },
        ),
        panel.names,
      ],
    };
  },
};

const accuracy: Figure<BottleneckFrame> = {
  name: 'bottleneck-accuracy',
  title: 'Test accuracy over training',
  describe: ({ nets }) =>
    `Lines for ${nets.length} nets. At the end: ${nets
      .map((net) => `${net.label} ${(net.accuracy.values.at(-1) ?? NaN).toFixed(2)} %`)
      .join('; ')}.`,
  plot({ nets }, width = usualWidth) {
    const points = nets.flatMap(({ label, accuracy: { steps, values } }, index) =>
      steps.map((step, at) => ({ label, step, value: values[at] ?? NaN, colour: colour(index) })),
    );
    const ends = nets.flatMap(({ label }) => points.filter((point) => point.label === label).slice(-1));
    // Names stand one below the other, best first, however near their lines end.
    const ranked = [...ends].sort((a, b) => b.value - a.value);
    const names = legend(
      ranked.map(({ label, value, colour }) => ({ label: `${value.toFixed(2)} %  ${label}`, colour })),
      width,
    );
    return {
      ...margins,
      ...names.options,
      width,
      height: 260 + names.height,
      x: { label: 'steps', ticks: 4 },
      y: { label: '%', domain: [80, 100], clamp: true, grid: true },
      color: { type: 'identity' },
      marks: [lineY(points, { x: 'step', y: 'value', z: 'label', stroke: 'colour' }), ...names.marks],
    };
  },
};

export const bottleneckFigures: readonly Figure<BottleneckFrame>[] = [preactivations, effects, scatter, accuracy];

/** What the bottleneck experiment found, beside what the research says. */
import type { BottleneckFrame, NetView } from './bottleneck-frames.js';
import type { Claim, Report, Table } from './experiment.js';
import { mean, meanAndDeviation, quantile } from './statistics.js';

/** One net over all seeds. */
interface NetRuns {
  readonly label: string;
  readonly views: readonly NetView[];
}

const finalAccuracy = ({ accuracy }: NetView) => accuracy.values.at(-1) ?? NaN;

export function judge(frames: readonly BottleneckFrame[]): Report<BottleneckFrame> {
  const [last] = frames; // of several seeds, figures show the first
  if (!last) throw new TypeError('There is no frame to judge.');
  const runs = last.nets.map(({ label }, at): NetRuns => {
    return { label, views: frames.flatMap(({ nets }) => nets[at] ?? []) };
  });
  return { claims: claims(runs), tables: [accuracyTable(runs), layerTable(runs)], last };
}

function of(views: readonly NetView[], value: (view: NetView) => number, digits: number): string {
  return meanAndDeviation(views.map(value), digits);
}

function accuracyTable(runs: readonly NetRuns[]): Table {
  return {
    title: 'Test accuracy',
    columns: ['net', 'parameters', 'accuracy, %'],
    rows: runs.map(({ label, views }) => [label, views[0]?.parameters ?? 0, of(views, finalAccuracy, 2)]),
  };
}

function layerTable(runs: readonly NetRuns[]): Table {
  return {
    title: 'First layer',
    columns: ['net', 'when', 'mean of a', 'sd of a', 'sd of effects', 'effects within 0.05, %'],
    rows: (['untrained', 'layer'] as const).flatMap((when) =>
      runs.map(({ label, views }) => [
        label,
        when === 'layer' ? 'trained' : 'at first',
        of(views, ({ [when]: { mean: centre } }) => centre, 2),
        of(views, ({ [when]: { deviation } }) => deviation, 2),
        of(views, ({ [when]: { effectDeviation } }) => effectDeviation, 3),
        of(views, ({ [when]: { narrow } }) => 100 * narrow, 1),
      ]),
    ),
  };
}

/** Per cent that the research reports, of the four nets that it compares. */
const reported = {
  'static + sigmoid': 95,
  'static + ReLU': 97,
  'SVA + sigmoid': 97,
  'SVA, no activation': 98,
} as const;
/** It gives whole per cents. */
const rounding = 0.75;

function claims(runs: readonly NetRuns[]): Claim[] {
  const views = (label: string) => runs.find((each) => each.label === label)?.views ?? null;
  const found: Claim[] = [];
  for (const [label, expected] of Object.entries(reported)) {
    const seen = views(label);
    if (!seen) continue;
    found.push({
      claim: `accuracy of ${label}`,
      expected: `about ${expected} %`,
      measured: `${of(seen, finalAccuracy, 2)} %`,
      holds: Math.abs(mean(seen.map(finalAccuracy)) - expected) <= rounding,
    });
  }
  const [sigmoid, sva] = [views('static + sigmoid'), views('SVA + sigmoid')];
  if (sigmoid) found.push(...bottleneckClaims(sigmoid));
  if (sigmoid && sva) found.push(spreadClaim(sigmoid, sva));
  const [relu, linear] = [views('static + ReLU'), views('SVA, no activation')];
  if (sigmoid && relu && sva && linear) {
    const means = [sigmoid, relu, sva, linear].map((seen) => mean(seen.map(finalAccuracy)));
    const [a = NaN, b = NaN, c = NaN, d = NaN] = means;
    found.push({
      claim: 'adaptation makes up for the sigmoid, and does better without it',
      expected: 'static sigmoid < static ReLU ≲ SVA + sigmoid < SVA',
      measured: means.map((value) => value.toFixed(2)).join(', '),
      holds: a < b && b - rounding <= c && c < d,
    });
  }
  return found;
}

function bottleneckClaims(sigmoid: readonly NetView[]): Claim[] {
  const centre = mean(sigmoid.map(({ layer }) => layer.mean));
  const deviation = mean(sigmoid.map(({ layer }) => layer.deviation));
  const within = mean(sigmoid.map(({ layer }) => layer.narrow));
  return [
    {
      claim: 'pre-activations are centred on 0 with a deviation of 0.7–0.8',
      expected: 'mean near 0, sd 0.7–0.8',
      measured: `mean ${of(sigmoid, ({ layer }) => layer.mean, 2)}, sd ${of(sigmoid, ({ layer }) => layer.deviation, 2)}`,
      holds: Math.abs(centre) < 0.3 * deviation && deviation >= 0.65 && deviation <= 0.85,
    },
    {
      claim: 'few activation effects of the static sigmoid are beyond 0.05',
      expected: 'most within 0.05',
      measured: `${of(sigmoid, ({ layer }) => 100 * layer.narrow, 1)} % within`,
      holds: within > 0.8,
    },
  ];
}

function spreadClaim(sigmoid: readonly NetView[], sva: readonly NetView[]): Claim {
  const ratios = sva.map(({ layer }, at) => layer.effectDeviation / (sigmoid[at]?.layer.effectDeviation ?? NaN));
  return {
    claim: 'adaptation effects of SVA + sigmoid spread almost two orders of magnitude wider',
    expected: '50–100 times',
    measured: `${meanAndDeviation(ratios, 1)} times`,
    holds: quantile(ratios, 0.5) >= 50,
  };
}

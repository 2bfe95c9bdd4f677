/** Losses and gradients of training through thousands of steps, a column for each learning rate. */
import { dot, line, ruleY, text, type Markish, type PlotOptions } from '@observablehq/plot';
import { failed, type StabilityFrame, type StabilityRun } from '../stability-runs.js';
import { quiet, seriesColours } from './colours.js';
import type { Figure } from './figure.js';

const models = ['aLSTM', 'LSTM'] as const;

/** Losses above this are drawn here: one that diverges would flatten all others. */
const highestLoss = 8;

interface Point {
  readonly rate: number;
  readonly model: StabilityRun['model'];
  /** One line each. */
  readonly run: string;
  readonly x: number;
  readonly y: number;
}

function points(runs: readonly StabilityRun[], of: (run: StabilityRun) => readonly number[]): Point[] {
  return runs.flatMap((run) =>
    of(run).flatMap((y, index) => (Number.isFinite(y) ? [{ ...name(run), x: index + 1, y }] : [])),
  );
}

function name({ rate, model, seed }: StabilityRun): Pick<Point, 'rate' | 'model' | 'run'> {
  return { rate, model, run: `${model} ${seed}` };
}

/** Where a run ended because something was not finite. */
function ends(runs: readonly StabilityRun[], of: (run: StabilityRun) => readonly number[]): Point[] {
  return runs.flatMap((run) => (run.failure === '' ? [] : points([run], of).slice(-1)));
}

function byRate(
  runs: readonly StabilityRun[],
  y: PlotOptions['y'],
  marks: Markish[],
  key: 'top-right' | 'bottom-left' = 'top-right',
): PlotOptions {
  const rates = [...new Set(runs.map(({ rate }) => rate))];
  return {
    width: 920,
    height: 260,
    marginLeft: 50,
    marginBottom: 36,
    x: { label: 'optimizer step', ticks: 4 },
    y: { grid: true, ...y },
    fx: { label: 'learning rate', axis: 'top', domain: rates },
    color: { domain: models, range: seriesColours.slice(0, 2), legend: false },
    marks: [...marks, ...models.map((model, at) => nameOf(model, rates[0], key, at))],
  };
}

/** The key: the names of the models, in their colours, in the first panel. */
function nameOf(
  model: string,
  rate: number | undefined,
  frameAnchor: 'top-right' | 'bottom-left',
  at: number,
): Markish {
  const dy = frameAnchor === 'top-right' ? 14 * at : 14 * (at - 1) - 4;
  return text([{ model, rate }], {
    fx: 'rate',
    text: 'model',
    fill: 'model',
    frameAnchor,
    dx: frameAnchor === 'top-right' ? 0 : 4,
    dy,
  });
}

function curve(data: readonly Point[], style: { readonly dashed?: boolean } = {}): Markish {
  const strokeDasharray = style.dashed ? '2 3' : 'none';
  return line(data, { fx: 'rate', x: 'x', y: 'y', z: 'run', stroke: 'model', strokeWidth: 1.4, strokeDasharray });
}

function crosses(data: readonly Point[]): Markish {
  return dot(data, { fx: 'rate', x: 'x', y: 'y', stroke: 'model', symbol: 'times', strokeWidth: 2, r: 5 });
}

function counts(runs: readonly StabilityRun[]): string {
  return models
    .map((model) => {
      const ofModel = runs.filter((run) => run.model === model);
      return `${ofModel.filter(failed).length} of ${ofModel.length} runs of the ${model}`;
    })
    .join(' and ');
}

const losses: Figure<StabilityFrame> = {
  name: 'stability-losses',
  title: 'Loss, trained without clipping',
  describe: ({ runs }) =>
    `Loss over optimizer steps, a panel for each learning rate; aLSTM blue, static LSTM orange. ${counts(runs)} fail; ` +
    'a cross marks where a run ended since loss or gradient was not finite.',
  plot({ runs }) {
    const clamped = ({ losses }: StabilityRun) => losses.map((loss) => Math.min(loss, highestLoss));
    const marks = [curve(points(runs, clamped)), crosses(ends(runs, clamped))];
    return byRate(runs, { label: 'nats per character' }, marks);
  },
};

const norms: Figure<StabilityFrame> = {
  name: 'stability-norms',
  title: 'Norm of the whole gradient, trained without clipping',
  describe: () =>
    'Norm of the whole gradient over optimizer steps, on a logarithmic scale, a panel for each learning rate; aLSTM blue, ' +
    'static LSTM orange.',
  plot({ runs }) {
    const of = ({ norms }: StabilityRun) => norms;
    return byRate(runs, { type: 'log', label: 'norm', tickFormat: '.0e' }, [
      curve(points(runs, of)),
      crosses(ends(runs, of)),
    ]);
  },
};

/** Below this float32 knows nothing. */
const smallestNorm = 1e-30;

const flow: Figure<StabilityFrame> = {
  name: 'stability-flow',
  title: 'A gradient of 1 on its way back through time',
  describe: () =>
    'Norm of a gradient that is 1 at the last step, at the hidden state so many steps before, both on logarithmic scales, a ' +
    'panel for each learning rate; aLSTM blue, static LSTM orange; dotted before training, solid after it.',
  plot({ runs }) {
    const flowOf = (run: StabilityRun, at: 0 | -1): Point[] => {
      const found = run.flows.at(at);
      return (found?.distances ?? []).flatMap((x, index) => {
        const y = found?.norms[index] ?? NaN;
        return y > smallestNorm && Number.isFinite(y) ? [{ ...name(run), x, y }] : [];
      });
    };
    const [before, after] = ([0, -1] as const).map((at) => runs.flatMap((run) => flowOf(run, at)));
    const marks = [ruleY([1], { stroke: quiet }), curve(before ?? [], { dashed: true }), curve(after ?? [])];
    const options = byRate(runs, { type: 'log', label: 'norm', tickFormat: '.0e' }, marks, 'bottom-left');
    return { ...options, x: { type: 'log', label: 'steps before' } };
  },
};

export const stabilityFigures: readonly Figure<StabilityFrame>[] = [losses, norms, flow];

/** What the runs of the experiment `stability` show, and how they are judged. */
import type { Claim, Report, Table } from './experiment.js';
import {
  failed,
  finalLoss,
  largestNorm,
  largestRise,
  lowestLoss,
  type Flow,
  type StabilityFrame,
  type StabilityRun,
} from './stability-runs.js';
import { meanAndDeviation } from './statistics.js';

export function judgeStability(frame: StabilityFrame): Report<StabilityFrame> {
  return { claims: claims(frame.runs), tables: [runTable(frame.runs), flowTable(frame.runs)], last: frame };
}

function groups(runs: readonly StabilityRun[]): StabilityRun[][] {
  const found = new Map<string, StabilityRun[]>();
  for (const run of runs) {
    const key = `${run.rate} ${run.model}`;
    found.set(key, [...(found.get(key) ?? []), run]);
  }
  return [...found.values()];
}

function runTable(runs: readonly StabilityRun[]): Table {
  return {
    title: `Training without clipping, through ${longestDistance(runs)} steps`,
    columns: [
      'learning rate',
      'model',
      'parameters',
      'failed',
      'steps',
      'lowest loss',
      'loss in the end',
      'largest rise',
      'largest norm',
    ],
    rows: groups(runs).map((group) => {
      const [{ rate, model, parameters } = { rate: NaN, model: '', parameters: NaN }] = group;
      const of = (measure: (run: StabilityRun) => number) => meanAndDeviation(group.map(measure), 3);
      return [
        rate,
        model,
        parameters,
        `${group.filter(failed).length} of ${group.length}`,
        meanAndDeviation(
          group.map(({ losses }) => losses.length),
          0,
        ),
        of(lowestLoss),
        of(finalLoss),
        of(largestRise),
        figure(largestOf(group)),
      ];
    }),
  };
}

function flowTable(runs: readonly StabilityRun[]): Table {
  const distances = [10, 100, 1000].filter((distance) => distance < longestDistance(runs));
  const row = (rate: number | string, model: string, flows: readonly Flow[]) => {
    const norms = distances.map((distance) => Math.max(...flows.map((flow) => normAt(flow, distance))));
    return [rate, model, ...norms.map((norm) => (Number.isFinite(norm) ? norm.toExponential(1) : 'not finite'))];
  };
  const start = (['aLSTM', 'LSTM'] as const).map((model) => {
    const ofModel = runs.filter((run) => run.model === model);
    return row(
      'before training',
      model,
      ofModel.flatMap(({ flows }) => flows.slice(0, 1)),
    );
  });
  const end = groups(runs).map((group) => {
    const [{ rate, model } = { rate: NaN, model: '' }] = group;
    return row(
      rate,
      model,
      group.flatMap(({ flows }) => flows.slice(-1)),
    );
  });
  return {
    title: 'Norm of a gradient of 1 so many steps before, when training ended (of several seeds the largest)',
    columns: ['learning rate', 'model', ...distances.map((distance) => `${distance} steps`)],
    rows: [...start, ...end],
  };
}

function normAt({ distances, norms }: Flow, distance: number): number {
  const norm = norms[distances.findIndex((each) => each >= distance)] ?? NaN;
  return Number.isFinite(norm) ? norm : Infinity;
}

function largestOf(runs: readonly StabilityRun[]): number {
  return Math.max(...runs.map(largestNorm));
}

function figure(norm: number): string {
  return Number.isFinite(norm) ? norm.toPrecision(3) : 'not finite';
}

function longestDistance(runs: readonly StabilityRun[]): number {
  return runs[0]?.flows[0]?.distances.at(-1) ?? 0;
}

function claims(runs: readonly StabilityRun[]): Claim[] {
  const adaptive = runs.filter(({ model }) => model === 'aLSTM');
  const still = runs.filter(({ model }) => model === 'LSTM');
  const ratesOf = (of: readonly StabilityRun[]) => [...new Set(of.filter(failed).map(({ rate }) => rate))];
  const [adaptiveFails, stillFails] = [ratesOf(adaptive), ratesOf(still)];
  const counted = (of: readonly StabilityRun[]) => {
    const rates = ratesOf(of);
    return `${of.filter(failed).length} of ${of.length} runs fail${rates.length > 0 ? ` (at ${rates.join(', ')})` : ''}`;
  };
  const apart = stillFails.filter((rate) => !adaptiveFails.includes(rate));
  const sound = (of: readonly StabilityRun[]) => {
    return of.filter(({ rate }) => !adaptiveFails.includes(rate) && !stillFails.includes(rate));
  };
  const least = (of: readonly StabilityRun[]) => Math.min(...of.map(({ losses }) => losses.length));
  const atFailing = (of: readonly StabilityRun[]) => of.filter(({ rate }) => stillFails.includes(rate));
  return [
    {
      claim: 'An aLSTM trains through thousands of steps without clipping, whatever the learning rate',
      expected: 'no run fails',
      measured: counted(adaptive),
      holds: adaptiveFails.length === 0,
    },
    {
      claim: 'A static LSTM diverges where an aLSTM trains',
      expected: 'it fails at learning rates at which the aLSTM does not',
      measured: `${counted(still)}; it alone ${apart.length > 0 ? `at ${apart.join(', ')}` : 'at none'}`,
      holds: apart.length > 0,
    },
    {
      claim: 'Where a static LSTM diverges, an aLSTM at least lasts longer',
      expected: 'more optimizer steps',
      measured:
        stillFails.length > 0
          ? `${least(atFailing(adaptive))} steps or more against ${least(atFailing(still))}`
          : 'the static LSTM did not fail',
      holds: stillFails.length > 0 ? least(atFailing(adaptive)) > least(atFailing(still)) : null,
    },
    ...soundClaims(sound(adaptive), sound(still)),
  ];
}

/** Of the learning rates at which neither fails. */
function soundClaims(adaptive: readonly StabilityRun[], still: readonly StabilityRun[]): Claim[] {
  const none = adaptive.length === 0;
  const rise = (of: readonly StabilityRun[]) => Math.max(...of.map(largestRise));
  const judged = (measured: string, holds: boolean) => {
    return none ? { measured: 'at every rate one fails', holds: null } : { measured, holds };
  };
  return [
    {
      claim: 'Policies gate the gradient, so that it does not explode',
      expected: 'where neither fails, its largest norm is smaller than the static LSTM’s',
      ...judged(
        `${figure(largestOf(adaptive))} against ${figure(largestOf(still))}`,
        largestOf(adaptive) < largestOf(still),
      ),
    },
    {
      claim: 'Training is steadier',
      expected: 'where neither fails, the loss rises less on its way',
      ...judged(
        `by ${rise(adaptive).toFixed(2)} nats at most against ${rise(still).toFixed(2)}`,
        rise(adaptive) < rise(still),
      ),
    },
  ];
}

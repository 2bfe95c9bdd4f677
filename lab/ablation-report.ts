/** What the runs of the experiment `ablation` show, and how they are judged. */
import type { AnyFrame, Claim, Report, Table } from './experiment.js';
import { mean, meanAndDeviation, standardDeviation } from './statistics.js';

/** `hybrid`: two layers whose recurrent latents form one chain through layers and time. The others have one layer. */
export const latents = ['linear', 'feed-forward', 'recurrent', 'hybrid'] as const;
export const adaptations = ['static', 'output', 'input', 'io'] as const;

export interface Variant {
  readonly adaptation: (typeof adaptations)[number];
  /** null where nothing adapts. */
  readonly latent: (typeof latents)[number] | null;
  readonly layers: number;
  readonly policyOffset: number;
}

export interface AblationRun extends Variant {
  readonly parameters: number;
  /** H of every layer. */
  readonly hiddenSize: number;
  readonly seed: number;
  /** Nats per token; NaN when training failed. */
  readonly heldLoss: number;
}

export interface AblationFrame extends AnyFrame {
  readonly runs: readonly AblationRun[];
}

/** Runs of one variant with different seeds. */
export interface AblationCell extends Variant {
  readonly parameters: number;
  readonly hiddenSize: number;
  /** One of each seed. */
  readonly losses: readonly number[];
}

export function ablationCells(runs: readonly AblationRun[]): AblationCell[] {
  const cells = new Map<string, AblationRun[]>();
  for (const run of runs) {
    const key = [run.adaptation, run.latent, run.layers, run.policyOffset].join();
    cells.set(key, [...(cells.get(key) ?? []), run]);
  }
  return [...cells.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ ...first, losses: group.map(({ heldLoss }) => heldLoss) }] : [];
  });
}

export function judgeAblation(frame: AblationFrame): Report<AblationFrame> {
  const cells = ablationCells(frame.runs);
  return { claims: claims(cells), tables: [lossTable(cells)], last: frame };
}

function lossTable(cells: readonly AblationCell[]): Table {
  const sorted = [...cells].sort((a, b) => mean(a.losses) - mean(b.losses));
  return {
    title: 'Held-out loss, best first',
    columns: ['adaptation', 'latent', 'layers', 'policies start from', 'H', 'parameters', 'nats per token'],
    rows: sorted.map(({ adaptation, latent, layers, policyOffset, hiddenSize, parameters, losses }) => [
      adaptation,
      latent ?? 'none',
      layers,
      adaptation === 'static' ? '–' : policyOffset,
      hiddenSize,
      parameters,
      meanAndDeviation(losses, 4),
    ]),
  };
}

type Find = (variant: Partial<Variant>) => readonly number[];

function claims(cells: readonly AblationCell[]): Claim[] {
  const find: Find = (wanted) => {
    const found = cells.find((cell) => {
      return (['adaptation', 'latent', 'layers', 'policyOffset'] as const).every((key) => {
        return wanted[key] === undefined || wanted[key] === cell[key];
      });
    });
    return found?.losses ?? [];
  };
  const paper = (adaptation: Variant['adaptation'], latent: Variant['latent']) => {
    return find({ adaptation, latent, policyOffset: 0 });
  };
  const none = find({ adaptation: 'static', layers: 1 });
  const offset = (policyOffset: number) => find({ adaptation: 'io', latent: 'recurrent', policyOffset });
  return [
    compare('io-adaptation is better than output-adaptation', paper('io', 'recurrent'), paper('output', 'recurrent')),
    compare(
      'A recurrent latent is better than a feed-forward one',
      paper('io', 'recurrent'),
      paper('io', 'feed-forward'),
    ),
    compare('The hybrid chain of two layers is better than one layer', paper('io', 'hybrid'), paper('io', 'recurrent')),
    compare('An aLSTM is better than a static LSTM, one layer each', paper('io', 'recurrent'), none),
    compare(
      'An aLSTM is better than a static LSTM, two layers each',
      paper('io', 'hybrid'),
      find({ adaptation: 'static', layers: 2 }),
    ),
    compare('Policies that start from 0 are better than those from 1', offset(0), offset(1)),
  ].flatMap((claim) => (claim ? [claim] : []));
}

/** A difference is decided when it exceeds twice its standard error; for that each needs two seeds. */
function compare(claim: string, better: readonly number[], worse: readonly number[]): Claim | null {
  if (better.length === 0 || worse.length === 0) return null;
  const difference = mean(worse) - mean(better);
  const variance = (losses: readonly number[]) => standardDeviation(losses, true) ** 2 / losses.length;
  const error = Math.sqrt(variance(better) + variance(worse));
  const decided = Math.min(better.length, worse.length) > 1 && Math.abs(difference) > 2 * error;
  const failed = Number.isNaN(difference);
  return {
    claim,
    expected: 'a lower held-out loss',
    measured:
      `${meanAndDeviation(better, 4)} against ${meanAndDeviation(worse, 4)} nats` +
      (decided || failed ? '' : ', within the noise'),
    holds: decided ? difference > 0 : null,
  };
}

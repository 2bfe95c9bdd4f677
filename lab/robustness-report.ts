/** What the runs of the experiment `robustness` show, and how they are judged. */
import type { Dropout } from '../core/config.js';
import type { AnyFrame, Claim, Report, Table } from './experiment.js';
import { mean, quantile, standardDeviation } from './statistics.js';

export interface RobustnessRun {
  readonly model: 'aLSTM' | 'LSTM';
  readonly parameters: number;
  readonly seed: number;
  readonly dropout: Dropout;
  /** Of the held-out part; NaN when training failed before. */
  readonly perplexity: number;
  /** What was not finite, or ''. */
  readonly failure: string;
}

export interface RobustnessFrame extends AnyFrame {
  readonly runs: readonly RobustnessRun[];
  /** Of the held-out part for who knows only how often each token occurs. */
  readonly unigramPerplexity: number;
}

/** Within this factor of the best of all. */
const nearness = 1.1;
/**
 * Of 12 runs of which each fails with probability 1/4, at least one fails in 97 of 100 cases: fewer of each model decide
 * nothing about failures, and fewer than 20 that did not fail nothing about their spread.
 */
const fewestRuns = 12;
const fewestSound = 20;

/** Not finite, or no better than knowing how often each token occurs: it has learned nothing of what follows what. */
export function failed({ perplexity }: RobustnessRun, unigramPerplexity: number): boolean {
  return !(perplexity < unigramPerplexity);
}

interface Summary {
  readonly model: string;
  readonly parameters: number;
  readonly runs: number;
  readonly failures: number;
  /** Of those that did not fail. */
  readonly perplexities: readonly number[];
  /** Of the logarithm of the perplexity: the spread in proportion to its size. */
  readonly spread: number;
  /** How far the worst is from the median, in proportion. */
  readonly tail: number;
}

export function judgeRobustness(frame: RobustnessFrame): Report<RobustnessFrame> {
  const adaptive = summary(frame, 'aLSTM');
  const still = summary(frame, 'LSTM');
  return { claims: claims(adaptive, still), tables: [distribution(frame, [adaptive, still])], last: frame };
}

function summary({ runs, unigramPerplexity }: RobustnessFrame, model: RobustnessRun['model']): Summary {
  const ofModel = runs.filter((run) => run.model === model);
  const sound = ofModel.filter((run) => !failed(run, unigramPerplexity));
  const perplexities = sound.map(({ perplexity }) => perplexity);
  return {
    model,
    parameters: ofModel[0]?.parameters ?? 0,
    runs: ofModel.length,
    failures: ofModel.length - sound.length,
    perplexities,
    spread: standardDeviation(perplexities.map(Math.log), true),
    tail: Math.max(...perplexities) / quantile(perplexities, 0.5) - 1,
  };
}

function distribution({ unigramPerplexity }: RobustnessFrame, summaries: readonly Summary[]): Table {
  return {
    title: `Held-out perplexity; a run fails that is not below ${unigramPerplexity.toFixed(0)}, that of unigrams`,
    columns: ['model', 'parameters', 'runs', 'failed', 'best', 'median', 'mean', 'worst', 'sd of the logarithm'],
    rows: summaries.map(({ model, parameters, runs, failures, perplexities, spread }) => {
      const of = (value: number, digits = 1) => (perplexities.length > 0 ? value.toFixed(digits) : '–');
      return [
        model,
        parameters,
        runs,
        failures,
        of(Math.min(...perplexities)),
        of(quantile(perplexities, 0.5)),
        of(mean(perplexities)),
        of(Math.max(...perplexities)),
        of(spread, 3),
      ];
    }),
  };
}

function claims(adaptive: Summary, still: Summary): Claim[] {
  const enough = Math.min(adaptive.runs, still.runs) >= fewestRuns;
  const decided = (holds: boolean) => (enough ? holds : null);
  const sound = Math.min(adaptive.perplexities.length, still.perplexities.length);
  const compared = (measured: string, holds: boolean) => {
    if (sound < 2) return { measured: 'too few that did not fail', holds: null };
    return { measured, holds: sound >= fewestSound ? holds : null };
  };
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
  const best = Math.min(...adaptive.perplexities, ...still.perplexities);
  const nearBest = ({ perplexities, runs }: Summary) => {
    return perplexities.filter((each) => each < nearness * best).length / runs;
  };
  return [
    {
      claim: 'Of the aLSTMs none fails',
      expected: '0',
      measured: `${adaptive.failures} of ${adaptive.runs}`,
      holds: decided(adaptive.failures === 0),
    },
    {
      claim: 'Of the static LSTMs a quarter to a half fails',
      expected: '25 to 50 %',
      measured: `${still.failures} of ${still.runs}`,
      holds: decided(still.failures >= 0.25 * still.runs),
    },
    {
      claim: 'The aLSTM’s results lie close together',
      expected: 'less spread than the static LSTM’s, failures left out',
      ...compared(
        `sd of the logarithm ${adaptive.spread.toFixed(3)} against ${still.spread.toFixed(3)}`,
        adaptive.spread < still.spread,
      ),
    },
    {
      claim: 'The static LSTM’s have a heavy tail towards poor ones',
      expected: 'its worst is further from its median',
      ...compared(`${percent(still.tail)} above it against ${percent(adaptive.tail)}`, still.tail > adaptive.tail),
    },
    {
      claim: 'The aLSTM does well at most settings',
      expected: 'more of its runs come within 10 % of the best of all',
      measured: `${percent(nearBest(adaptive))} against ${percent(nearBest(still))}`,
      holds: decided(nearBest(adaptive) > nearBest(still)),
    },
  ];
}

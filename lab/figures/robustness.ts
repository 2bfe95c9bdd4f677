/** Held-out perplexities of models trained with random dropout rates, a dot each. */
import { axisFy, dodgeY, dot, ruleX, text } from '@observablehq/plot';
import { failed, type RobustnessFrame } from '../robustness-report.js';
import { quiet, seriesColours } from './colours.js';
import type { Figure } from './figure.js';

const models = ['aLSTM', 'LSTM'] as const;

function sound({ runs, unigramPerplexity }: RobustnessFrame) {
  return runs.filter((run) => !failed(run, unigramPerplexity));
}

function failures({ runs, unigramPerplexity }: RobustnessFrame, model: string): string {
  const ofModel = runs.filter((run) => run.model === model);
  return `${ofModel.filter((run) => failed(run, unigramPerplexity)).length} of ${ofModel.length} failed`;
}

const distribution: Figure<RobustnessFrame> = {
  name: 'robustness',
  title: 'Perplexity after a few epochs, with random dropout rates',

  describe: (frame) =>
    'Held-out perplexity of each run that did not fail, a row of dots for each model; a line marks the mean. ' +
    `${models.map((model) => `${model}: ${failures(frame, model)}`).join('; ')}.`,

  plot(frame) {
    const runs = sound(frame);
    const means = models.flatMap((model) => {
      const of = runs.filter((run) => run.model === model).map(({ perplexity }) => perplexity);
      return of.length > 0 ? [{ model, perplexity: of.reduce((sum, each) => sum + each, 0) / of.length }] : [];
    });
    return {
      width: 760,
      height: 240,
      marginLeft: 60,
      marginBottom: 36,
      x: { label: 'held-out perplexity', grid: true, nice: true },
      fy: { domain: models },
      color: { domain: models, range: seriesColours.slice(0, 2) },
      marks: [
        axisFy({ label: null, anchor: 'left' }),
        ruleX(means, { fy: 'model', x: 'perplexity', stroke: quiet, strokeWidth: 2 }),
        dot(runs, dodgeY('middle', { fy: 'model', x: 'perplexity', fill: 'model', r: 4, padding: 1 })),
        text(
          models.map((model) => ({ model, words: failures(frame, model) })),
          { fy: 'model', text: 'words', frameAnchor: 'top-right', dy: 6 },
        ),
      ],
    };
  },
};

export const robustnessFigures: readonly Figure<RobustnessFrame>[] = [distribution];

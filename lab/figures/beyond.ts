/** The best small net as it learns. */
import { dot, lineY } from '@observablehq/plot';
import type { BeyondFrame } from '../beyond.js';
import { seriesColours } from './colours.js';
import type { Figure } from './figure.js';

const accuracy: Figure<BeyondFrame> = {
  name: 'beyond',
  title: 'Held-out digits read right, after each epoch',
  describe({ parameters, validation, test }) {
    const best = validation.values.at(-1);
    const held = best === undefined ? 'nothing measured yet' : `rises to ${best.toFixed(2)} %`;
    const end = test === null ? '' : `; ${test.toFixed(2)} % of the test digits`;
    return `A net of ${parameters.toLocaleString('en')} parameters: ${held}${end}.`;
  },
  plot({ validation: { steps, values } }) {
    const points = steps.map((step, at) => ({ step, value: values[at] ?? NaN }));
    const [stroke] = seriesColours;
    return {
      width: 560,
      height: 260,
      x: { label: 'steps' },
      y: { label: '%', domain: [95, 100], clamp: true, grid: true },
      marks: [
        lineY(points, { x: 'step', y: 'value', stroke }),
        dot(points, { x: 'step', y: 'value', r: 2, fill: stroke }),
      ],
    };
  },
};

export const beyondFigures: readonly Figure<BeyondFrame>[] = [accuracy];

/** Heat maps of one matrix and of what each adaptation makes of it. */
import { cell } from '@observablehq/plot';
import type { AdaptationFrame } from '../adaptation-report.js';
import { signedFill } from './colours.js';
import { facets } from './facets.js';
import type { Figure } from './figure.js';

const nameHeight = 24; // px

const labels = {
  static: 'W',
  output: 'output: D W',
  input: 'input: W D',
  io: 'io: D W D',
  sva: 'sva: U D Σ Vᵀ',
} as const;

const matrices: Figure<AdaptationFrame> = {
  name: 'adaptation',
  title: 'One matrix, adapted to an input in four ways',

  describe({ position, matrices: all }) {
    const size = all[0]?.matrix.rows ?? 0;
    return (
      `Five heat maps of ${size} by ${size} entries at position ${position.toFixed(2)} of the input's way: the static matrix, ` +
      'then output adaptation, which scales rows, input adaptation, which scales columns, both at once, and singular value ' +
      'adaptation, which moves every entry. Blue is below zero, orange above.'
    );
  },

  plot({ matrices: all }, width = 760) {
    const panel = facets(
      all.map(({ kind }) => labels[kind]),
      width,
      150,
    );
    const entries = all.flatMap(({ matrix }, index) =>
      matrix.values.map((value, at) => {
        const [row, column] = [Math.floor(at / matrix.columns), at % matrix.columns];
        return { ...panel.place(index), row, column, value };
      }),
    );
    const largest = Math.max(...(all[0]?.matrix.values ?? []).map(Math.abs), 1e-9);
    return {
      ...panel.options,
      width,
      height: nameHeight + panel.rows * (width / Math.ceil(all.length / panel.rows)),
      margin: 4,
      marginTop: nameHeight,
      x: { axis: null },
      y: { axis: null },
      color: { type: 'identity' },
      marks: [
        cell(entries, {
          fx: 'fx',
          fy: 'fy',
          x: 'column',
          y: 'row',
          fill: ({ value }: { readonly value: number }) => signedFill(value, largest),
          inset: 0.25,
        }),
        panel.names,
      ],
    };
  },
};

export const adaptationFigures: readonly Figure<AdaptationFrame>[] = [matrices];

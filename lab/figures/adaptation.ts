/** Heat maps of one matrix and of what each adaptation makes of it. */
import { cell } from '@observablehq/plot';
import type { AdaptationFrame } from '../adaptation-report.js';
import { signedFill } from './colours.js';
import type { Figure } from './figure.js';

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

  plot({ matrices: all }) {
    const entries = all.flatMap(({ kind, matrix }) =>
      matrix.values.map((value, at) => {
        const [row, column] = [Math.floor(at / matrix.columns), at % matrix.columns];
        return { label: labels[kind], row, column, value };
      }),
    );
    const largest = Math.max(...(all[0]?.matrix.values ?? []).map(Math.abs), 1e-9);
    return {
      width: 760,
      height: 190,
      marginLeft: 8,
      marginRight: 8,
      marginBottom: 8,
      marginTop: 30,
      x: { axis: null },
      y: { axis: null },
      fx: { label: null, axis: 'top', domain: all.map(({ kind }) => labels[kind]), padding: 0.08 },
      color: { type: 'identity' },
      marks: [
        cell(entries, {
          fx: 'label',
          x: 'column',
          y: 'row',
          fill: ({ value }: { readonly value: number }) => signedFill(value, largest),
          inset: 0.25,
        }),
      ],
    };
  },
};

export const adaptationFigures: readonly Figure<AdaptationFrame>[] = [matrices];

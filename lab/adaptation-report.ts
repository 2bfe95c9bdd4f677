/** What the adaptation experiment shows, and what it checks. */
import type { AdaptationKind } from './adapted-matrices.js';
import type { AnyFrame, Report } from './experiment.js';
import type { Matrix } from './matrix.js';

export interface AdaptedMatrix {
  readonly kind: AdaptationKind | 'static';
  readonly matrix: Matrix;
  /** Numbers by which the policy moves it. */
  readonly policySize: number;
}

export interface AdaptationFrame extends AnyFrame {
  /** Of the slider, 0 … 1. */
  readonly position: number;
  readonly x: readonly number[];
  /** W first. */
  readonly matrices: readonly AdaptedMatrix[];
  /** Largest so far of: |W(x) x − the layer's output|; how unlike the scales within a row (output), a column (input) are;
   * what is off the diagonal of Uᵀ W(x) V (sva). */
  readonly deviations: Readonly<Record<'output' | 'rows' | 'columns' | 'vectors', number>>;
}

const tolerance = 1e-4;

export function judge(frames: readonly AdaptationFrame[]): Report<AdaptationFrame> {
  const [last] = frames;
  if (!last) throw new TypeError('There is no frame to judge.');
  const worst = (name: keyof AdaptationFrame['deviations']) =>
    Math.max(...frames.map(({ deviations }) => deviations[name]));
  const claim = (text: string, name: keyof AdaptationFrame['deviations'], what: string) => {
    return {
      claim: text,
      expected: 'rounding',
      measured: `${what} ${worst(name).toExponential(1)}`,
      holds: worst(name) < tolerance,
    };
  };
  return {
    claims: [
      claim('for each input the adaptive layer is a linear map W(x)', 'output', 'largest |W(x) x − y|'),
      claim('output adaptation scales whole rows of W', 'rows', 'largest deviation from one scale a row'),
      claim('input adaptation scales whole columns of W', 'columns', 'largest deviation from one scale a column'),
      claim(
        'singular value adaptation keeps the singular vectors and moves the values',
        'vectors',
        'largest off-diagonal of UᵀW(x)V',
      ),
    ],
    tables: [
      {
        title: 'What the policy moves',
        columns: ['adaptation', 'policy rows', 'entries of W'],
        rows: last.matrices
          .filter(({ kind }) => kind !== 'static')
          .map(({ kind, policySize, matrix }) => [kind, policySize, matrix.values.length]),
      },
    ],
    last,
  };
}

/** W(x): a static matrix as each adaptation has it, by the rows of its policy. */
import { Random } from '../core/random.js';
import { orthogonal } from '../model/initialise.js';
import { multiply, scaled, type Matrix } from './matrix.js';
import { streams } from './streams.js';

export const adaptationKinds = ['output', 'input', 'io', 'sva'] as const;
export type AdaptationKind = (typeof adaptationKinds)[number];

/** W = U Σ Vᵀ, with its factors. */
export interface Singular {
  readonly w: Matrix;
  readonly u: Matrix;
  readonly values: readonly number[];
  readonly vt: Matrix;
}

/** Singular values from 2 down to 0.5. */
export function randomMatrix(seed: number, size: number): Singular {
  const factor = (step: number): Matrix => {
    const values = new Float32Array(size * size);
    orthogonal(size, size, new Random(seed, streams.matrices, step), values);
    return { rows: size, columns: size, values: Array.from(values) };
  };
  const [u, vt] = [factor(0), factor(1)];
  const values = Array.from({ length: size }, (_, at) => 2 - (1.5 * at) / (size - 1));
  return { w: multiply(scaled(u, null, values), vt), u, values, vt };
}

/** W(x) of a kind, by the rows of its policy. */
export function adapted(kind: AdaptationKind, { w, u, values, vt }: Singular, d: readonly number[]): Matrix {
  const size = w.columns;
  switch (kind) {
    case 'output':
      return scaled(w, d, null);
    case 'input':
      return scaled(w, null, d);
    case 'io':
      return scaled(w, d.slice(size), d.slice(0, size));
    case 'sva':
      return multiply(
        scaled(
          u,
          null,
          values.map((value, at) => value * (d[at] ?? 0)),
        ),
        vt,
      );
  }
}

/** How much entries of W(x) / W differ within a row; for columns, give both transposed. */
export function unlikeness(changed: Matrix, w: Matrix): number {
  let largest = 0;
  for (let row = 0; row < w.rows; row++) {
    // The scale of the whole row, by its largest entry: small ones are mostly rounding.
    const at = Array.from({ length: w.columns }, (_, column) => row * w.columns + column);
    const top = at.reduce((best, each) =>
      Math.abs(w.values[each] ?? 0) > Math.abs(w.values[best] ?? 0) ? each : best,
    );
    const scale = (changed.values[top] ?? 0) / (w.values[top] ?? 1);
    for (const each of at) {
      largest = Math.max(largest, Math.abs((changed.values[each] ?? 0) - scale * (w.values[each] ?? 0)));
    }
  }
  return largest;
}

/** The largest entry that is not on the diagonal. */
export function offDiagonal(matrix: Matrix): number {
  return matrix.values.reduce((largest, value, at) => {
    const isDiagonal = Math.floor(at / matrix.columns) === at % matrix.columns;
    return isDiagonal ? largest : Math.max(largest, Math.abs(value));
  }, 0);
}

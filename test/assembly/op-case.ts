/** What one call of an op is tried on. */
import type { OpName } from '../../core/ops.js';
import type { CallScalars, CallSizes, CallViews } from '../../core/program.js';
import type { Random } from '../../core/random.js';

/** A number of an operand; `index` counts row by row. */
export type Draw = (random: Random, index: number) => number;

export interface Operand {
  readonly rows: number;
  readonly columns: number;
  /** null: nothing that may be looked at. */
  readonly draw: Draw | null;
  /** All rows are the same one: the leading dimension is 0. */
  readonly oneRow?: boolean;
  /** Memory that is the kernel's own: what it leaves there is not compared. */
  readonly scratch?: boolean;
}

/** An operand, the name of another one that it shares its memory with, or nothing. */
export type OperandOrNone = Operand | string | null;

/** How near a kernel in float32 must come. */
export interface Tolerance {
  /** The largest difference, relative to the largest magnitude in the operand, … */
  readonly tolerance: number;
  /** … or to this, where terms of that size may cancel. */
  readonly magnitude: number;
}

export interface AnyOpCase extends Tolerance {
  readonly operands: Readonly<Record<string, OperandOrNone>>;
  readonly sizes: Readonly<Record<string, number>>;
  readonly scalars: Readonly<Record<string, number>>;
}

/** A case of op N: every view, size and scalar of its row. */
export interface OpCase<N extends OpName> extends Tolerance {
  readonly operands: {
    readonly [K in keyof CallViews<N>]: null extends CallViews<N>[K] ? OperandOrNone : Operand | string;
  };
  readonly sizes: { readonly [K in keyof CallSizes<N>]: number };
  readonly scalars: CallScalars<N>;
}

const symmetric: Draw = (random) => 2 * random.next() - 1;

export function matrix(rows: number, columns: number, draw: Draw | null = symmetric): Operand {
  return { rows, columns, draw };
}

export function vector(length: number, draw: Draw | null = symmetric): Operand {
  return matrix(1, length, draw);
}

/** A row that stands for all rows of a matrix. */
export function oneRow(rows: number, columns: number): Operand {
  return { ...matrix(rows, columns), oneRow: true };
}

/** Memory for what the op writes without looking. */
export function result(rows: number, columns: number): Operand {
  return matrix(rows, columns, null);
}

export const between =
  (low: number, high: number): Draw =>
  (random) =>
    low + (high - low) * random.next();

/** Whole numbers from 0 to limit − 1. */
export const below =
  (limit: number): Draw =>
  (random) =>
    Math.floor(limit * random.next());

/** Any 32 bits, for seeds. */
export const anyBits: Draw = (random, index) => random.bits(index);

/** A third of the numbers 0, the others 1.5, as dropout has it. */
export const masking: Draw = (random) => (random.next() < 1 / 3 ? 0 : 1.5);

/** Rounding of one operation on float32. */
export const oneRounding: Tolerance = { tolerance: 1e-7, magnitude: 0 };
export const exactly: Tolerance = { tolerance: 0, magnitude: 0 };

/** Sums of k products of numbers of order 1: of √k roundings of sums of size √k, relative to one such sum. */
export function sumOf(k: number): Tolerance {
  return { tolerance: 2e-7 * (2 + Math.sqrt(k)), magnitude: 1 };
}

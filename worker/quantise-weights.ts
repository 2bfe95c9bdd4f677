/**
 * Which weights of a Program are multiplied by one row at a time, and where they lie in int8 for that
 * (assembly/kernels/product-int8.ts). A product with one row reads each weight once and does two operations with it, so
 * its time is that of the bytes.
 */
import { ops, type OpRow } from '../core/ops.js';
import { sizeAt, type Call, type Program, type Size, type View } from '../core/program.js';
import type { Placement } from './encode-program.js';
import { quantiseRow, rowScale } from './int8-rows.js';
import { weightViews } from './pack-weights.js';

const tileRows = 4;
const tileColumns = 16;
const elementBytes = 4;
const lineBytes = 64;

/** The columns of a matrix that one kind of call multiplies by. */
export interface Int8Weight {
  readonly view: View;
  readonly rows: number;
  readonly columns: number;
  /** Bytes from the start of the room. */
  readonly offset: number;
  readonly bytes: number;
}

/** Weights that lie side by side in one matrix: its rows have one scale each, as in a model file. */
interface Matrix {
  readonly view: View;
  readonly rows: number;
  /** From the first weight's first to the last one's last. */
  columns: number;
  readonly weights: Int8Weight[];
}

export interface Int8Plan {
  readonly matrices: readonly Matrix[];
  /** Weights of a call, by the place of their view. */
  readonly places: ReadonlyMap<Call, ReadonlyMap<number, Int8Weight>>;
  /** Bytes of room. */
  readonly bytes: number;
}

export const noInt8: Int8Plan = { matrices: [], places: new Map(), bytes: 0 };

export function planInt8(program: Program): Int8Plan {
  const calls = program.body.flatMap((statement) => (statement.kind === 'scan' ? statement.body : [statement]));
  const written = writtenBuffers(calls);
  const weights = new Map<string, Int8Weight>();
  const places = new Map<Call, Map<number, Int8Weight>>();
  let bytes = 0;
  for (const call of calls) {
    if (!hasOneRow(call)) continue;
    for (const { index, view, rows, columns } of usedWeights(call)) {
      if (written.has(view.buffer) || view.stride !== 0 || rows * columns === 0) continue;
      const key = [view.buffer, view.offset, view.ld, rows, columns].join(':');
      let weight = weights.get(key);
      if (!weight) {
        weight = { view, rows, columns, offset: bytes, bytes: wholeBytes(rows, columns) + rows * elementBytes };
        weights.set(key, weight);
        bytes += roundUp(weight.bytes, lineBytes);
      }
      places.set(call, (places.get(call) ?? new Map<number, Int8Weight>()).set(index, weight));
    }
  }
  return { matrices: join([...weights.values()]), places, bytes };
}

/** What a Program computes itself is no weight. */
function writtenBuffers(calls: readonly Call[]): Set<number> {
  const written = new Set<number>();
  for (const { op, views } of calls) {
    Object.values(ops[op].views).forEach((role, index) => {
      const view = views[index];
      if (view && !role.startsWith('read')) written.add(view.buffer);
    });
  }
  return written;
}

/** Whether the left operand has one row for each step, and every other size is the same for any number of steps. */
function hasOneRow({ op, sizes }: Call): boolean {
  const { weights, sizes: names }: OpRow = ops[op];
  const suits = (size: Size, name?: string) =>
    name === weights.rows ? sizeAt(size, 1) === 1 : typeof size === 'number';
  return weights.side === 'NT' && sizes.every((size, i) => suits(size, names[i]));
}

function usedWeights(call: Call) {
  const row: OpRow = ops[call.op];
  const sizes = Object.fromEntries(row.sizes.map((name, i) => [name, sizeAt(call.sizes[i] ?? NaN, 1)]));
  return weightViews(call).flatMap(({ index, name }) => {
    const view = call.views[index];
    const [rows, columns] = row.weights.shapes[name]?.(sizes) ?? [0, 0];
    return view ? [{ index, view, rows, columns }] : [];
  });
}

function join(weights: readonly Int8Weight[]): Matrix[] {
  const matrices: Matrix[] = [];
  for (const weight of [...weights].sort((a, b) => a.view.offset - b.view.offset)) {
    const { view, rows, columns } = weight;
    const matrix = matrices.find(
      (other) =>
        other.view.buffer === view.buffer &&
        other.view.ld === view.ld &&
        other.rows === rows &&
        view.offset - other.view.offset + columns <= view.ld,
    );
    if (!matrix) {
      matrices.push({ view, rows, columns, weights: [weight] });
      continue;
    }
    matrix.weights.push(weight);
    matrix.columns = Math.max(matrix.columns, view.offset - matrix.view.offset + columns);
  }
  return matrices;
}

/** Fills the room at `room` from the weights as they are now. */
export function quantiseWeights(
  { matrices }: Int8Plan,
  memory: ArrayBufferLike,
  placements: readonly Placement[],
  room: number,
): void {
  for (const { view, rows, columns, weights } of matrices) {
    const from = (placements[view.buffer]?.address ?? 0) + view.offset * elementBytes;
    const whole = new Int8Array(columns);
    for (let row = 0; row < rows; row++) {
      const values = new Float32Array(memory, from + row * view.ld * elementBytes, columns);
      const scale = rowScale(values);
      quantiseRow(values, scale, whole);
      for (const weight of weights) {
        const column = weight.view.offset - view.offset;
        const start = room + weight.offset;
        storeRow(whole.subarray(column, column + weight.columns), new Int8Array(memory, start, weight.bytes), row);
        new Float32Array(memory, start + wholeBytes(rows, weight.columns), rows)[row] = scale;
      }
    }
  }
}

/** Puts a row into its places of the tiles. */
function storeRow(whole: Int8Array, tiles: Int8Array, row: number): void {
  const within = (row % tileRows) * tileColumns;
  const start = (row - (row % tileRows)) * roundUp(whole.length, tileColumns) + within;
  for (let k = 0; k < whole.length; k++) {
    const column = k % tileColumns;
    tiles[start + (k - column) * tileRows + column] = whole[k] ?? 0;
  }
}

function wholeBytes(rows: number, columns: number): number {
  return roundUp(rows, tileRows) * roundUp(columns, tileColumns);
}

function roundUp(count: number, to: number): number {
  return Math.ceil(count / to) * to;
}

/**
 * Which weights a scan multiplies by at every step, and where they lie packed while it runs
 * (assembly/kernels/product-packed.ts). Packing reads and writes a weight once; a step with few rows would otherwise do
 * so each time.
 */
import type { Tenant } from '../core/memory-plan.js';
import { ops, type OpRow, type Weights } from '../core/ops.js';
import type { Call, Program, Scan, View } from '../core/program.js';

/** Fewer rows than this read a weight as it lies, row by row. */
const fewestRows = 4;
/** Scans of fewer steps do not make up for the packing. */
const fewestSteps = 4;

const panel = 8; // columns
const elementBytes = 4;

export interface PackedWeight {
  readonly view: View;
  readonly rows: number;
  readonly columns: number;
  readonly side: Weights['side'];
  /** Bytes from the start of the scan's room. */
  readonly offset: number;
  readonly bytes: number;
}

/** What one scan packs. */
export type ScanWeights = ReadonlyMap<string, PackedWeight>;

export interface ScanPacking {
  readonly weights: ScanWeights;
  /** Needed while the scan runs, and not afterwards: the weights may have changed by the next replay. */
  readonly room: Tenant;
}

/** The scans of a Program that pack weights. */
export function planPacking(program: Program): ReadonlyMap<Scan, ScanPacking> {
  const scans = new Map<Scan, ScanPacking>();
  program.body.forEach((statement, at) => {
    if (statement.kind !== 'scan' || program.maxSteps < fewestSteps) return;
    const weights = weightsOf(statement);
    const bytes = [...weights.values()].reduce((end, weight) => Math.max(end, weight.offset + weight.bytes), 0);
    if (bytes > 0) scans.set(statement, { weights, room: { first: at, last: at, words: bytes / elementBytes } });
  });
  return scans;
}

/** The same weight in two calls of a scan is packed once. */
function keyOf({ buffer, offset, ld }: View, side: Weights['side']): string {
  return `${buffer}:${offset}:${ld}:${side}`;
}

/** Where a call's weight lies packed; `index` is the place of its view. */
export function packedIn(weights: ScanWeights, call: Call, index: number): PackedWeight | undefined {
  const row: OpRow = ops[call.op];
  const view = call.views[index];
  const isWeight = isPackable(row) && weightViews(call).some((weight) => weight.index === index);
  return view && isWeight ? weights.get(keyOf(view, row.weights.side)) : undefined;
}

/** Where rows are not those of a batch, the right operand may be anything, also what the scan itself computes. */
function isPackable({ weights }: OpRow): boolean {
  return weights.rows === 'b';
}

/** The weights of a call by the place of their view. */
export function weightViews(call: Call): { readonly index: number; readonly name: string }[] {
  const row: OpRow = ops[call.op];
  return Object.keys(row.views).flatMap((name, index) => (name in row.weights.shapes ? [{ index, name }] : []));
}

function weightsOf(scan: Scan): ScanWeights {
  const found = new Map<string, PackedWeight>();
  let end = 0;
  for (const call of scan.body) {
    const row: OpRow = ops[call.op];
    const { side, shapes } = row.weights;
    const sizes = constantSizes(call, row);
    if (sizes === null || !isPackable(row) || (sizes['b'] ?? 0) < fewestRows) continue;
    for (const { index, name } of weightViews(call)) {
      const view = call.views[index];
      const shape = shapes[name]?.(sizes);
      if (!view || !shape || view.stride !== 0 || found.has(keyOf(view, side))) continue;
      const [rows, columns] = shape;
      const bytes = packedBytes(rows, columns, side);
      found.set(keyOf(view, side), { view, rows, columns, side, offset: end, bytes });
      end += bytes;
    }
  }
  return found;
}

/** null if a size depends on the number of steps: then the weights' shapes are not known beforehand. */
function constantSizes(call: Call, row: OpRow): Readonly<Record<string, number>> | null {
  const sizes = call.sizes.filter((size) => typeof size === 'number');
  if (sizes.length < call.sizes.length) return null;
  return Object.fromEntries(row.sizes.map((name, i) => [name, sizes[i] ?? NaN]));
}

function packedBytes(rows: number, columns: number, side: Weights['side']): number {
  const [across, depth] = side === 'NT' ? [rows, columns] : [columns, rows];
  return Math.ceil(across / panel) * panel * depth * elementBytes;
}

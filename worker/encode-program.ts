/**
 * Turns a Program into the words that assembly/kernels/replay.ts walks, with every view resolved to an address.
 * The layout is drawn at the head of that file.
 */
import { opNames, ops } from '../core/ops.js';
import { sizeAt, type Call, type Program, type Scan, type Size, type Statement, type View } from '../core/program.js';
import { keyOf, weightViews, type PackedWeight, type Packing, type ScanWeights } from './pack-weights.js';

/** Where a buffer lies in memory, in bytes. */
export interface Placement {
  readonly address: number;
  readonly end: number;
}

const directions = { once: 0, forward: 1, backward: 2, pack: 3 } as const;
const elementBytes = 4;
/** Leading dimension of a packed weight. */
const packedLd = -1;

interface Block {
  readonly direction: 'once' | Scan['direction'];
  readonly calls: readonly Call[];
  readonly weights: ScanWeights;
}

const noWeights: ScanWeights = new Map();

/** Straight calls in a row share a block; each scan has its own. */
function blocks(body: readonly Statement[], { scans }: Packing): Block[] {
  const found: Block[] = [];
  let straight: Call[] = [];
  for (const statement of body) {
    if (statement.kind === 'call') {
      if (straight.length === 0) found.push({ direction: 'once', calls: straight, weights: noWeights });
      straight.push(statement);
    } else {
      const { direction, body: calls } = statement;
      found.push({ direction, calls, weights: scans.get(statement) ?? noWeights });
      straight = [];
    }
  }
  return found;
}

/** The encoded Program, as 32-bit words. `room` is where weights lie packed. */
export function encodeProgram(
  program: Program,
  placements: readonly Placement[],
  packing: Packing,
  room: Placement,
): Int32Array<ArrayBuffer> {
  const words: number[] = [];
  const encoded = blocks(program.body, packing);
  words.push(encoded.reduce((count, { weights }) => count + (weights.size > 0 ? 2 : 1), 0));
  for (const { direction, calls, weights } of encoded) {
    if (weights.size > 0) {
      words.push(directions.pack, weights.size);
      for (const weight of weights.values()) words.push(...encodeWeight(weight, placements, room));
    }
    words.push(directions[direction], calls.length);
    for (const call of calls) encodeCall(call, placements, weights, room, words);
  }
  return Int32Array.from(words);
}

function encodeWeight(
  { view, rows, columns, side, offset }: PackedWeight,
  placements: readonly Placement[],
  room: Placement,
) {
  const from = (placements[view.buffer]?.address ?? 0) + view.offset * elementBytes;
  return [from, view.ld, rows, columns, side === 'NT' ? 1 : 0, room.address + offset];
}

function encodeCall(
  call: Call,
  placements: readonly Placement[],
  weights: ScanWeights,
  room: Placement,
  words: number[],
): void {
  words.push(opNames.indexOf(call.op), call.views.length, call.sizes.length, call.scalars.length);
  const { side } = ops[call.op].weights;
  const mayBePacked = new Set(weightViews(call).map(({ index }) => index));
  call.views.forEach((view, index) => {
    const packed = view && mayBePacked.has(index) ? weights.get(keyOf(view, side)) : undefined;
    if (packed) words.push(room.address + packed.offset, 0, packedLd, room.address + packed.offset + packed.bytes);
    else encodeView(view, placements, words);
  });
  for (const size of call.sizes) words.push(...encodeSize(size));
  words.push(...new Int32Array(Float32Array.from(call.scalars).buffer));
}

function encodeView(view: View | null, placements: readonly Placement[], words: number[]): void {
  const placement = view && placements[view.buffer];
  if (!placement) {
    words.push(0, 0, 0, 0);
    return;
  }
  words.push(placement.address + view.offset * elementBytes, view.stride * elementBytes, view.ld, placement.end);
}

/** [base, perStep] */
function encodeSize(size: Size): [number, number] {
  return typeof size === 'number' ? [size, 0] : [0, sizeAt(size, 1)];
}

/**
 * Turns a Program into the words that assembly/kernels/replay.ts walks, with every view resolved to an address.
 * The layout is drawn at the head of that file.
 */
import { opNames, weightMarks } from '../core/ops.js';
import { sizeAt, type Call, type Program, type Scan, type Size, type Statement, type View } from '../core/program.js';
import { packedIn, type PackedWeight, type ScanWeights } from './pack-weights.js';
import type { Int8Plan } from './quantise-weights.js';

/** Where a buffer lies in memory, in bytes. */
export interface Placement {
  readonly address: number;
  readonly end: number;
}

/** How weights are laid out anew, and where the room for it is. */
export interface PlannedRoom<Plan> {
  readonly plan: Plan;
  readonly address: number;
}

export interface WeightRooms {
  readonly packed: ReadonlyMap<Scan, PlannedRoom<ScanWeights>>;
  readonly int8: PlannedRoom<Int8Plan>;
}

const directions = { once: 0, forward: 1, backward: 2, pack: 3 } as const;
const elementBytes = 4;

interface Block {
  readonly direction: 'once' | Scan['direction'];
  readonly calls: readonly Call[];
  readonly packed: PlannedRoom<ScanWeights>;
}

const nothingPacked: PlannedRoom<ScanWeights> = { plan: new Map(), address: 0 };

/** Straight calls in a row share a block; each scan has its own. */
function blocks(body: readonly Statement[], { packed }: WeightRooms): Block[] {
  const found: Block[] = [];
  let straight: Call[] = [];
  for (const statement of body) {
    if (statement.kind === 'call') {
      if (straight.length === 0) found.push({ direction: 'once', calls: straight, packed: nothingPacked });
      straight.push(statement);
    } else {
      const { direction, body: calls } = statement;
      found.push({ direction, calls, packed: packed.get(statement) ?? nothingPacked });
      straight = [];
    }
  }
  return found;
}

/** The encoded Program, as 32-bit words. */
export function encodeProgram(
  program: Program,
  placements: readonly Placement[],
  rooms: WeightRooms,
): Int32Array<ArrayBuffer> {
  const words: number[] = [];
  const encoded = blocks(program.body, rooms);
  words.push(encoded.reduce((count, { packed }) => count + (packed.plan.size > 0 ? 2 : 1), 0));
  for (const { direction, calls, packed } of encoded) {
    if (packed.plan.size > 0) {
      words.push(directions.pack, packed.plan.size);
      for (const weight of packed.plan.values()) words.push(...encodeWeight(weight, placements, packed.address));
    }
    words.push(directions[direction], calls.length);
    for (const call of calls) encodeCall(call, placements, packed, rooms.int8, words);
  }
  return Int32Array.from(words);
}

function encodeWeight(
  { view, rows, columns, side, offset }: PackedWeight,
  placements: readonly Placement[],
  room: number,
) {
  const from = (placements[view.buffer]?.address ?? 0) + view.offset * elementBytes;
  return [from, view.ld, rows, columns, side === 'NT' ? 1 : 0, room + offset];
}

function encodeCall(
  call: Call,
  placements: readonly Placement[],
  packed: PlannedRoom<ScanWeights>,
  int8: WeightRooms['int8'],
  words: number[],
): void {
  words.push(opNames.indexOf(call.op), call.views.length, call.sizes.length, call.scalars.length);
  call.views.forEach((view, index) => {
    const panels = packedIn(packed.plan, call, index);
    const whole = int8.plan.places.get(call)?.get(index);
    if (panels) words.push(...encodeLaid(panels, packed.address, weightMarks.packed));
    else if (whole) words.push(...encodeLaid(whole, int8.address, weightMarks.int8));
    else encodeView(view, placements, words);
  });
  for (const size of call.sizes) words.push(...encodeSize(size));
  words.push(...new Int32Array(Float32Array.from(call.scalars).buffer));
}

/** The view of a weight that was laid out anew. */
function encodeLaid({ offset, bytes }: { readonly offset: number; readonly bytes: number }, room: number, ld: number) {
  return [room + offset, 0, ld, room + offset + bytes];
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

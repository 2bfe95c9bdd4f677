/**
 * Turns a Program into the words that assembly/kernels/replay.ts walks, with every view resolved to an address.
 * The layout is drawn at the head of that file.
 */
import { opNames } from '../core/ops.js';
import { sizeAt, type Call, type Program, type Size, type Statement, type View } from '../core/program.js';

/** Where a buffer lies in memory, in bytes. */
export interface Placement {
  readonly address: number;
  readonly end: number;
}

const directions = { once: 0, forward: 1, backward: 2 } as const;
const elementBytes = 4;

interface Block {
  readonly direction: keyof typeof directions;
  readonly calls: readonly Call[];
}

/** Straight calls in a row share a block; each scan has its own. */
function blocks(body: readonly Statement[]): Block[] {
  const found: Block[] = [];
  let straight: Call[] = [];
  for (const statement of body) {
    if (statement.kind === 'call') {
      if (straight.length === 0) found.push({ direction: 'once', calls: straight });
      straight.push(statement);
    } else {
      found.push({ direction: statement.direction, calls: statement.body });
      straight = [];
    }
  }
  return found;
}

/** The encoded Program, as 32-bit words. */
export function encodeProgram(program: Program, placements: readonly Placement[]): Int32Array<ArrayBuffer> {
  const words: number[] = [];
  const encoded = blocks(program.body);
  words.push(encoded.length);
  for (const { direction, calls } of encoded) {
    words.push(directions[direction], calls.length);
    for (const call of calls) encodeCall(call, placements, words);
  }
  return Int32Array.from(words);
}

function encodeCall(call: Call, placements: readonly Placement[], words: number[]): void {
  words.push(opNames.indexOf(call.op), call.views.length, call.sizes.length, call.scalars.length);
  for (const view of call.views) encodeView(view, placements, words);
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

/** How ops are dispatched where products are made by quads (kernels/quads); all others are as in kernel-table.ts. */
import type { OpName } from '../core/ops.js';
import type { KernelStyle } from './device.js';
import {
  blocks,
  kernelTable,
  elements,
  type Constants,
  type Has,
  type KernelRow,
  type Sizes,
  type Stage,
} from './kernel-table.js';

/** So many tiles keep the cores of most machines busy. */
const enoughTiles = 8;
/** And so many workgroups of 256. */
const fewGroups = 16;

/**
 * Fours of rows in a tile: as many tiles as 32 rows each ask for, or 16 where there would be few, and the rows shared out
 * among them. Where they cannot be shared out, in whole fours of fours.
 */
function rowQuads(rows: number, columnTiles: number, shared: boolean): number {
  const most = rows > 16 && blocks(rows, 32) * columnTiles >= enoughTiles ? 32 : 16;
  return shared ? Math.max(1, blocks(blocks(rows, Math.max(1, blocks(rows, most))), 4)) : most / 4;
}

const rowTiles = (rows: number, { ROW_QUADS = 4 }: Constants) => blocks(rows, 4 * ROW_QUADS);

interface Product {
  readonly entry: string;
  /** The size that counts the rows of the result; b unless given. */
  readonly rows?: 'b' | 'm';
  /** Its columns, of which a tile has 32, or units, of which it has 8. */
  readonly columns: (sizes: Sizes) => number;
  readonly perTile: 32 | 8;
  /** How many products each sum has. */
  readonly depth: (sizes: Sizes) => number;
  /** The sizes that these come from, unless they are in fours anyway. */
  readonly depths: readonly string[];
  /** Whether tiles may have any number of fours of rows; they may unless given. */
  readonly anyRows?: boolean;
  readonly when?: (has: Has) => boolean;
}

function product({ entry, rows = 'b', columns, perTile, depth, depths, anyRows = true, when }: Product): Stage {
  return {
    entry,
    byQuads: true,
    constants: (sizes, aligned) => ({
      ROW_QUADS: rowQuads(sizes[rows] ?? 0, blocks(columns(sizes), perTile), anyRows),
      VECTORS: aligned(...depths) ? 1 : 0,
    }),
    groups: (sizes, _has, constants) => [blocks(columns(sizes), perTile), rowTiles(sizes[rows] ?? 0, constants)],
    work: (sizes) => (sizes[rows] ?? 0) * columns(sizes) * (perTile === 8 ? 4 : 1) * depth(sizes),
    ...(when ? { when } : {}),
  };
}

const plain = (entry: string, anyRows = true): KernelRow => ({
  stages: [
    product({
      entry,
      rows: 'm',
      columns: ({ n = 0 }) => n,
      perTile: 32,
      depth: ({ k = 0 }) => k,
      depths: ['k'],
      anyRows,
    }),
  ],
  scratch: () => 0, // the record is that of kernels/product.wgsl
});

/** A stage of an op that is the same in both tables. */
function shared(op: OpName, entry: string): Stage {
  const stage = kernelTable[op].stages.find((one) => one.entry === entry);
  if (!stage) throw new TypeError(`${op} has no stage ${entry}.`);
  return stage;
}

/** As elsewhere, but by workgroups of one quad, which have no barriers to wait at. */
function inQuads(op: OpName): KernelRow {
  const stages = kernelTable[op].stages.map((stage) => ({ ...stage, constants: () => ({ THREADS: 4 }) }));
  return { ...kernelTable[op], stages };
}

/** A stage whose threads take many elements: what they do before the first costs as much as one. */
function few(stage: Stage): Stage {
  const groups: Stage['groups'] = (...known) => [Math.min(stage.groups(...known)[0], fewGroups)];
  return { ...stage, groups };
}

function byFew(op: OpName): KernelRow {
  return { ...kernelTable[op], stages: kernelTable[op].stages.map(few) };
}

const ofA = ({ a = 0 }: Sizes) => a;
const ofH = ({ h = 0 }: Sizes) => h;
const ofI = ({ i = 0 }: Sizes) => i;
const fourA = ({ a = 0 }: Sizes) => 4 * a;
const fourH = ({ h = 0 }: Sizes) => 4 * h;
const ofP = ({ p = 0 }: Sizes) => p;

export const quadTable: Readonly<Partial<Record<OpName, KernelRow>>> = {
  embeddingBackward: {
    stages: [{ entry: 'embeddingBackwardColumns', groups: ({ width = 0 }) => [blocks(width, 4)] }],
  },
  softmaxCrossEntropyForward: inQuads('softmaxCrossEntropyForward'),
  fill: byFew('fill'),
  norm: inQuads('norm'),
  adam: byFew('adam'),
  productNT: plain('productNTQuads'),
  productNN: plain('productNNQuads'),
  productTN: plain('productTNQuads', false),
  latentCellForward: {
    stages: [
      product({
        entry: 'latentCellForwardQuads',
        columns: ofA,
        perTile: 8,
        depth: ({ i = 0, h = 0, a = 0 }) => i + h + 2 * a,
        depths: ['i', 'h', 'a'],
      }),
    ],
  },
  latentCellBackward: {
    stages: [
      shared('latentCellBackward', 'latentCellBackwardUnits'),
      product({ entry: 'latentCellBackwardState', columns: ofA, perTile: 32, depth: fourA, depths: [] }),
      product({ entry: 'latentCellBackwardHidden', columns: ofH, perTile: 32, depth: fourA, depths: [] }),
      product({
        entry: 'latentCellBackwardInput',
        columns: ofI,
        perTile: 32,
        depth: fourA,
        depths: [],
        when: (has) => has('dx'),
      }),
      product({
        entry: 'latentCellBackwardZeta',
        columns: ofA,
        perTile: 32,
        depth: fourA,
        depths: [],
        when: (has) => has('dzeta'),
      }),
    ],
  },
  policyForward: {
    stages: [product({ entry: 'policyForwardQuads', columns: ofP, perTile: 32, depth: ofA, depths: ['a'] })],
  },
  policyBackward: {
    stages: [
      few(shared('policyBackward', 'policyBackwardInPlace')),
      product({ entry: 'policyBackwardQuads', columns: ofA, perTile: 32, depth: ofP, depths: ['p'] }),
    ],
  },
  adaptiveCellForward: {
    stages: [
      few({
        entry: 'adaptiveCellForwardScale',
        groups: ({ b = 0, i = 0, h = 0 }) => elements(b * (i + h)),
        when: (has) => has('policyX') || has('policyH'),
      }),
      product({
        entry: 'adaptiveCellForwardQuads',
        columns: ofH,
        perTile: 8,
        depth: ({ i = 0, h = 0 }) => i + h,
        depths: ['i', 'h'],
      }),
      {
        entry: 'adaptiveCellForwardUnits',
        groups: ({ b = 0, h = 0 }) => [blocks(b * h, 64)],
        when: (has) => has('hiddenPart') && (!has('x') || has('inputPart')),
      },
    ],
  },
  adaptiveCellBackward: {
    stages: [
      shared('adaptiveCellBackward', 'adaptiveCellBackwardUnits'),
      product({ entry: 'adaptiveCellBackwardHidden', columns: ofH, perTile: 32, depth: fourH, depths: [] }),
      product({
        entry: 'adaptiveCellBackwardInput',
        columns: ofI,
        perTile: 32,
        depth: fourH,
        depths: [],
        when: (has) => has('dpolicyX') || has('dx'),
      }),
      shared('adaptiveCellBackward', 'adaptiveCellBackwardBias'),
    ],
  },
};

/** The row of an op in a style. */
export function kernelRow(op: OpName, style: KernelStyle): KernelRow {
  return (style === 'quads' ? quadTable[op] : undefined) ?? kernelTable[op];
}

/**
 * How each op of core/ops.ts is dispatched: its entry points in order, each with the workgroups that it takes for the
 * sizes of a call. Most ops are one dispatch; in the others the later ones need all of the earlier ones' results.
 */
import type { OpName } from '../core/ops.js';
import { productParts, productScratch, productTile } from './product-tile.js';

export type Sizes = Readonly<Record<string, number>>;
/** Whether a call has a view. */
export type Has = (view: string) => boolean;
/** Pipeline constants by name. */
export type Constants = Readonly<Record<string, number>>;

export interface Stage {
  /** The function in the kernel's file. */
  readonly entry: string;
  /** Pipeline constants besides those of the views. `aligned`: these sizes, and all that there is of views, are in fours. */
  readonly constants?: (sizes: Sizes, aligned: (...depths: readonly string[]) => boolean) => Constants;
  /** Whether it stands in kernels/quads. */
  readonly byQuads?: boolean;
  readonly groups: (sizes: Sizes, has: Has, constants: Constants) => readonly [x: number, y?: number, z?: number];
  /** Multiplications with an addition each, about; nothing for what is not a product. */
  readonly work?: (sizes: Sizes) => number;
  /** Whether a call takes this stage at all. Sizes are those of the most steps. */
  readonly when?: (has: Has, sizes: Sizes) => boolean;
}

export interface KernelRow {
  readonly stages: readonly Stage[];
  /** Words of memory of the kernel's own, for one call. They are its last view. */
  readonly scratch?: (sizes: Sizes) => number;
}

export const blocks = (count: number, size: number) => Math.ceil(count / size);

/** One thread an element; threads take more where there are more elements than threads. */
const mostGroups = 4096;
export const elements = (count: number) => [Math.min(blocks(count, 256), mostGroups)] as const;

/** A workgroup a row, or more. */
const rows = (count: number) => [Math.min(count, 65535)] as const;

function one(stage: Stage): KernelRow {
  return { stages: [stage] };
}

/** A thread for every unit of a cell. */
const perUnit = (entry: OpName) => one({ entry, groups: ({ b = 0, h = 0 }) => [blocks(b * h, 64)] });

/** kernels/product.wgsl: products, and their parts of K added up where there are several. */
function product(op: 'productNT' | 'productNN' | 'productTN'): KernelRow {
  return {
    stages: [
      {
        entry: op,
        constants: (sizes, aligned) => {
          const { rows, columns } = productTile(sizes);
          return {
            TILE_ROWS: rows,
            TILE_COLUMNS: columns,
            PARTS: productParts(sizes),
            VECTORS: aligned('k') ? 1 : 0,
          };
        },
        groups: ({ m = 0, n = 0 }, _has, { TILE_ROWS = 0, TILE_COLUMNS = 0, PARTS = 0 }) => [
          blocks(n, TILE_COLUMNS),
          blocks(m, TILE_ROWS),
          PARTS,
        ],
        work: ({ m = 0, n = 0, k = 0 }) => m * n * k,
      },
      {
        entry: `${op}Parts`,
        constants: (sizes) => ({ PARTS: productParts(sizes) }),
        groups: ({ m = 0, n = 0 }) => [blocks(n, 64), m],
        when: (_has, sizes) => productParts(sizes) > 1,
      },
    ],
    scratch: productScratch,
  };
}

/** Tiles of common/row-product.wgsl for products of B rows with weights of these columns, side by side. */
function rowTiles(b: number, ...columns: number[]): readonly [number, number] {
  return [columns.reduce((sum, count) => sum + blocks(count, 16), 0), blocks(b, 16)];
}

/** Tiles of common/gate-product.wgsl. */
const gateTiles = (b: number, units: number) => [blocks(units, 8), blocks(b, 16)] as const;

/** Entries of all the ops; written for each op's sizes, in the letters of its row. */
export const kernelTable: Readonly<Record<OpName, KernelRow>> = {
  productNT: product('productNT'),
  productNN: product('productNN'),
  productTN: product('productTN'),
  columnSum: one({ entry: 'columnSum', groups: ({ n = 0 }) => [blocks(n, 32)] }),
  embeddingForward: one({ entry: 'embeddingForward', groups: ({ n = 0 }) => rows(n) }),
  embeddingBackward: one({ entry: 'embeddingBackward', groups: ({ n = 0 }) => rows(n) }),
  dropoutMask: one({ entry: 'dropoutMask', groups: ({ n = 0 }) => elements(n) }),
  applyMask: one({ entry: 'applyMask', groups: ({ m = 0, n = 0 }) => elements(m * n) }),
  latentCellForward: one({
    entry: 'latentCellForward',
    groups: ({ b = 0, a = 0 }) => gateTiles(b, a),
    work: ({ b = 0, i = 0, h = 0, a = 0 }) => b * 4 * a * (i + h + 2 * a),
  }),
  latentCellBackward: {
    stages: [
      { entry: 'latentCellBackwardUnits', groups: ({ b = 0, a = 0 }) => [blocks(b * a, 64)] },
      {
        entry: 'latentCellBackward',
        groups: ({ b = 0, i = 0, h = 0, a = 0 }, has) => rowTiles(b, a, h, has('dx') ? i : 0, has('dzeta') ? a : 0),
        work: ({ b = 0, i = 0, h = 0, a = 0 }) => b * 4 * a * (i + h + 2 * a),
      },
    ],
  },
  policyForward: one({
    entry: 'policyForward',
    groups: ({ b = 0, p = 0 }) => [blocks(p, 64), blocks(b, 16)],
    work: ({ b = 0, a = 0, p = 0 }) => b * a * p,
  }),
  policyBackward: {
    stages: [
      {
        entry: 'policyBackward',
        groups: ({ b = 0, a = 0 }) => rowTiles(b, a),
        work: ({ b = 0, a = 0, p = 0 }) => b * a * p,
      },
      { entry: 'policyBackwardInPlace', groups: ({ b = 0, p = 0 }) => elements(b * p) },
    ],
  },
  adaptiveCellForward: one({
    entry: 'adaptiveCellForward',
    groups: ({ b = 0, h = 0 }) => gateTiles(b, h),
    work: ({ b = 0, i = 0, h = 0 }) => b * 4 * h * (i + h),
  }),
  adaptiveCellBackward: {
    stages: [
      { entry: 'adaptiveCellBackwardUnits', groups: ({ b = 0, h = 0 }) => [blocks(b * h, 64)] },
      {
        entry: 'adaptiveCellBackward',
        groups: ({ b = 0, i = 0, h = 0 }, has) => rowTiles(b, h, has('dpolicyX') || has('dx') ? i : 0),
        work: ({ b = 0, i = 0, h = 0 }) => b * 4 * h * (i + h),
      },
      {
        entry: 'adaptiveCellBackwardBias',
        groups: ({ b = 0, h = 0 }) => [blocks(b * h, 64)],
        when: (has) => has('policyB') && ((has('x') && !has('inputPart')) || !has('hiddenPart')),
      },
    ],
  },
  rnnCellForward: perUnit('rnnCellForward'),
  rnnCellBackward: perUnit('rnnCellBackward'),
  gruCellForward: perUnit('gruCellForward'),
  gruCellBackward: perUnit('gruCellBackward'),
  softmaxCrossEntropyForward: one({ entry: 'softmaxCrossEntropyForward', groups: ({ n = 0 }) => rows(n) }),
  softmaxCrossEntropyBackward: one({ entry: 'softmaxCrossEntropyBackward', groups: ({ n = 0 }) => rows(n) }),
  multiply: one({ entry: 'multiply', groups: ({ m = 0, n = 0 }) => elements(m * n) }),
  activationForward: one({ entry: 'activationForward', groups: ({ m = 0, n = 0 }) => elements(m * n) }),
  activationBackward: one({ entry: 'activationBackward', groups: ({ m = 0, n = 0 }) => elements(m * n) }),
  squaredErrorForward: one({ entry: 'squaredErrorForward', groups: ({ n = 0 }) => elements(n) }),
  squaredErrorBackward: one({ entry: 'squaredErrorBackward', groups: ({ n = 0, o = 0 }) => elements(n * o) }),
  mean: one({ entry: 'mean', groups: () => [1] }),
  fill: one({ entry: 'fill', groups: ({ n = 0 }) => elements(n) }),
  add: one({ entry: 'add', groups: ({ n = 0 }) => elements(n) }),
  copy: one({ entry: 'copy', groups: ({ m = 0, n = 0 }) => elements(m * n) }),
  norm: {
    stages: [
      { entry: 'normSquares', groups: ({ n = 0 }) => [Math.min(blocks(n, 256), 256)] },
      { entry: 'norm', groups: () => [1] },
    ],
    scratch: () => 512,
  },
  adam: one({ entry: 'adam', groups: ({ n = 0 }) => elements(n) }),
  sample: one({ entry: 'sample', groups: () => [1] }),
};

/** Parts of P whose sums are kept apart; as in kernels/policy-latent.wgsl. */
const policyParts = (p: number) => Math.min(Math.max(blocks(p, 512), 1), 8);

/** Two ops as one (kernel-call.ts). */
export const policyLatentBackward: KernelRow = {
  stages: [
    {
      entry: 'policyLatentParts',
      groups: ({ b = 0, a = 0, p = 0 }) => [...rowTiles(b, a), policyParts(p)],
      work: ({ b = 0, a = 0, p = 0 }) => b * a * p,
    },
    {
      entry: 'policyLatentBackward',
      groups: ({ b = 0, i = 0, h = 0, a = 0, p = 0 }, has) => {
        const [x, y] = rowTiles(b, a, h, has('dx') ? i : 0, has('dzeta') ? a : 0);
        return [x + Math.min(Math.max(blocks(b * p, 1024 * y), 1), 64), y];
      },
      work: ({ b = 0, i = 0, h = 0, a = 0 }) => b * 4 * a * (i + h + 2 * a),
    },
  ],
  scratch: ({ b = 0, a = 0, p = 0 }) => (6 + policyParts(p)) * b * a,
};

/**
 * Products against the oracle at the edges of gpu/product-tile.ts: each tile and what is left over of it, K in parts, and
 * operands that are read by fours or, where they do not lie so, one by one.
 */
import { expect } from '@open-wc/testing';
import { createGpuExecutor, type GpuExecutor } from '../../gpu/executor.js';
import { productParts, productTile } from '../../gpu/product-tile.js';
import { disagreements } from '../assembly/op-agreement.js';
import { productsOf } from '../assembly/op-cases-products.js';
import { createReferenceExecutor } from '../reference/executor.js';

type Shape = readonly [m: number, n: number, k: number];

/** Each with the rows of its tiles and the parts of its K. */
const families: readonly {
  readonly what: string;
  readonly rows: number;
  readonly parts: readonly number[];
  readonly shapes: readonly Shape[];
}[] = [
  {
    what: 'few rows',
    rows: 32,
    parts: [1],
    shapes: [
      [1, 1, 1],
      [1, 64, 8],
      [5, 127, 4],
      [20, 66, 52],
      [31, 65, 12],
      [32, 128, 129],
      [32, 63, 9],
      [17, 61, 0],
    ],
  },
  {
    what: 'small tiles',
    rows: 64,
    parts: [1],
    shapes: [
      [33, 1, 8],
      [63, 65, 7],
      [64, 64, 8],
      [65, 63, 9],
      [127, 129, 20],
      [128, 128, 16],
      [129, 127, 61],
      [130, 66, 0],
    ],
  },
  {
    what: 'K in parts',
    rows: 64,
    parts: [3, 4],
    shapes: [
      [65, 67, 392],
      [64, 63, 512],
      [129, 65, 389],
    ],
  },
  {
    what: 'K in parts, of few rows',
    rows: 32,
    parts: [3, 9],
    shapes: [
      [1, 1, 1156],
      [20, 66, 388],
      [32, 129, 385],
    ],
  },
  {
    what: 'large tiles',
    rows: 128,
    parts: [1],
    shapes: [[129, 127 * 128 + 67, 12]],
  },
];

describe('WebGPU products at the edges of tiles', () => {
  const oracle = createReferenceExecutor();
  let executor: GpuExecutor;
  before(async () => {
    executor = await createGpuExecutor({ style: 'tiles' });
  });
  after(() => executor.destroy());

  for (const { what, rows, parts, shapes } of families) {
    // How operands are read is the same in all tiles, and the oracle takes its time for large results.
    for (const inFours of rows === 128 ? [true] : [true, false]) {
      it(`${what}, ${inFours ? 'by fours' : 'one by one'}`, async () => {
        for (const [i, [m, n, k]] of shapes.entries()) {
          expect(productTile({ m, n }).rows).to.equal(rows);
          expect(productParts({ m, n, k })).to.be.within(Math.min(...parts), Math.max(...parts));
          for (const { op, opCase } of productsOf(m, n, k, i % 2)) {
            // A second step finds what the first has left in the scratch.
            const steps = parts[0] === 1 ? 1 : 2;
            const layout = { seed: m + n + k, place: 'forward', steps, maxSteps: steps, inFours } as const;
            const found = await disagreements(op, opCase, layout, oracle, executor);
            expect(found, `${op} (${m}, ${n}, ${k})`).to.deep.equal([]);
          }
        }
      });
    }
  }
});

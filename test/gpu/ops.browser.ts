/** Every kernel of the GPU against the oracle, on the cases that the WASM kernels are held to. */
import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { opNames, ops, type OpName } from '../../core/ops.js';
import { kernelStyles, type KernelStyle } from '../../gpu/device.js';
import { createGpuExecutor, type GpuExecutor } from '../../gpu/executor.js';
import { quadTable } from '../../gpu/quad-table.js';
import { disagreements, layouts } from '../assembly/op-agreement.js';
import { largeProducts } from '../assembly/op-cases-products.js';
import { opCases } from '../assembly/op-cases.js';
import { createReferenceExecutor } from '../reference/executor.js';

const oracle = createReferenceExecutor();

/** Each choice of operands of a cell is a pipeline of its own, which takes its time to compile. */
const manyChoices: readonly string[] = ['latent-cell', 'adaptive-cell'];
const runsOf = (op: OpName, style: KernelStyle) =>
  (manyChoices.includes(ops[op].file) ? 12 : 40) / (style === 'quads' ? 2 : 1);

for (const style of kernelStyles) {
  describe(`WebGPU kernels against the oracle, by ${style}`, () => {
    let executor: GpuExecutor;
    before(async () => {
      executor = await createGpuExecutor({ style });
    });
    after(() => executor.destroy());

    for (const op of opNames) {
      if (style === 'quads' && !quadTable[op]) continue;
      it(op, async () => {
        const agrees = fc.asyncProperty(opCases[op], layouts, async (opCase, layout) => {
          expect(await disagreements(op, opCase, layout, oracle, executor)).to.deep.equal([]);
        });
        await fc.assert(agrees, { seed: 1, numRuns: runsOf(op, style), includeErrorInReport: true });
      }).timeout(120_000);
    }

    it('products beyond a tile, of one row, of no depth', async () => {
      for (const { op, opCase } of largeProducts) {
        const layout = { seed: opCase.sizes['m'] ?? 0, place: 'straight', steps: 1, maxSteps: 1 } as const;
        expect(await disagreements(op, opCase, layout, oracle, executor)).to.deep.equal([]);
      }
    }).timeout(60_000);
  });
}

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
import { GpuRig } from './rig.js';

const oracle = createReferenceExecutor();

/** Each choice of operands of a cell is a pipeline of its own, which takes its time to compile. */
const manyChoices: readonly string[] = ['latent-cell', 'adaptive-cell'];
const runsOf = (op: OpName, style: KernelStyle) =>
  (manyChoices.includes(ops[op].file) ? 12 : 40) / (style === 'quads' ? 2 : 1);

async function agrees(op: OpName, executor: GpuExecutor, numRuns: number): Promise<void> {
  const property = fc.asyncProperty(opCases[op], layouts, async (opCase, layout) => {
    expect(await disagreements(op, opCase, layout, oracle, executor)).to.deep.equal([]);
  });
  await fc.assert(property, { seed: 1, numRuns, includeErrorInReport: true });
}

for (const style of kernelStyles) {
  describe(`WebGPU kernels against the oracle, by ${style}`, () => {
    let executor: GpuExecutor;
    before(async () => {
      executor = await createGpuExecutor({ style });
    });
    after(() => executor.destroy());

    for (const op of opNames) {
      if (style === 'quads' && !quadTable[op]) continue;
      it(op, () => agrees(op, executor, runsOf(op, style)));
    }

    it('products beyond a tile, of one row, of no depth', async () => {
      for (const { op, opCase } of largeProducts) {
        const layout = { seed: opCase.sizes['m'] ?? 0, place: 'straight', steps: 1, maxSteps: 1 } as const;
        expect(await disagreements(op, opCase, layout, oracle, executor)).to.deep.equal([]);
      }
    });
  });
}

describe('WebGPU kernels against the oracle, without subgroups', () => {
  /** Those that add up over a workgroup. */
  const reducing = ['mean', 'norm', 'softmaxCrossEntropyForward'] as const satisfies OpName[];
  let executor: GpuExecutor;
  before(async () => {
    executor = await createGpuExecutor({ source: new GpuRig({ withoutFeatures: true }) });
    expect(executor.gpu.has('subgroups')).to.equal(false);
    expect(executor.gpu.style).to.equal('tiles');
  });
  after(() => executor.destroy());

  for (const op of reducing) it(op, () => agrees(op, executor, runsOf(op, 'tiles')));
});

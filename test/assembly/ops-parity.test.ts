/**
 * Every kernel against the oracle, op by op, on random shapes and layouts: what it computes, and that it touches nothing
 * but what its operands name. The runs are the same each time; a failure names the smallest case that shows it.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { opNames, type OpName } from '../../core/ops.js';
import { createReferenceExecutor } from '../reference/executor.js';
import { kernelExecutor, kernelFiles } from './kernel-modules.js';
import type { AnyOpCase } from './op-case.js';
import { largeProducts } from './op-cases-products.js';
import { opCases } from './op-cases.js';
import { differences, replay, setUp, strayWrites, type Layout } from './op-memory.js';

const oracle = createReferenceExecutor();
const kernels = await Promise.all(kernelFiles.map(async (file) => ({ file, executor: await kernelExecutor(file) })));

const layouts: fc.Arbitrary<Layout> = fc
  .record({
    seed: fc.nat(),
    place: fc.constantFrom<Layout['place']>('straight', 'forward', 'backward'),
    steps: fc.constantFrom(1, 2, 3),
    beyond: fc.constantFrom(0, 1, 2),
  })
  .map(({ beyond, ...layout }) => ({ ...layout, maxSteps: layout.steps + beyond }));

async function assertAgrees(op: OpName, opCase: AnyOpCase, layout: Layout): Promise<void> {
  const setup = setUp(op, opCase, layout);
  const length = setup.initial.numbers.length;
  const expected = await replay(setup, layout, oracle, new Float64Array(length));
  for (const { file, executor } of kernels) {
    const got = await replay(setup, layout, executor, new Float32Array(length));
    assert.deepEqual(strayWrites(setup, got), [], `${op} of ${file} wrote where it must not`);
    for (const { name, error } of differences(setup, got, expected, opCase.magnitude)) {
      // Written so that NaN fails.
      assert(error <= opCase.tolerance, `${op}.${name} of ${file}: error ${error}, expected at most ${opCase.tolerance}`);
    }
  }
}

describe(`kernels against the oracle (${kernelFiles.join(', ')})`, () => {
  for (const op of opNames) {
    it(op, async () => {
      const agrees = fc.asyncProperty(opCases[op], layouts, (opCase, layout) => assertAgrees(op, opCase, layout));
      await fc.assert(agrees, { seed: 1, numRuns: 150, includeErrorInReport: true });
    });
  }

  for (const { op, opCase } of largeProducts) {
    const { m, n, k, accumulate } = opCase.sizes;
    it(`${op} of ${m}, ${n}, ${k}${accumulate ? ', accumulating' : ''}`, () =>
      assertAgrees(op, opCase, { seed: m ?? 0, place: 'straight', steps: 1, maxSteps: 1 }));
  }
});

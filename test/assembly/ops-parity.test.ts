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
import { disagreements, layouts } from './op-agreement.js';
import type { AnyOpCase } from './op-case.js';
import { largeProducts } from './op-cases-products.js';
import { opCases } from './op-cases.js';
import type { Layout } from './op-memory.js';

const oracle = createReferenceExecutor();
const kernels = await Promise.all(kernelFiles.map(async (file) => ({ file, executor: await kernelExecutor(file) })));

async function assertAgrees(op: OpName, opCase: AnyOpCase, layout: Layout): Promise<void> {
  for (const { file, executor } of kernels) {
    assert.deepEqual(await disagreements(op, opCase, layout, oracle, executor), [], file);
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

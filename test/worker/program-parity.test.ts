/** Whole Programs on WASM against the oracle: training with its updates, evaluation and writing, over several segments. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { kernelExecutor, kernelFiles } from '../assembly/kernel-modules.js';
import { relativeError } from '../parity/compare.js';
import { createReferenceExecutor } from '../reference/executor.js';
import { traceModel, type Scenario, type TraceEntry } from './model-trace.js';
import { anyScenario, scenarios } from './scenarios.js';

/**
 * Largest differences, relative to the largest magnitude of a tensor. Models of a few units can have gradients that
 * cancel down to 1e-9, and then relatively less of them is left.
 */
const tolerances = { chosen: 1e-5, random: 5e-4 } as const;

async function traceOf(file: string, scenario: Scenario): Promise<TraceEntry[]> {
  const executor = await kernelExecutor(file);
  const trace = await traceModel(executor, scenario);
  executor.destroy();
  return trace;
}

async function assertAgrees(scenario: Scenario, tolerance: number): Promise<void> {
  const oracle = createReferenceExecutor();
  const expected = await traceModel(oracle, scenario);
  for (const file of kernelFiles) {
    const got = await traceOf(file, scenario);
    assert.equal(got.length, expected.length);
    expected.forEach(({ name, values }, i) => {
      const error = relativeError(got[i]?.values ?? [], values);
      const allowed = name.endsWith(': id') ? 0 : tolerance;
      assert(error <= allowed, `${name} on ${file}: error ${error}, expected at most ${allowed}`);
    });
  }
}

describe(`whole Programs against the oracle (${kernelFiles.join(', ')})`, () => {
  for (const [name, scenario] of Object.entries(scenarios)) it(name, () => assertAgrees(scenario, tolerances.chosen));

  it('models of any shape', async () => {
    const agrees = fc.asyncProperty(anyScenario, (scenario) => assertAgrees(scenario, tolerances.random));
    await fc.assert(agrees, { seed: 1, numRuns: 40, includeErrorInReport: true });
  });
});

describe('the same seed', () => {
  for (const file of kernelFiles) {
    it(`gives the same bits twice on ${file}`, async () => {
      for (const scenario of Object.values(scenarios)) {
        const [once, again] = [await traceOf(file, scenario), await traceOf(file, scenario)];
        assert.deepEqual(once, again);
        const other = await traceOf(file, { ...scenario, seed: scenario.seed + 1 });
        assert.notDeepEqual(once, other);
      }
    });
  }
});

/**
 * Programs whose buffers share memory compute the same bits as with memory for each, whatever lies in the overlay before
 * a replay, over segments of different lengths.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Executor } from '../../core/executor.js';
import { planMemory } from '../../core/memory-plan.js';
import { planPacking } from '../../worker/pack-weights.js';
import type { WasmExecutor } from '../../worker/wasm-executor.js';
import type { WasmRunner } from '../../worker/wasm-runner.js';
import { kernelExecutor, kernelFiles } from '../assembly/kernel-modules.js';
import { traceModel, type Scenario, type TraceEntry } from './model-trace.js';
import { anyScenario, scenarios } from './scenarios.js';
import { separating } from './separate-buffers.js';

/** Where the overlay of a Program lies, from the place of one of its buffers. */
function overlayOf({ program, placements }: WasmRunner): { readonly address: number; readonly words: number } {
  const plan = planMemory(
    program,
    16,
    [...planPacking(program).values()].map(({ room }) => room),
  );
  const [buffer, offset] = [...plan.buffers][0] ?? [NaN, NaN];
  const { address } = placements[buffer] ?? { address: NaN };
  return { address: address - 4 * offset, words: plan.words };
}

/** Everything in the overlay is a NaN with bits of its own before each replay, so that whoever reads it shows. */
function poisoning(executor: WasmExecutor): Executor {
  return {
    ...separating(executor),
    load: async (program, options) => {
      const runner = await executor.load(program, options);
      const { address, words } = overlayOf(runner);
      return {
        program,
        run(steps) {
          const memory = new Int32Array(executor.wasm.memory.buffer, address, words);
          memory.forEach((_, i) => (memory[i] = 0x7fc00000 | (i & 0xffff)));
          runner.run(steps);
        },
        write: (port, values) => runner.write(port, values),
        refresh: () => runner.refresh(),
        read: (port, into) => runner.read(port, into),
        unload: () => runner.unload(),
      };
    },
  };
}

async function traceOn(
  file: string,
  scenario: Scenario,
  wrap: (executor: WasmExecutor) => Executor,
): Promise<TraceEntry[]> {
  const executor = await kernelExecutor(file);
  const trace = await traceModel(wrap(executor), scenario);
  executor.destroy();
  return trace;
}

async function assertSame(scenario: Scenario): Promise<void> {
  for (const file of kernelFiles) {
    const expected = await traceOn(file, scenario, separating);
    assert.ok(expected.every(({ values }) => values.every(Number.isFinite)));
    const wraps = { shared: (executor: WasmExecutor) => executor, poisoned: poisoning };
    for (const [name, wrap] of Object.entries(wraps)) {
      assert.deepEqual(await traceOn(file, scenario, wrap), expected, `${name} on ${file}`);
    }
  }
}

describe(`buffers that share memory (${kernelFiles.join(', ')})`, () => {
  for (const [name, scenario] of Object.entries(scenarios)) it(name, () => assertSame(scenario));

  it('models of any shape', async () => {
    const holds = fc.asyncProperty(anyScenario, assertSame);
    await fc.assert(holds, { seed: 1, numRuns: 20, includeErrorInReport: true });
  });
});

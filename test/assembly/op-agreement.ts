/** Whether an executor does what the oracle does in one call, and touches nothing but what the call's operands name. */
import fc from 'fast-check';
import type { Executor } from '../../core/executor.js';
import type { OpName } from '../../core/ops.js';
import type { AnyOpCase } from './op-case.js';
import { differences, replay, setUp, strayWrites, type Layout } from './op-memory.js';

export const layouts: fc.Arbitrary<Layout> = fc
  .record({
    seed: fc.nat(),
    place: fc.constantFrom<Layout['place']>('straight', 'forward', 'backward'),
    steps: fc.constantFrom(1, 2, 3),
    beyond: fc.constantFrom(0, 1, 2),
  })
  .map(({ beyond, ...layout }) => ({ ...layout, maxSteps: layout.steps + beyond }));

/** What is wrong, one line each; nothing when all is well. */
export async function disagreements(
  op: OpName,
  opCase: AnyOpCase,
  layout: Layout,
  oracle: Executor,
  executor: Executor,
): Promise<string[]> {
  const setup = setUp(op, opCase, layout);
  const length = setup.initial.numbers.length;
  const expected = await replay(setup, layout, oracle, new Float64Array(length));
  const got = await replay(setup, layout, executor, new Float32Array(length));
  const stray = strayWrites(setup, got).map((where) => `${op} wrote where it must not: ${where}`);
  const errors = differences(setup, got, expected, opCase.magnitude).flatMap(({ name, error }) =>
    // Written so that NaN fails.
    error <= opCase.tolerance ? [] : [`${op}.${name}: error ${error}, expected at most ${opCase.tolerance}`],
  );
  return [...stray, ...errors];
}

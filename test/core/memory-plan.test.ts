/** Where buffers lie: never two in one place at one time, and hardly ever in more memory than has to be. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { configurationNames, configurations, modelConfig, models } from '../../bench/configurations.js';
import { fewestWords, placeTenants, planMemory, tenantsOf, type Tenant } from '../../core/memory-plan.js';
import type { Program } from '../../core/program.js';
import { evaluationProgram, trainingProgram } from '../../model/language-model.js';
import { planPacking } from '../../worker/pack-weights.js';
import { anyProgram } from './any-program.js';
import { modelPrograms } from './model-programs.js';

interface Stay {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly statements: ReadonlySet<number>;
}

/** Pairs that are in one place at one time, and whatever reaches beyond the end. */
function collisions(stays: readonly Stay[], words: number): string[] {
  return stays.flatMap((one, i) => [
    ...(one.start < 0 || one.end > words ? [`${one.name} ends at ${one.end} of ${words}`] : []),
    ...stays
      .slice(i + 1)
      .filter((other) => one.start < other.end && other.start < one.end)
      .filter((other) => [...one.statements].some((at) => other.statements.has(at)))
      .map((other) => `${one.name} and ${other.name}`),
  ]);
}

function range(first: number, last: number): Set<number> {
  return new Set(Array.from({ length: last - first + 1 }, (_, i) => first + i));
}

const anyTenant = fc
  .record({ first: fc.nat(9), length: fc.nat(5), words: fc.nat(200) })
  .map(({ first, length, words }): Tenant => ({ first, last: first + length, words }));

test('tenants that live at one time lie apart, each on its line', () => {
  const holds = fc.property(
    fc.array(anyTenant, { maxLength: 12 }),
    fc.constantFrom(1, 16, 32),
    (tenants, alignment) => {
      const { offsets, words } = placeTenants(tenants, alignment);
      const stays = tenants.map(({ first, last, words: length }, i) => {
        const start = offsets[i] ?? NaN;
        assert.equal(start % alignment, 0);
        return { name: `tenant ${i}`, start, end: start + length, statements: range(first, last) };
      });
      assert.deepEqual(collisions(stays, words), []);
      assert.ok(words >= fewestWords(tenants, alignment));
      const apart = tenants.reduce((sum, tenant) => sum + Math.ceil(tenant.words / alignment) * alignment, 0);
      assert.ok(words <= apart, 'never more than side by side');
    },
  );
  fc.assert(holds, { seed: 1, numRuns: 1000 });
});

/** From the first statement that touches a buffer to the last, found without the planner. */
function stayOf({ body, buffers }: Program, buffer: number, start: number): Stay {
  const touching = body.flatMap((statement, at) => {
    const calls = statement.kind === 'scan' ? statement.body : [statement];
    return calls.some(({ views }) => views.some((view) => view?.buffer === buffer)) ? [at] : [];
  });
  const spec = buffers[buffer];
  assert.ok(spec && spec.scope === 'local');
  return {
    name: spec.name,
    start,
    end: start + spec.length,
    statements: range(touching[0] ?? 0, touching.at(-1) ?? 0),
  };
}

function assertPlanned(program: Program, others: readonly Tenant[], what: string): void {
  const plan = planMemory(program, 16, others);
  const stays = [
    ...[...plan.buffers].map(([buffer, start]) => stayOf(program, buffer, start)),
    ...others.map(({ first, last, words }, i) => {
      const start = plan.others[i] ?? NaN;
      return { name: `other ${i}`, start, end: start + words, statements: range(first, last) };
    }),
  ];
  assert.deepEqual(collisions(stays, plan.words), [], what);
}

test('buffers that are used at one time lie apart, in Programs of models and in any', () => {
  for (const { name, program } of modelPrograms()) {
    assertPlanned(
      program,
      [...planPacking(program).values()].map(({ room }) => room),
      name,
    );
  }
  const holds = fc.property(anyProgram, fc.array(anyTenant, { maxLength: 3 }), (program, others) =>
    assertPlanned(program, others, 'any'),
  );
  fc.assert(holds, { seed: 1, numRuns: 500 });
});

test('models take at most a tenth more than what is alive at once', () => {
  for (const name of configurationNames) {
    for (const model of models) {
      const { batch, steps: maxSteps } = configurations[name];
      const config = modelConfig(name, model);
      for (const program of [
        trainingProgram(config, { batch, maxSteps }),
        evaluationProgram(config, { batch, maxSteps }),
      ]) {
        const others = [...planPacking(program).values()].map(({ room }) => room);
        const fewest = fewestWords([...tenantsOf(program).values(), ...others], 16);
        const { words } = planMemory(program, 16, others);
        assert.ok(words <= 1.1 * fewest, `${program.name} of ${model} ${name}: ${words} words, at least ${fewest}`);
      }
    }
  }
});

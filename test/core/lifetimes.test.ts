/** Lifetimes against the plain truth on random Programs, and on those of models: nothing is missed that could share. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lifetimes } from '../../core/lifetimes.js';
import { ProgramBuilder, type Program, type Stack } from '../../core/program.js';
import { modelPrograms } from './model-programs.js';
import { anyProgram, maxSteps, truthOf } from './any-program.js';

/** What is wrong with the lifetimes of a Program, one line each. */
function wrongs(program: Program): string[] {
  const found = lifetimes(program);
  return truthOf(program).flatMap(({ touched, needsPast }, buffer) => {
    const lifetime = found.get(buffer);
    if (!lifetime) return [];
    if (needsPast) return [`buffer ${buffer} is read before it is written`];
    const outside = [...touched].filter((at) => at < lifetime.first || at > lifetime.last);
    return outside.map((at) => `buffer ${buffer} is touched by statement ${at}, after its lifetime or before it`);
  });
}

test('no buffer has a lifetime that needs anything from before it, or is touched outside of it', () => {
  const seen = { lifetimes: 0, refused: 0 };
  const holds = fc.property(anyProgram, (program) => {
    seen.lifetimes += lifetimes(program).size;
    seen.refused += truthOf(program).filter(({ needsPast }) => needsPast).length;
    assert.deepEqual(wrongs(program), []);
  });
  fc.assert(holds, { seed: 1, numRuns: 3000 });
  assert.ok(seen.lifetimes > 500 && seen.refused > 500, `${seen.lifetimes} and ${seen.refused}: neither is rare`);
});

test('in the Programs of models every buffer without a port has one', () => {
  for (const { name, program } of modelPrograms()) {
    const open = new Set([...program.ports.values()].map(({ view }) => view.buffer));
    const closed = [...program.buffers.keys()].filter(
      (buffer) => program.buffers[buffer]?.scope === 'local' && !open.has(buffer),
    );
    assert.deepEqual([...lifetimes(program).keys()], closed, name);
    assert.deepEqual(wrongs(program), [], name);
  }
});

/** A Program over one stack of slots [2, 3], of which `write` writes the statements. */
function withStack(write: (builder: ProgramBuilder, stack: Stack, other: Stack) => void): Program {
  const builder = new ProgramBuilder('one', maxSteps);
  const stack = builder.stack('stack', 2, 3, 1);
  write(builder, stack, builder.stack('other', 2, 3, 1));
  return builder.build();
}

const all = { m: { perStep: 2 }, n: 3 };
const one = { m: 2, n: 3 };

test('a state that goes from step to step, and on to the next segment, has none', () => {
  const program = withStack((builder, state, input) => {
    builder.call('fill', { x: input.all() }, { n: { perStep: 6 } }, { value: 1 });
    builder.scan('forward', (scan) => {
      scan.call('copy', { x: state.at(0), y: state.at(1) }, one);
      scan.call('add', { x: input.at(), y: state.at(1) }, { n: 6 });
    });
    builder.call('copy', { x: state.at(0), y: state.all(0) }, one);
  });
  assert.deepEqual([...lifetimes(program)], [[1, { first: 0, last: 1 }]]);
});

test('what is written slot by slot may be read at once, slot by slot, or at its end', () => {
  const program = withStack((builder, stack, other) => {
    builder.scan('backward', (scan) => scan.call('fill', { x: stack.at(1) }, { n: 6 }, { value: 1 }));
    builder.call('copy', { x: stack.all(1), y: other.all() }, all);
    builder.scan('forward', (scan) => scan.call('copy', { x: stack.at(1), y: other.at() }, one));
    builder.call('copy', { x: stack.at(0), y: other.all(0) }, one);
  });
  assert.deepEqual([...lifetimes(program)].sort(), [
    [0, { first: 0, last: 3 }],
    [1, { first: 1, last: 3 }],
  ]);
});

test('one slot more than was written is refused, at either end', () => {
  for (const slot of [0, 2]) {
    const program = withStack((builder, stack, other) => {
      builder.call('fill', { x: stack.all(1) }, { n: { perStep: 6 } }, { value: 1 });
      builder.call('copy', { x: stack.all(slot), y: other.all() }, all);
    });
    assert.equal(lifetimes(program).has(0), false, `slots from ${slot} on`);
  }
});

test('columns that were written apart are one row together', () => {
  const write = (widths: readonly number[]) =>
    withStack((builder, stack, other) => {
      let column = 0;
      for (const n of widths) {
        const y = { ...stack.all(), offset: column };
        builder.call(
          'productNN',
          { a: other.all(1), b: other.all(1), c: y },
          { m: { perStep: 2 }, n, k: 0, accumulate: 0 },
        );
        column += n;
      }
      builder.scan('forward', (scan) => scan.call('copy', { x: stack.at(), y: other.at() }, one));
    });
  assert.ok(lifetimes(write([1, 2])).has(0));
  assert.ok(!lifetimes(write([1, 1])).has(0), 'the last column is missing');
});

test('shared buffers and open ones have none', () => {
  const builder = new ProgramBuilder('open', 1);
  const views = [
    builder.matrix('open', 1, 4),
    { buffer: builder.buffer('shared', 4, { scope: 'shared' }), offset: 0, stride: 0, ld: 4 },
    builder.matrix('closed', 1, 4),
  ] as const;
  for (const x of views) builder.call('fill', { x }, { n: 4 }, { value: 0 });
  builder.port('open', views[0], [4]);
  assert.deepEqual([...lifetimes(builder.build())], [[2, { first: 2, last: 2 }]]);
});

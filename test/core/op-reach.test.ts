/** The table of what calls reach, against the cases on which every kernel is tested for what it reads and writes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { reachOf, type Reach } from '../../core/op-reach.js';
import { opNames, ops, type OpName, type OpRow } from '../../core/ops.js';
import { sizeAt, type Call } from '../../core/program.js';
import type { AnyOpCase, Operand } from '../assembly/op-case.js';
import { opCases } from '../assembly/op-cases.js';

const anywhere = { buffer: 0, offset: 0, stride: 0, ld: 0 };

/** The call of a case; `perStep` names a size that is given by the step. */
function callOf(op: OpName, { operands, sizes, scalars }: AnyOpCase, perStep?: string): Call {
  const row: OpRow = ops[op];
  return {
    kind: 'call',
    op,
    views: Object.keys(row.views).map((view) => (operands[view] === null ? null : anywhere)),
    sizes: row.sizes.map((name) => (name === perStep ? { perStep: sizes[name] ?? NaN } : (sizes[name] ?? NaN))),
    scalars: row.scalars.map((name) => scalars[name] ?? NaN),
  };
}

function assertReaches(op: OpName, role: string, { view, piece, reads, writes }: Reach, operand: Operand): void {
  const what = `${op}.${view}`;
  if (operand.scratch) {
    assert.deepEqual({ piece, reads, writes }, { piece: null, reads: false, writes: false }, what);
    return;
  }
  assert.ok(piece, what);
  assert.deepEqual([piece.rows, piece.columns], [operand.rows, operand.columns], what);
  assert.equal(reads, operand.draw !== null, `${what} is read`);
  assert.equal(writes, !role.startsWith('read'), `${what} is written`);
}

describe('what a call reaches', () => {
  for (const op of opNames) {
    it(op, () => {
      const row: OpRow = ops[op];
      const agrees = fc.property(opCases[op], (opCase) => {
        reachOf(callOf(op, opCase)).forEach((reach, i) => {
          const [view = '', role = ''] = Object.entries(row.views)[i] ?? [];
          const operand = opCase.operands[view] ?? null;
          assert.equal(reach === null, operand === null, `${op}.${view} is left out`);
          // One that shares the memory of another has no content of its own.
          if (reach && operand !== null && typeof operand !== 'string') assertReaches(op, role, reach, operand);
        });
      });
      fc.assert(agrees, { seed: 1, numRuns: 100 });
    });
  }

  it('grows with the steps where a size does', () => {
    for (const op of opNames) {
      const [opCase] = fc.sample(opCases[op], { seed: 1, numRuns: 1 });
      assert.ok(opCase);
      for (const name of ops[op].sizes) {
        const [fixed, stepwise] = [reachOf(callOf(op, opCase)), reachOf(callOf(op, opCase, name))];
        fixed.forEach((reach, i) => {
          const other = stepwise[i];
          for (const side of ['rows', 'columns'] as const) {
            if (!reach?.piece || !other?.piece) continue;
            const [size, grown] = [reach.piece[side], other.piece[side]];
            assert.equal(sizeAt(grown, 1), size, `${op}.${reach.view}, one step`);
            if (typeof grown !== 'number') assert.equal(sizeAt(grown, 3), 3 * sizeAt(size, 1), `${op}.${reach.view}`);
          }
        });
      }
    }
  });
});

/**
 * The debug build asserts what each kernel may touch: every operand of every op, one element short, must be refused,
 * and so must ids out of range and operands that do not go together.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { AdaptiveError } from '../../core/errors.js';
import type { Executor } from '../../core/executor.js';
import { activations, opNames, ops, type OpName, type OpRow } from '../../core/ops.js';
import type { BufferSpec, Call, Program, View } from '../../core/program.js';
import { createWasmExecutor } from '../../worker/wasm-executor.js';

type Shape = readonly [rows: number, columns: number];

interface Example {
  readonly shapes: Readonly<Record<string, Shape>>;
  readonly sizes: readonly number[];
}

// Dims, all different: B 2, I 3, H 5, A 4, P 6; M 2, N 3, K 5; V 7, E 3.
const [B, I, H, A, P, M, N, K, V, E] = [2, 3, 5, 4, 6, 2, 3, 5, 7, 3];
const policies = { policyX: [B, I], policyH: [B, H], policyIh: [B, 4 * H], policyHh: [B, 4 * H] } as const;

/** Of a cell with that many gates whose products stand apart. */
const parts = (gates: number): Example['shapes'] => ({
  inputPart: [B, gates * H],
  hiddenPart: [B, gates * H],
  bias: [1, gates * H],
  policyIh: [B, gates * H],
  policyHh: [B, gates * H],
  policyB: [B, gates * H],
  mask: [B, H],
});

const partsGradients = (gates: number): Example['shapes'] => ({
  dpolicyIh: [B, gates * H],
  dpolicyHh: [B, gates * H],
  dpolicyB: [B, gates * H],
});

const examples: Readonly<Record<OpName, Example>> = {
  productNT: { shapes: { a: [M, K], b: [N, K], bias: [1, N], c: [M, N] }, sizes: [M, N, K, 0] },
  productNN: { shapes: { a: [M, K], b: [K, N], c: [M, N] }, sizes: [M, N, K, 0] },
  productTN: { shapes: { a: [K, M], b: [K, N], c: [M, N] }, sizes: [M, N, K, 1] },
  columnSum: { shapes: { x: [M, N], y: [1, N] }, sizes: [M, N] },
  embeddingForward: { shapes: { ids: [1, N], weight: [V, E], rowMask: [1, V], y: [N, E] }, sizes: [N, V, E] },
  embeddingBackward: {
    shapes: { ids: [1, N], dy: [N, E], rowMask: [1, V], dweight: [V, E] },
    sizes: [N, V, E],
  },
  dropoutMask: { shapes: { random: [1, 2], mask: [1, N] }, sizes: [N, 3, 1] },
  applyMask: { shapes: { x: [K, N], mask: [2, N], y: [K, N] }, sizes: [K, N, 2] },
  latentCellForward: {
    shapes: {
      x: [B, I],
      h: [B, H],
      zeta: [B, A],
      zPrevious: [B, A],
      zcPrevious: [B, A],
      weightX: [4 * A, I],
      weightH: [4 * A, H],
      weightZeta: [4 * A, A],
      weightHh: [4 * A, A],
      bias: [1, 4 * A],
      mask: [B, A],
      gates: [B, 4 * A],
      zc: [B, A],
      z: [B, A],
    },
    sizes: [B, I, H, A],
  },
  latentCellBackward: {
    shapes: {
      zcPrevious: [B, A],
      zc: [B, A],
      weightX: [4 * A, I],
      weightH: [4 * A, H],
      weightZeta: [4 * A, A],
      weightHh: [4 * A, A],
      mask: [B, A],
      gates: [B, 4 * A],
      dz: [B, A],
      dzc: [B, A],
      dh: [B, H],
      dx: [B, I],
      dzeta: [B, A],
    },
    sizes: [B, I, H, A],
  },
  policyForward: { shapes: { z: [B, A], weight: [P, A], d: [B, P] }, sizes: [B, A, P] },
  policyBackward: { shapes: { d: [B, P], weight: [P, A], dd: [B, P], dz: [B, A] }, sizes: [B, A, P] },
  adaptiveCellForward: {
    shapes: {
      x: [B, I],
      h: [B, H],
      cPrevious: [B, H],
      weightIh: [4 * H, I],
      weightHh: [4 * H, H],
      bias: [1, 4 * H],
      ...policies,
      policyB: [B, 4 * H],
      mask: [B, H],
      scaledX: [B, I],
      scaledH: [B, H],
      inputPart: [B, 4 * H],
      hiddenPart: [B, 4 * H],
      gates: [B, 4 * H],
      c: [B, H],
      y: [B, H],
      hNext: [B, H],
    },
    sizes: [B, I, H],
  },
  adaptiveCellBackward: {
    shapes: {
      x: [B, I],
      h: [B, H],
      cPrevious: [B, H],
      c: [B, H],
      weightIh: [4 * H, I],
      weightHh: [4 * H, H],
      bias: [1, 4 * H],
      ...policies,
      policyB: [B, 4 * H],
      dpolicyX: [B, I],
      dpolicyH: [B, H],
      dpolicyIh: [B, 4 * H],
      dpolicyHh: [B, 4 * H],
      dpolicyB: [B, 4 * H],
      mask: [B, H],
      inputPart: [B, 4 * H],
      hiddenPart: [B, 4 * H],
      gates: [B, 4 * H],
      dy: [B, H],
      dh: [B, H],
      dc: [B, H],
      dx: [B, I],
    },
    sizes: [B, I, H],
  },
  rnnCellForward: { shapes: { ...parts(1), gates: [B, H], y: [B, H], hNext: [B, H] }, sizes: [B, H] },
  rnnCellBackward: {
    shapes: { ...parts(1), ...partsGradients(1), gates: [B, H], dy: [B, H], dh: [B, H] },
    sizes: [B, H],
  },
  gruCellForward: {
    shapes: { h: [B, H], ...parts(3), gates: [B, 3 * H], y: [B, H], hNext: [B, H] },
    sizes: [B, H],
  },
  gruCellBackward: {
    shapes: { h: [B, H], ...parts(3), ...partsGradients(3), gates: [B, 3 * H], dy: [B, H], dh: [B, H] },
    sizes: [B, H],
  },
  softmaxCrossEntropyForward: {
    shapes: { logits: [N, V], targets: [1, N], logSumExp: [1, N], losses: [1, N] },
    sizes: [N, V],
  },
  softmaxCrossEntropyBackward: {
    shapes: { logits: [N, V], targets: [1, N], logSumExp: [1, N] },
    sizes: [N, N, V],
  },
  multiply: { shapes: { a: [M, N], b: [M, N], y: [M, N] }, sizes: [M, N, 0] },
  activationForward: { shapes: { x: [M, N], y: [M, N] }, sizes: [M, N, 2] },
  activationBackward: { shapes: { y: [M, N], dy: [M, N], dx: [M, N] }, sizes: [M, N, 3] },
  squaredErrorForward: { shapes: { y: [N, E], targets: [N, E], losses: [1, N] }, sizes: [N, E] },
  squaredErrorBackward: { shapes: { y: [N, E], targets: [N, E] }, sizes: [N, N, E] },
  mean: { shapes: { x: [1, N], y: [1, 1] }, sizes: [N, N] },
  add: { shapes: { x: [1, N], y: [1, N] }, sizes: [N] },
  fill: { shapes: { x: [1, N] }, sizes: [N] },
  copy: { shapes: { x: [M, N], y: [M, N] }, sizes: [M, N] },
  norm: { shapes: { x: [1, N], norm: [1, 1] }, sizes: [N] },
  adam: {
    shapes: {
      settings: [1, 8],
      norm: [1, 1],
      gradients: [1, N],
      parameters: [1, N],
      moment1: [1, N],
      moment2: [1, N],
    },
    sizes: [N, 1],
  },
  sample: {
    shapes: { logits: [1, V], settings: [1, 3], random: [1, 2], scratch: [1, V], order: [1, V], id: [1, 1] },
    sizes: [V, 1],
  },
};

interface Change {
  /** A view to leave out. */
  readonly without?: readonly string[];
  /** A view whose buffer ends one element early. */
  readonly short?: string;
  /** A view whose rows lie one element too close. */
  readonly overlapping?: string;
  /** A view that is one row, with a leading dimension of 0. */
  readonly oneRow?: string;
  /** Sizes in place of the example's. */
  readonly sizes?: readonly number[];
  /** What all ids are. */
  readonly id?: number;
}

let executor: Executor;
before(async () => {
  const module = await WebAssembly.compile(await readFile('build/assembly/kernels-debug.wasm'));
  executor = await createWasmExecutor({ module });
});

function programOf(op: OpName, change: Change): Program {
  const row: OpRow = ops[op];
  const { shapes, sizes } = examples[op];
  const buffers: BufferSpec[] = [];
  const views = Object.entries(row.views).map(([name, role]): View | null => {
    const shape = shapes[name];
    assert(shape, `${op}.${name} has no example shape`);
    if (change.without?.includes(name)) return null;
    const [rows, columns] = change.oneRow === name ? [1, shape[1]] : shape;
    const length = rows * columns - (change.short === name ? 1 : 0);
    buffers.push({ name, scope: 'local', type: role.includes('ids') ? 'i32' : 'f32', length });
    const ld = change.oneRow === name ? 0 : columns - (change.overlapping === name ? 1 : 0);
    return { buffer: buffers.length - 1, offset: 0, stride: 0, ld };
  });
  const ports = new Map(
    buffers.map(({ name, type, length }, buffer) => [
      name,
      { view: { buffer, offset: 0, stride: 0, ld: 0 }, type, shape: [length] },
    ]),
  );
  const scalars = row.scalars.map(() => 0.5);
  const call: Call = { kind: 'call', op, views, sizes: change.sizes ?? sizes, scalars };
  return { name: op, maxSteps: 1, buffers, body: [call], ports };
}

async function run(op: OpName, change: Change): Promise<void> {
  const program = programOf(op, change);
  const runner = await executor.load(program);
  for (const [name, port] of program.ports) {
    if (change.id !== undefined && (name === 'ids' || name === 'targets')) {
      runner.write(name, new Int32Array(Number(port.shape[0])).fill(change.id));
    }
  }
  try {
    runner.run(1);
  } finally {
    runner.unload();
  }
}

const refuses = (op: OpName, change: Change) =>
  assert.rejects(
    run(op, change),
    (error) => error instanceof AdaptiveError && error.code === 'internal',
    `${op} took ${JSON.stringify(change)}`,
  );

describe('kernels-debug.wasm', () => {
  for (const op of opNames) {
    it(`${op} takes what fits, and refuses each operand that is one element short`, async () => {
      await run(op, {});
      for (const name of Object.keys(ops[op].views)) await refuses(op, { short: name });
    });
  }

  it('refuses rows that overlap', async () => {
    await refuses('productNT', { overlapping: 'a' });
    await refuses('productTN', { overlapping: 'c' });
    await refuses('adaptiveCellForward', { overlapping: 'policyIh' });
  });

  it('takes one row for all of what is only read, and no less than a row', async () => {
    for (const [op, oneRow] of [
      ['multiply', 'a'],
      ['multiply', 'b'],
      ['copy', 'x'],
    ] as const) {
      await run(op, { oneRow });
      await refuses(op, { oneRow, short: oneRow });
      await refuses(op, { oneRow: 'y' });
    }
    await refuses('productNT', { oneRow: 'a' });
  });

  it('refuses an activation that there is not', async () => {
    for (const op of ['activationForward', 'activationBackward'] as const) {
      for (const kind of Object.values(activations)) await run(op, { sizes: [M, N, kind] });
      await refuses(op, { sizes: [M, N, Object.keys(activations).length] });
      await refuses(op, { sizes: [M, N, -1] });
    }
  });

  it('refuses ids out of range', async () => {
    for (const op of ['embeddingForward', 'embeddingBackward', 'softmaxCrossEntropyForward'] as const) {
      await run(op, { id: V - 1 });
      await refuses(op, { id: V });
      await refuses(op, { id: -1 });
    }
    await refuses('softmaxCrossEntropyBackward', { id: V });
  });

  it('refuses a policy without what it scales or without its gradient', async () => {
    for (const name of ['x', 'scaledX', 'scaledH', 'inputPart', 'hiddenPart']) {
      await refuses('adaptiveCellForward', { without: [name] });
    }
    for (const name of [
      'x',
      'inputPart',
      'hiddenPart',
      'dpolicyX',
      'dpolicyH',
      'dpolicyIh',
      'dpolicyHh',
      'dpolicyB',
    ]) {
      await refuses('adaptiveCellBackward', { without: [name] });
    }
    await run('adaptiveCellForward', { without: ['policyX', 'scaledX', 'policyH', 'scaledH', 'mask', 'y'] });
    await run('adaptiveCellBackward', { without: ['policyX', 'dpolicyX', 'x', 'mask', 'dy', 'dx'] });
  });

  it('refuses a policy of parts without its gradient, and one of the bias without a bias', async () => {
    for (const op of ['rnnCell', 'gruCell'] as const) {
      await refuses(`${op}Forward`, { without: ['bias'] });
      await run(`${op}Forward`, { without: ['bias', 'policyB'] });
      await run(`${op}Forward`, { without: ['policyIh', 'policyHh', 'policyB', 'mask', 'y'] });
      await refuses(`${op}Backward`, { without: ['bias'] });
      await run(`${op}Backward`, { without: ['bias', 'policyB', 'dpolicyB'] });
      for (const policy of ['policyIh', 'policyHh', 'policyB']) {
        await refuses(`${op}Backward`, { without: [policy] });
        await refuses(`${op}Backward`, { without: [`d${policy}`] });
        await run(`${op}Backward`, { without: [policy, `d${policy}`, 'dy', 'mask'] });
      }
    }
  });
});

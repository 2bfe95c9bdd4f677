/**
 * Every op that has a gradient, with the calls that form it, as problems for finite differences. An op that has no
 * backward of its own is differentiated by others: a product by the two other orientations, a bias by column sums.
 */
import type { OpName } from '../../core/ops.js';
import { adaptiveCells } from './adaptive-cell-gradients.js';
import { cellGradients } from './cell-gradients.js';
import { elementwise } from './elementwise-gradients.js';
import type { Differentiable } from './finite-difference.js';
import { OpProblem, type OpGradient } from './op-problem.js';

const [M, N, K] = [3, 5, 4];

function products(accumulate: 0 | 1): OpGradient[] {
  const result = (p: OpProblem) => (accumulate ? p.input('c', M, N) : p.blank('c', M, N)); // [M, N]
  const problem = (write: (p: OpProblem) => void): Differentiable => {
    const p = new OpProblem(accumulate + 1);
    write(p);
    if (accumulate) p.gradientIn('c', 'dc');
    return p.done();
  };
  const formed = { accumulate: 0 };
  const suffix = accumulate ? ', accumulating' : '';
  return [
    {
      name: `productNT${suffix}`,
      ops: ['productNT', 'productNN', 'productTN', 'columnSum'],
      problem: problem((p) => {
        const [a, b, bias, c] = [p.input('a', M, K), p.input('b', N, K), p.input('bias', 1, N), result(p)];
        p.call('productNT', { a, b, bias, c }, { m: M, n: N, k: K, accumulate });
        const dc = p.seed('c');
        p.call('productNN', { a: dc, b, c: p.gradient('a') }, { m: M, n: K, k: N, ...formed });
        p.call('productTN', { a: dc, b: a, c: p.gradient('b') }, { m: N, n: K, k: M, ...formed });
        p.call('columnSum', { x: dc, y: p.gradient('bias') }, { m: M, n: N });
      }),
    },
    {
      name: `productNN${suffix}`,
      ops: ['productNN', 'productNT', 'productTN'],
      problem: problem((p) => {
        const [a, b, c] = [p.input('a', M, K), p.input('b', K, N), result(p)];
        p.call('productNN', { a, b, c }, { m: M, n: N, k: K, accumulate });
        const dc = p.seed('c');
        p.call('productNT', { a: dc, b, bias: null, c: p.gradient('a') }, { m: M, n: K, k: N, ...formed });
        p.call('productTN', { a, b: dc, c: p.gradient('b') }, { m: K, n: N, k: M, ...formed });
      }),
    },
    {
      name: `productTN${suffix}`,
      ops: ['productTN', 'productNT', 'productNN'],
      problem: problem((p) => {
        const [a, b, c] = [p.input('a', K, M), p.input('b', K, N), result(p)];
        p.call('productTN', { a, b, c }, { m: M, n: N, k: K, accumulate });
        const dc = p.seed('c');
        p.call('productNT', { a: b, b: dc, bias: null, c: p.gradient('a') }, { m: K, n: M, k: N, ...formed });
        p.call('productNN', { a, b: dc, c: p.gradient('b') }, { m: K, n: N, k: M, ...formed });
      }),
    },
  ];
}

function columnSum(): OpGradient {
  const p = new OpProblem(3);
  const [x, y, ones] = [p.input('x', M, N), p.input('y', 1, N), p.input('ones', M, 1, () => 1)];
  p.call('columnSum', { x, y }, { m: M, n: N });
  p.call('productNN', { a: ones, b: p.seed('y'), c: p.gradient('x') }, { m: M, n: N, k: 1, accumulate: 0 });
  p.gradientIn('y', 'dy');
  return { name: 'columnSum', ops: ['columnSum'], problem: p.done() };
}

function embedding(masked: boolean): OpGradient {
  const [V, E] = [6, 3];
  const p = new OpProblem(4);
  const ids = p.ids('ids', [4, 0, 4, 2, 5, 4, 2]); // one of them thrice, one never
  const [weight, rowMask] = [p.input('weight', V, E), masked ? p.input('rowMask', 1, V) : null];
  const sizes = { n: 7, vocabulary: V, width: E };
  p.call('embeddingForward', { ids, weight, rowMask, y: p.blank('y', 7, E) }, sizes);
  p.call('embeddingBackward', { ids, dy: p.seed('y'), rowMask, dweight: p.accumulated('weight') }, sizes);
  return {
    name: `embedding${masked ? ', row mask' : ''}`,
    ops: ['embeddingForward', 'embeddingBackward'],
    problem: p.done(),
  };
}

/** A drawn mask over three steps of two rows; the backward is in place. */
function mask(): OpGradient {
  const p = new OpProblem(5);
  const [rows, period] = [6, 2];
  const drawn = p.blank('mask', period, N);
  p.call(
    'dropoutMask',
    { random: p.ids('random', [7, 1]), mask: drawn },
    { n: period * N, first: 0, stream: 0x3000 },
    { probability: 0.4 },
  );
  const sizes = { m: rows, n: N, period };
  p.call('applyMask', { x: p.input('x', rows, N), mask: drawn, y: p.blank('y', rows, N) }, sizes);
  const dy = p.seed('y');
  p.call('applyMask', { x: dy, mask: drawn, y: dy }, sizes);
  p.gradientIn('x', 'dy');
  return { name: 'applyMask', ops: ['applyMask'], problem: p.done() };
}

function copy(): OpGradient {
  const p = new OpProblem(6);
  p.call('copy', { x: p.input('x', M, N), y: p.blank('y', M, N) }, { m: M, n: N });
  p.call('copy', { x: p.seed('y'), y: p.gradient('x') }, { m: M, n: N });
  return { name: 'copy', ops: ['copy'], problem: p.done() };
}

function latentCell(hoisted: boolean, chained: boolean, masked: boolean): OpGradient {
  const [B, I, H, A] = [2, 3, 4, 2];
  const p = new OpProblem(7);
  const x = hoisted ? null : p.input('x', B, I);
  const h = p.input('h', B, H);
  const zeta = chained ? p.input('zeta', B, A) : null;
  const [zPrevious, zcPrevious] = [p.input('zPrevious', B, A), p.input('zcPrevious', B, A)];
  const weightX = x && p.input('weightX', 4 * A, I);
  const weightH = p.input('weightH', 4 * A, H);
  const weightZeta = zeta && p.input('weightZeta', 4 * A, A);
  const [weightHh, bias] = [p.input('weightHh', 4 * A, A), p.input('bias', 1, 4 * A)];
  const latentMask = masked ? p.input('mask', B, A) : null;
  const gates = hoisted ? p.input('gates', B, 4 * A) : p.blank('gates', B, 4 * A);
  const [zc, z] = [p.blank('zc', B, A), p.blank('z', B, A)];
  const sizes = { b: B, i: I, h: H, a: A };
  const weights = { weightX, weightH, weightZeta, weightHh, mask: latentMask };
  p.call('latentCellForward', { x, h, zeta, zPrevious, zcPrevious, bias, gates, zc, z, ...weights }, sizes);

  const [dz, dzc, dh] = [p.seed('z'), p.seed('zc'), p.accumulated('h')];
  const dx = x && p.accumulated('x');
  const dzeta = zeta && p.accumulated('zeta');
  p.call('latentCellBackward', { zcPrevious, zc, gates, dz, dzc, dh, dx, dzeta, ...weights }, sizes);
  p.gradientIn('zPrevious', 'dz');
  p.gradientIn('zcPrevious', 'dzc');
  if (hoisted) p.gradientIn('gates', 'gates');
  else p.call('columnSum', { x: gates, y: p.gradient('bias') }, { m: B, n: 4 * A });
  const outer = { m: 4 * A, k: B, accumulate: 1 };
  p.call('productTN', { a: gates, b: zPrevious, c: p.gradient('weightHh') }, { ...outer, n: A });
  if (x) p.call('productTN', { a: gates, b: x, c: p.gradient('weightX') }, { ...outer, n: I });
  p.call('productTN', { a: gates, b: h, c: p.gradient('weightH') }, { ...outer, n: H });
  if (zeta) p.call('productTN', { a: gates, b: zeta, c: p.gradient('weightZeta') }, { ...outer, n: A });
  const details = [hoisted && 'x hoisted', chained && 'chained', masked && 'masked'].filter(
    (detail) => detail !== false,
  );
  return {
    name: ['latentCell', ...details].join(', '),
    ops: ['latentCellForward', 'latentCellBackward'],
    problem: p.done(),
  };
}

function policy(offset: number): OpGradient {
  const [B, A, P] = [3, 2, 7];
  const p = new OpProblem(8);
  const [z, weight, d] = [p.input('z', B, A), p.input('weight', P, A), p.blank('d', B, P)];
  p.call('policyForward', { z, weight, d }, { b: B, a: A, p: P }, { offset });
  // The backward overwrites d, which the loss is still to be read from.
  p.call('copy', { x: d, y: p.blank('policies', B, P) }, { m: B, n: P });
  const dd = p.seed('policies');
  p.call('policyBackward', { d, weight, dd, dz: p.accumulated('z') }, { b: B, a: A, p: P }, { offset });
  p.call('productTN', { a: d, b: z, c: p.gradient('weight') }, { m: P, n: A, k: B, accumulate: 0 });
  return { name: `policy, offset ${offset}`, ops: ['policyForward', 'policyBackward'], problem: p.done() };
}

/** The mean of the losses, whose share of each row is in the backward. */
function softmaxCrossEntropy(scale: number): OpGradient {
  const [rows, V] = [4, 6];
  const p = new OpProblem(9);
  const logits = p.input('logits', rows, V, (random) => scale * random.nextNormal());
  const [logSumExp, losses] = [p.blank('logSumExp', 1, rows), p.blank('losses', 1, rows)];
  const targets = p.ids('targets', [5, 0, 2, 2]);
  p.call('softmaxCrossEntropyForward', { logits, targets, logSumExp, losses }, { n: rows, vocabulary: V });
  p.call('mean', { x: losses, y: p.blank('loss', 1, 1) }, { n: rows, total: rows });
  p.loss('loss');
  p.call('softmaxCrossEntropyBackward', { logits, targets, logSumExp }, { n: rows, total: rows, vocabulary: V });
  p.gradientIn('logits', 'logits');
  return {
    name: `softmaxCrossEntropy, logits of size ${scale}`,
    ops: ['softmaxCrossEntropyForward', 'softmaxCrossEntropyBackward', 'mean'],
    problem: p.done(),
  };
}

const either = [false, true];

export const opGradients: readonly OpGradient[] = [
  ...products(0),
  ...products(1),
  columnSum(),
  ...either.map(embedding),
  mask(),
  copy(),
  ...either.flatMap((hoisted) =>
    either.flatMap((chained) => either.map((masked) => latentCell(hoisted, chained, masked))),
  ),
  policy(0),
  policy(1),
  ...adaptiveCells(),
  ...elementwise,
  ...cellGradients(),
  softmaxCrossEntropy(1),
  softmaxCrossEntropy(10),
];

/** Ops through which no gradient goes: constants, draws and the optimizer's step. */
export const notDifferentiated: readonly OpName[] = ['fill', 'add', 'dropoutMask', 'norm', 'adam', 'sample'];

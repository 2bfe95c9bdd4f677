/** Gradients of ops that go element by element, or row by row, as problems for finite differences. */
import { activations, type Activation } from '../../core/ops.js';
import { OpProblem, type OpGradient } from './op-problem.js';

const [M, N] = [3, 5];

function multiply(accumulate: 0 | 1): OpGradient {
  const p = new OpProblem(10);
  const [a, b] = [p.input('a', M, N), p.input('b', M, N)];
  const y = accumulate ? p.input('y', M, N) : p.blank('y', M, N);
  p.call('multiply', { a, b, y }, { m: M, n: N, accumulate });
  const dy = p.seed('y');
  p.call('multiply', { a: dy, b, y: p.gradient('a') }, { m: M, n: N, accumulate: 0 });
  p.call('multiply', { a: dy, b: a, y: p.gradient('b') }, { m: M, n: N, accumulate: 0 });
  if (accumulate) p.gradientIn('y', 'dy');
  return { name: `multiply${accumulate ? ', accumulating' : ''}`, ops: ['multiply'], problem: p.done() };
}

/** A row for all of a matrix: its gradient is a sum over the rows, and that of the matrix replaces dy. */
function multiplyByRow(): OpGradient {
  const p = new OpProblem(11);
  const [a, row, y] = [p.input('a', M, N), p.input('row', 1, N), p.blank('y', M, N)];
  const b = { ...row, ld: 0 };
  const sizes = { m: M, n: N, accumulate: 0 };
  p.call('multiply', { a, b, y }, sizes);
  const dy = p.seed('y');
  const shares = p.blank('shares', M, N);
  p.call('multiply', { a: dy, b: a, y: shares }, sizes);
  p.call('columnSum', { x: shares, y: p.gradient('row') }, { m: M, n: N });
  p.call('multiply', { a: dy, b, y: dy }, sizes);
  p.gradientIn('a', 'dy');
  return { name: 'multiply by one row', ops: ['multiply', 'columnSum'], problem: p.done() };
}

/** The backward is in place. x keeps away from 0, where relu has no derivative. */
function activation(name: Activation): OpGradient {
  const p = new OpProblem(12);
  const awayFromZero = (sign: number, size: number) => (sign < 0.5 ? -1 : 1) * (0.2 + 1.5 * size);
  const x = p.input('x', M, N, (random) => awayFromZero(random.next(), random.next()));
  const y = p.blank('y', M, N);
  const sizes = { m: M, n: N, kind: activations[name] };
  p.call('activationForward', { x, y }, sizes);
  const dy = p.seed('y');
  p.call('activationBackward', { y, dy, dx: dy }, sizes);
  p.gradientIn('x', 'dy');
  return { name: `activation, ${name}`, ops: ['activationForward', 'activationBackward'], problem: p.done() };
}

/** The mean of the losses, whose share of each row is in the backward. */
function squaredError(): OpGradient {
  const p = new OpProblem(13);
  const [y, targets, losses] = [p.input('y', M, N), p.input('targets', M, N), p.blank('losses', 1, M)];
  p.call('squaredErrorForward', { y, targets, losses }, { n: M, o: N });
  p.call('mean', { x: losses, y: p.blank('loss', 1, 1) }, { n: M, total: M });
  p.loss('loss');
  p.call('squaredErrorBackward', { y, targets }, { n: M, total: M, o: N });
  p.gradientIn('y', 'y');
  return {
    name: 'squaredError',
    ops: ['squaredErrorForward', 'squaredErrorBackward', 'mean'],
    problem: p.done(),
  };
}

export const elementwise: readonly OpGradient[] = [
  multiply(0),
  multiply(1),
  multiplyByRow(),
  ...(['identity', 'relu', 'tanh', 'sigmoid'] as const).map(activation),
  squaredError(),
];

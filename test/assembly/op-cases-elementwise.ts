/** Random cases of ops that go element by element, or row by row, over matrices. */
import fc from 'fast-check';
import { activations } from '../../core/ops.js';
import { between, exactly, matrix, oneRow, result, type Draw, type OpCase, type Tolerance } from './op-case.js';

/** Around vectors of 4 and blocks of 64 and 256; the rest is prime. */
const length = fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 13, 31, 64, 65, 130, 257);
const shorter = fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 11, 12, 13, 17, 37);

const multiply: fc.Arbitrary<OpCase<'multiply'>> = fc
  .record({
    m: shorter,
    n: length,
    accumulate: fc.constantFrom(0, 1),
    ofOneRow: fc.constantFrom('none', 'a', 'b', 'both'),
    inPlace: fc.constantFrom('none', 'a', 'b'),
  })
  .map(({ m, n, accumulate, ofOneRow, inPlace }) => {
    const operand = (name: 'a' | 'b') => (ofOneRow === name || ofOneRow === 'both' ? oneRow(m, n) : matrix(m, n));
    const operands = { a: operand('a'), b: operand('b') };
    const canBeResult = inPlace !== 'none' && !operands[inPlace].oneRow;
    return {
      operands: { ...operands, y: canBeResult ? inPlace : accumulate ? matrix(m, n) : result(m, n) },
      sizes: { m, n, accumulate },
      scalars: {},
      // In place, once a step of a scan.
      tolerance: 4e-7,
      magnitude: 1,
    };
  });

const kinds = fc.constantFrom(...Object.values(activations));

/** In place, once a step of a scan. */
const toleranceOf = (kind: number, curved: Tolerance): Tolerance =>
  kind === activations.tanh || kind === activations.sigmoid ? curved : exactly;

/** Near 0, where tanh must keep its digits, up to where both are flat. */
const activationForward: fc.Arbitrary<OpCase<'activationForward'>> = fc
  .record({ m: shorter, n: length, kind: kinds, size: fc.constantFrom(1e-3, 1, 10, 200), inPlace: fc.boolean() })
  .map(({ m, n, kind, size, inPlace }) => ({
    operands: { x: matrix(m, n, between(-size, size)), y: inPlace ? 'x' : result(m, n) },
    sizes: { m, n, kind },
    scalars: {},
    ...toleranceOf(kind, { tolerance: 5e-7, magnitude: 0 }),
  }));

/** A third of the numbers 0, as relu leaves them. */
const flattened: Draw = (random) => (random.next() < 1 / 3 ? 0 : 2 * random.next() - 1);

const activationBackward: fc.Arbitrary<OpCase<'activationBackward'>> = fc
  .record({ m: shorter, n: length, kind: kinds, inPlace: fc.boolean() })
  .map(({ m, n, kind, inPlace }) => ({
    operands: { y: matrix(m, n, flattened), dy: matrix(m, n), dx: inPlace ? 'dy' : result(m, n) },
    sizes: { m, n, kind },
    scalars: {},
    ...toleranceOf(kind, { tolerance: 4e-7, magnitude: 1 }),
  }));

const errors = fc.record({ n: length, o: fc.oneof(shorter, length), size: fc.constantFrom(1, 300) });

const squaredErrorForward: fc.Arbitrary<OpCase<'squaredErrorForward'>> = errors.map(({ n, o, size }) => ({
  operands: {
    y: matrix(n, o, between(-size, size)),
    targets: matrix(n, o, between(-size, size)),
    losses: result(1, n),
  },
  sizes: { n, o },
  scalars: {},
  tolerance: 3e-7,
  magnitude: 0,
}));

/** In place: where O · total is 1, the gradient of one step of a scan is twice the error, that of the next more. */
const squaredErrorBackward: fc.Arbitrary<OpCase<'squaredErrorBackward'>> = fc
  .record({ errors, others: fc.constantFrom(0, 1, 50) })
  .map(({ errors: { n, o, size }, others }) => ({
    operands: { y: matrix(n, o, between(-size, size)), targets: matrix(n, o, between(-size, size)) },
    sizes: { n, total: n + others, o },
    scalars: {},
    tolerance: 5e-7,
    magnitude: (2 * size) / (o * (n + others)),
  }));

export const elementwiseCases = {
  multiply,
  activationForward,
  activationBackward,
  squaredErrorForward,
  squaredErrorBackward,
};

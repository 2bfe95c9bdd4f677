/** Cases of the three products: random ones, and those that go beyond a block or take a way of their own. */
import fc from 'fast-check';
import type { OpName } from '../../core/ops.js';
import { matrix, result, sumOf, vector, type AnyOpCase, type OpCase } from './op-case.js';

/** Around tiles of 4 to 6 rows by 8 columns, of 2 by 6, and pairs of panels of 16. */
const length = fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 16, 17, 23, 37);

interface ProductDims {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly accumulate: number;
  readonly biased: boolean;
}

const dims: fc.Arbitrary<ProductDims> = fc.record({
  m: length,
  n: length,
  k: length,
  accumulate: fc.constantFrom(0, 1),
  biased: fc.boolean(),
});

function productNT({ m, n, k, accumulate, biased }: ProductDims): OpCase<'productNT'> {
  return {
    operands: { a: matrix(m, k), b: matrix(n, k), bias: biased ? vector(n) : null, c: accumulate ? matrix(m, n) : result(m, n) },
    sizes: { m, n, k, accumulate },
    scalars: {},
    ...sumOf(k),
  };
}

function productNN({ m, n, k, accumulate }: ProductDims): OpCase<'productNN'> {
  return {
    operands: { a: matrix(m, k), b: matrix(k, n), c: accumulate ? matrix(m, n) : result(m, n) },
    sizes: { m, n, k, accumulate },
    scalars: {},
    ...sumOf(k),
  };
}

function productTN({ m, n, k, accumulate }: ProductDims): OpCase<'productTN'> {
  return {
    operands: { a: matrix(k, m), b: matrix(k, n), c: accumulate ? matrix(m, n) : result(m, n) },
    sizes: { m, n, k, accumulate },
    scalars: {},
    ...sumOf(k),
  };
}

export const productCases = {
  productNT: dims.map(productNT),
  productNN: dims.map(productNN),
  productTN: dims.map(productTN),
};

// Blocks are 66 × 256 and 256 × 128; products of less than 40 rows (NT), of 66 at most, of one and of no depth have ways
// of their own.
const large = [
  [66, 45, 257],
  [67, 45, 257],
  [39, 50, 513],
  [40, 50, 513],
  [65, 130, 257],
  [130, 257, 65],
  [257, 65, 130],
  [1, 257, 513],
  [11, 129, 300],
  [12, 129, 300],
  [64, 128, 256],
  [3, 5, 0],
  [13, 5, 0],
] as const;

export interface ProductCase {
  readonly op: OpName;
  readonly opCase: AnyOpCase;
}

export const largeProducts: readonly ProductCase[] = large.flatMap(([m, n, k]) =>
  [0, 1].flatMap((accumulate) => productsOf(m, n, k, accumulate)),
);

/** All three; one that adds to its result has a bias. */
export function productsOf(m: number, n: number, k: number, accumulate: number): readonly ProductCase[] {
  const product = { m, n, k, accumulate, biased: accumulate === 1 };
  return [
    { op: 'productNT', opCase: productNT(product) },
    { op: 'productNN', opCase: productNN(product) },
    { op: 'productTN', opCase: productTN(product) },
  ];
}

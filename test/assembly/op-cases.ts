/** Random cases of every op, with how near a kernel must come to the oracle. Those of products and cells have files of their own. */
import fc from 'fast-check';
import type { OpName } from '../../core/ops.js';
import { anyBits, below, between, exactly, masking, matrix,
  oneRow, oneRounding, result, sumOf, vector, type AnyOpCase, type OpCase } from './op-case.js';
import { cellCases } from './op-cases-cells.js';
import { elementwiseCases } from './op-cases-elementwise.js';
import { productCases } from './op-cases-products.js';

/** Around vectors of 4, tiles of 4 × 8, blocks of 64, 128 and 256; the rest is prime. */
const length = fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 13, 31, 64, 65, 130, 257);
const shorter = fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 11, 12, 13, 17, 37);

const columnSum: fc.Arbitrary<OpCase<'columnSum'>> = fc.record({ m: length, n: length }).map(({ m, n }) => ({
  operands: { x: matrix(m, n), y: vector(n) },
  sizes: { m, n },
  scalars: {},
  ...sumOf(m),
}));

const lookUp = fc.record({ n: shorter, vocabulary: shorter, width: length, masked: fc.boolean() });

const embeddingForward: fc.Arbitrary<OpCase<'embeddingForward'>> = lookUp.map(({ masked, ...sizes }) => ({
  operands: {
    ids: vector(sizes.n, below(sizes.vocabulary)),
    weight: matrix(sizes.vocabulary, sizes.width),
    rowMask: masked ? vector(sizes.vocabulary, masking) : null,
    y: result(sizes.n, sizes.width),
  },
  sizes,
  scalars: {},
  ...oneRounding,
}));

const embeddingBackward: fc.Arbitrary<OpCase<'embeddingBackward'>> = lookUp.map(({ masked, ...sizes }) => ({
  operands: {
    ids: vector(sizes.n, below(sizes.vocabulary)),
    dy: matrix(sizes.n, sizes.width),
    rowMask: masked ? vector(sizes.vocabulary, masking) : null,
    dweight: matrix(sizes.vocabulary, sizes.width),
  },
  sizes,
  scalars: {},
  ...sumOf(sizes.n),
}));

/** p is rounded to float32, and 1/(1 − p) enlarges that. No zero passes for another number: what is dropped is exact. */
const dropoutMask: fc.Arbitrary<OpCase<'dropoutMask'>> = fc
  .record({ n: length, first: fc.constantFrom(0, 1, 5, 8, 130), stream: fc.nat(0xffff), probability: fc.constantFrom(0, 0.1, 0.25, 0.5, 0.6, 0.95) })
  .map(({ n, first, stream, probability }) => ({
    operands: { random: vector(2, anyBits), mask: result(1, n) },
    sizes: { n, first, stream },
    scalars: { probability },
    tolerance: 1e-7 / (1 - probability),
    magnitude: 0,
  }));

const applyMask: fc.Arbitrary<OpCase<'applyMask'>> = fc
  .record({ m: shorter, n: length, period: shorter, inPlace: fc.boolean() })
  .map(({ m, n, period, inPlace }) => ({
    operands: { x: matrix(m, n), mask: matrix(period, n, masking), y: inPlace ? 'x' : result(m, n) },
    sizes: { m, n, period },
    scalars: {},
    // In place, once a step of a scan.
    tolerance: 3e-7,
    magnitude: 0,
  }));

const policySizes = fc.record({ b: shorter, a: shorter, p: length, offset: fc.constantFrom(0, 1) });

const policyForward: fc.Arbitrary<OpCase<'policyForward'>> = policySizes.map(({ offset, ...sizes }) => ({
  operands: { z: matrix(sizes.b, sizes.a), weight: matrix(sizes.p, sizes.a), d: result(sizes.b, sizes.p) },
  sizes,
  scalars: { offset },
  ...sumOf(sizes.a),
}));

const policyBackward: fc.Arbitrary<OpCase<'policyBackward'>> = policySizes.map(({ b, a, p, offset }) => ({
  operands: {
    d: matrix(b, p, between(offset - 1, offset + 1)),
    weight: matrix(p, a),
    dd: matrix(b, p),
    dz: matrix(b, a),
  },
  sizes: { b, a, p },
  scalars: { offset },
  ...sumOf(p),
}));

const rows = fc.record({ n: shorter, vocabulary: fc.oneof(length, fc.constantFrom(1009)), size: fc.constantFrom(1, 30) });

/** logSumExp and losses are rounded once; the sum of exponentials is good to 1e-7. */
const softmaxCrossEntropyForward: fc.Arbitrary<OpCase<'softmaxCrossEntropyForward'>> = rows.map(
  ({ n, vocabulary, size }) => ({
    operands: {
      logits: matrix(n, vocabulary, between(-size, size)),
      targets: vector(n, below(vocabulary)),
      logSumExp: result(1, n),
      losses: result(1, n),
    },
    sizes: { n, vocabulary },
    scalars: {},
    tolerance: 2e-7,
    magnitude: 1,
  }),
);

/** Gradients are at most 1/N. An exponent of size x is off by x roundings, so is, relatively, its exponential. */
const softmaxCrossEntropyBackward: fc.Arbitrary<OpCase<'softmaxCrossEntropyBackward'>> = rows.map(
  ({ n, vocabulary, size }) => ({
    operands: {
      logits: matrix(n, vocabulary, between(-size, size)),
      targets: vector(n, below(vocabulary)),
      logSumExp: vector(n, between(size, size + Math.log(vocabulary))),
    },
    sizes: { n, total: n + 3, vocabulary },
    scalars: {},
    tolerance: 2e-7 + 6e-8 * size,
    magnitude: 1 / n,
  }),
);

const mean: fc.Arbitrary<OpCase<'mean'>> = fc.record({ n: length, others: fc.nat(50) }).map(({ n, others }) => ({
  operands: { x: vector(n), y: result(1, 1) },
  sizes: { n, total: n + others },
  scalars: {},
  ...oneRounding,
}));

const add: fc.Arbitrary<OpCase<'add'>> = length.map((n) => ({
  operands: { x: vector(n), y: vector(n) },
  sizes: { n },
  scalars: {},
  ...oneRounding,
}));

const fill: fc.Arbitrary<OpCase<'fill'>> = fc.record({ n: length, value: fc.constantFrom(0, 1, -2.5) }).map(({ n, value }) => ({
  operands: { x: result(1, n) },
  sizes: { n },
  scalars: { value },
  ...exactly,
}));

const copy: fc.Arbitrary<OpCase<'copy'>> = fc
  .record({ m: shorter, n: length, ofOneRow: fc.boolean() })
  .map(({ m, n, ofOneRow }) => ({
    operands: { x: ofOneRow ? oneRow(m, n) : matrix(m, n), y: result(m, n) },
    sizes: { m, n },
    scalars: {},
    ...exactly,
  }));

const norm: fc.Arbitrary<OpCase<'norm'>> = length.map((n) => ({
  operands: { x: vector(n), norm: result(1, 1) },
  sizes: { n },
  scalars: {},
  ...oneRounding,
}));

/** η, β₁, β₂, ε, λ, 1 − β₁ᵗ, 1 − β₂ᵗ, clip: the first step, a later one, the paper's. */
const optimizerSettings = [
  [0.003, 0.9, 0.999, 1e-8, 0, 0.1, 0.001, 1],
  [0.01, 0.9, 0.999, 1e-8, 0.1, 0.41, 0.005, 0],
  [0.003, 0, 0.999, 1e-9, 1e-6, 1, 0.3, 0.25],
] as const;

const adam: fc.Arbitrary<OpCase<'adam'>> = fc
  .record({
    n: length,
    decoupled: fc.constantFrom(0, 1),
    settings: fc.constantFrom(...optimizerSettings),
    total: fc.constantFrom(0.5, 7, NaN, Infinity),
  })
  .map(({ n, decoupled, settings, total }) => ({
    operands: {
      settings: vector(8, (_, i) => settings[i] ?? NaN),
      norm: vector(1, () => total),
      gradients: vector(n),
      parameters: vector(n),
      moment1: vector(n),
      moment2: vector(n, between(0.01, 1)),
    },
    sizes: { n, decoupled },
    scalars: {},
    tolerance: 1e-6,
    magnitude: 1,
  }));

const sample: fc.Arbitrary<OpCase<'sample'>> = fc
  .record({
    vocabulary: length,
    stream: fc.nat(0xffff),
    temperature: fc.constantFrom(0, 0.5, 1, 3),
    topK: fc.constantFrom(0, 1, 5, 40, 1000),
    topP: fc.constantFrom(0.3, 0.9, 1),
    /** Of few different numbers, so that many are equal. */
    tied: fc.boolean(),
  })
  .map(({ vocabulary, stream, temperature, topK, topP, tied }) => ({
    operands: {
      logits: vector(vocabulary, tied ? below(3) : between(-3, 3)),
      settings: vector(3, (_, i) => [temperature, topK, topP][i] ?? NaN),
      random: vector(2, anyBits),
      scratch: { ...result(1, vocabulary), scratch: true },
      order: { ...result(1, vocabulary), scratch: true },
      id: result(1, 1),
    },
    sizes: { vocabulary, stream },
    scalars: {},
    ...exactly,
  }));

const cases = {
  ...productCases,
  columnSum,
  embeddingForward,
  embeddingBackward,
  dropoutMask,
  applyMask,
  ...cellCases,
  policyForward,
  policyBackward,
  ...elementwiseCases,
  softmaxCrossEntropyForward,
  softmaxCrossEntropyBackward,
  mean,
  fill,
  add,
  copy,
  norm,
  adam,
  sample,
} satisfies { readonly [N in OpName]: fc.Arbitrary<OpCase<N>> };

export const opCases: Readonly<Record<OpName, fc.Arbitrary<AnyOpCase>>> = cases;

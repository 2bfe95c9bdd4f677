/** Random cases of the latent cell and of the adaptive cell: every choice of operands that an op allows. */
import fc from 'fast-check';
import { between, masking, matrix, result, sumOf, vector, type Operand, type OpCase } from './op-case.js';
import { partsCases } from './op-cases-parts.js';

const dim = fc.constantFrom(1, 2, 3, 4, 5, 7, 13, 19, 33);

const latentChoices = fc.record({
  b: fc.constantFrom(1, 2, 3, 5, 13),
  i: dim,
  h: dim,
  a: dim,
  withX: fc.boolean(),
  chained: fc.boolean(),
  masked: fc.boolean(),
});

const latentCellForward: fc.Arbitrary<OpCase<'latentCellForward'>> = latentChoices.map(
  ({ b, i, h, a, withX, chained, masked }) => ({
    operands: {
      x: withX ? matrix(b, i) : null,
      h: matrix(b, h),
      zeta: chained ? matrix(b, a) : null,
      zPrevious: matrix(b, a),
      zcPrevious: matrix(b, a),
      weightX: withX ? matrix(4 * a, i) : null,
      weightH: matrix(4 * a, h),
      weightZeta: chained ? matrix(4 * a, a) : null,
      weightHh: matrix(4 * a, a),
      bias: vector(4 * a),
      mask: masked ? matrix(b, a, masking) : null,
      gates: withX ? result(b, 4 * a) : matrix(b, 4 * a),
      zc: result(b, a),
      z: result(b, a),
    },
    sizes: { b, i, h, a },
    scalars: {},
    ...sumOf(i + h + 2 * a),
  }),
);

/** Activated gates, about: the op takes any numbers. */
const activated = between(-0.9, 0.9);

const latentCellBackward: fc.Arbitrary<OpCase<'latentCellBackward'>> = latentChoices.map(
  ({ b, i, h, a, withX, chained, masked }) => ({
    operands: {
      zcPrevious: matrix(b, a),
      zc: matrix(b, a),
      weightX: withX ? matrix(4 * a, i) : null,
      weightH: matrix(4 * a, h),
      weightZeta: chained ? matrix(4 * a, a) : null,
      weightHh: matrix(4 * a, a),
      mask: masked ? matrix(b, a, masking) : null,
      gates: matrix(b, 4 * a, activated),
      dz: matrix(b, a),
      dzc: matrix(b, a),
      dh: matrix(b, h),
      dx: withX ? matrix(b, i) : null,
      dzeta: chained ? matrix(b, a) : null,
    },
    sizes: { b, i, h, a },
    scalars: {},
    ...sumOf(4 * a),
  }),
);

/** Where the input product comes from: x, or, when it was hoisted, inputPart, or (static) gates with the bias. */
type Source = 'x' | 'inputPart' | 'gates';

const adaptiveChoices = fc
  .record({
    b: fc.constantFrom(1, 2, 3, 5, 13),
    i: dim,
    h: dim,
    source: fc.constantFrom<Source>('x', 'inputPart', 'gates'),
    policyX: fc.boolean(),
    policyH: fc.boolean(),
    policyIh: fc.boolean(),
    policyHh: fc.boolean(),
    policyB: fc.boolean(),
    /** Whether products that no policy scales are kept apart all the same. */
    parts: fc.boolean(),
    masked: fc.boolean(),
    withY: fc.boolean(),
    withDx: fc.boolean(),
  })
  .map((choice) => ({
    ...choice,
    // What is not seen cannot be scaled.
    policyX: choice.policyX && choice.source === 'x',
    policyIh: choice.policyIh && choice.source !== 'gates',
    policyB: choice.policyB && choice.source !== 'gates',
  }));

type AdaptiveChoice = typeof adaptiveChoices extends fc.Arbitrary<infer Choice> ? Choice : never;

function adaptiveOperands({ b, i, h, source, parts, ...choice }: AdaptiveChoice) {
  const optional = (present: boolean, operand: Operand) => (present ? operand : null);
  const hasInputPart = source === 'inputPart' || choice.policyIh || (source === 'x' && parts);
  return {
    hasInputPart,
    hasHiddenPart: choice.policyHh || parts,
    optional,
    common: {
      x: optional(source === 'x', matrix(b, i)),
      h: matrix(b, h),
      cPrevious: matrix(b, h),
      weightIh: matrix(4 * h, i),
      weightHh: matrix(4 * h, h),
      bias: vector(4 * h),
      policyX: optional(choice.policyX, matrix(b, i)),
      policyH: optional(choice.policyH, matrix(b, h)),
      policyIh: optional(choice.policyIh, matrix(b, 4 * h)),
      policyHh: optional(choice.policyHh, matrix(b, 4 * h)),
      policyB: optional(choice.policyB, matrix(b, 4 * h)),
      mask: optional(choice.masked, matrix(b, h, masking)),
    },
  };
}

const adaptiveCellForward: fc.Arbitrary<OpCase<'adaptiveCellForward'>> = adaptiveChoices.map((choice) => {
  const { b, i, h, source } = choice;
  const { common, optional, hasInputPart, hasHiddenPart } = adaptiveOperands(choice);
  return {
    operands: {
      ...common,
      scaledX: optional(choice.policyX, result(b, i)),
      scaledH: optional(choice.policyH, result(b, h)),
      inputPart: optional(hasInputPart, source === 'inputPart' ? matrix(b, 4 * h) : result(b, 4 * h)),
      hiddenPart: optional(hasHiddenPart, result(b, 4 * h)),
      gates: source === 'gates' ? matrix(b, 4 * h) : result(b, 4 * h),
      c: result(b, h),
      y: optional(choice.withY, result(b, h)),
      hNext: result(b, h),
    },
    sizes: { b, i, h },
    scalars: {},
    ...sumOf(i + h),
  };
});

const adaptiveCellBackward: fc.Arbitrary<OpCase<'adaptiveCellBackward'>> = adaptiveChoices.map((choice) => {
  const { b, i, h, source } = choice;
  const { common, optional, hasInputPart, hasHiddenPart } = adaptiveOperands(choice);
  return {
    operands: {
      ...common,
      c: matrix(b, h),
      dpolicyX: optional(choice.policyX, result(b, i)),
      dpolicyH: optional(choice.policyH, result(b, h)),
      dpolicyIh: optional(choice.policyIh, result(b, 4 * h)),
      dpolicyHh: optional(choice.policyHh, result(b, 4 * h)),
      dpolicyB: optional(choice.policyB, result(b, 4 * h)),
      inputPart: optional(hasInputPart, matrix(b, 4 * h)),
      hiddenPart: optional(hasHiddenPart, matrix(b, 4 * h)),
      gates: matrix(b, 4 * h, activated),
      dy: optional(choice.withY, matrix(b, h)),
      dh: matrix(b, h),
      dc: matrix(b, h),
      dx: optional(source === 'x' && choice.withDx, matrix(b, i)),
    },
    sizes: { b, i, h },
    scalars: {},
    ...sumOf(4 * h),
  };
});

export const cellCases = {
  latentCellForward,
  latentCellBackward,
  adaptiveCellForward,
  adaptiveCellBackward,
  ...partsCases,
};

/** Random cases of the cells whose products stand apart, Elman's and the GRU: every choice of operands that they allow. */
import fc from 'fast-check';
import { between, masking, matrix, result, vector, type Operand, type OpCase, type Tolerance } from './op-case.js';

const choices = fc
  .record({
    b: fc.constantFrom(1, 2, 3, 5, 13),
    h: fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 13, 19, 33),
    /** Or in inputPart. */
    biased: fc.boolean(),
    policyIh: fc.boolean(),
    policyHh: fc.boolean(),
    policyB: fc.boolean(),
    masked: fc.boolean(),
    withY: fc.boolean(),
  })
  // What is not seen cannot be scaled.
  .map((choice) => ({ ...choice, policyB: choice.policyB && choice.biased }));

type Choice = typeof choices extends fc.Arbitrary<infer Value> ? Value : never;

const optional = (present: boolean, operand: Operand) => (present ? operand : null);

/** Of a cell of n columns, all gates together. */
function parts({ b, h, biased, policyIh, policyHh, policyB, masked }: Choice, n: number) {
  return {
    inputPart: matrix(b, n),
    hiddenPart: matrix(b, n),
    bias: optional(biased, vector(n)),
    policyIh: optional(policyIh, matrix(b, n)),
    policyHh: optional(policyHh, matrix(b, n)),
    policyB: optional(policyB, matrix(b, n)),
    mask: optional(masked, matrix(b, h, masking)),
  };
}

function forward(choice: Choice, n: number) {
  const { b, h, withY } = choice;
  return { ...parts(choice, n), gates: result(b, n), y: optional(withY, result(b, h)), hNext: result(b, h) };
}

function backward(choice: Choice, n: number, gates: Operand) {
  const { b, h, policyIh, policyHh, policyB, withY } = choice;
  return {
    ...parts(choice, n),
    dpolicyIh: optional(policyIh, result(b, n)),
    dpolicyHh: optional(policyHh, result(b, n)),
    dpolicyB: optional(policyB, result(b, n)),
    gates,
    dy: optional(withY, matrix(b, h)),
    dh: matrix(b, h),
  };
}

const activated: Tolerance = { tolerance: 5e-7, magnitude: 1 };
/** In place, once a step of a scan: what comes out is far from a gate's value, and goes in again. */
const repeated: Tolerance = { tolerance: 2e-6, magnitude: 1 };

const rnnCellForward: fc.Arbitrary<OpCase<'rnnCellForward'>> = choices.map((choice) => {
  const { b, h } = choice;
  return { operands: forward(choice, h), sizes: { b, h }, scalars: {}, ...activated };
});

const rnnCellBackward: fc.Arbitrary<OpCase<'rnnCellBackward'>> = choices.map((choice) => {
  const { b, h } = choice;
  const gates = matrix(b, h, between(-0.9, 0.9));
  return { operands: backward(choice, h, gates), sizes: { b, h }, scalars: {}, ...repeated };
});

const gruCellForward: fc.Arbitrary<OpCase<'gruCellForward'>> = choices.map((choice) => {
  const { b, h } = choice;
  return { operands: { h: matrix(b, h), ...forward(choice, 3 * h) }, sizes: { b, h }, scalars: {}, ...activated };
});

/** r and u as a sigmoid gives them, n as tanh does. */
const gruCellBackward: fc.Arbitrary<OpCase<'gruCellBackward'>> = choices.map((choice) => {
  const { b, h } = choice;
  const gates = matrix(b, 3 * h, (random, i) => (i % (3 * h) < 2 * h ? random.next() : 2 * random.next() - 1));
  return { operands: { h: matrix(b, h), ...backward(choice, 3 * h, gates) }, sizes: { b, h }, scalars: {}, ...repeated };
});

export const partsCases = { rnnCellForward, rnnCellBackward, gruCellForward, gruCellBackward };

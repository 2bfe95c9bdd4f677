/** The adaptive cell with every choice of policies that is allowed, as problems for finite differences. */
import { OpProblem, type OpGradient } from './op-problem.js';

/** Where the input product comes from: x, or, when it was hoisted, inputPart, or (static) gates with the bias. */
type Source = 'x' | 'inputPart' | 'gates';

interface Choice {
  readonly source: Source;
  readonly policies: ReadonlySet<string>;
  readonly masked: boolean;
  /** Whether the output before the mask is wanted too. */
  readonly withY: boolean;
}

const [B, I, H] = [2, 3, 2];

/** What may be adapted; a policy of an operand that the call does not see cannot be. */
const allowed: Readonly<Record<Source, readonly string[]>> = {
  x: ['X', 'H', 'Ih', 'Hh', 'B'],
  inputPart: ['H', 'Ih', 'Hh', 'B'],
  gates: ['H', 'Hh'],
};

function subsets(of: readonly string[]): string[][] {
  return of.reduce<string[][]>((found, one) => [...found, ...found.map((set) => [...set, one])], [[]]);
}

export function adaptiveCells(): OpGradient[] {
  const sources: readonly Source[] = ['x', 'inputPart', 'gates'];
  return sources.flatMap((source) =>
    subsets(allowed[source]).flatMap((policies) =>
      [true, false].flatMap((masked) =>
        [true, false].map((withY) => adaptiveCell({ source, policies: new Set(policies), masked, withY })),
      ),
    ),
  );
}

function adaptiveCell({ source, policies, masked, withY }: Choice): OpGradient {
  const p = new OpProblem(10);
  const x = source === 'x' ? p.input('x', B, I) : null;
  const [h, cPrevious] = [p.input('h', B, H), p.input('cPrevious', B, H)];
  const [weightIh, weightHh, bias] = [
    p.input('weightIh', 4 * H, I),
    p.input('weightHh', 4 * H, H),
    p.input('bias', 1, 4 * H),
  ];
  const policy = (name: string, width: number) => (policies.has(name) ? p.input(`policy${name}`, B, width) : null);
  const given = {
    policyX: policy('X', I),
    policyH: policy('H', H),
    policyIh: policy('Ih', 4 * H),
    policyHh: policy('Hh', 4 * H),
    policyB: policy('B', 4 * H),
    mask: masked ? p.input('mask', B, H) : null,
  };
  const scaledX = given.policyX && p.blank('scaledX', B, I);
  const scaledH = given.policyH && p.blank('scaledH', B, H);
  // A product that nothing scales need not be kept apart: its gradient is that of the gates, unless a policy of the
  // bias scales these.
  const inputPart =
    source === 'inputPart'
      ? p.input('inputPart', B, 4 * H)
      : given.policyIh || (x && given.policyB)
        ? p.blank('inputPart', B, 4 * H)
        : null;
  const hiddenPart = given.policyHh || given.policyB ? p.blank('hiddenPart', B, 4 * H) : null;
  const gates = source === 'gates' ? p.input('gates', B, 4 * H) : p.blank('gates', B, 4 * H);
  const [c, hNext] = [p.blank('c', B, H), p.blank('hNext', B, H)];
  const y = withY ? p.blank('y', B, H) : null;
  const shared = { x, h, cPrevious, weightIh, weightHh, bias, inputPart, hiddenPart, gates, c, ...given };
  p.call('adaptiveCellForward', { ...shared, scaledX, scaledH, y, hNext }, { b: B, i: I, h: H });

  const gradients = {
    dpolicyX: given.policyX && p.gradient('policyX'),
    dpolicyH: given.policyH && p.gradient('policyH'),
    dpolicyIh: given.policyIh && p.gradient('policyIh'),
    dpolicyHh: given.policyHh && p.gradient('policyHh'),
    dpolicyB: given.policyB && p.gradient('policyB'),
    dy: y && p.seed('y'),
    dh: p.seed('hNext'),
    dc: p.seed('c'),
    dx: x && p.accumulated('x'),
  };
  p.call('adaptiveCellBackward', { ...shared, ...gradients }, { b: B, i: I, h: H });
  p.gradientIn('h', 'dhNext');
  p.gradientIn('cPrevious', 'dc');
  // What the in-place overwrites are for: the operands of the weights' gradients, or the gradient of what was hoisted.
  const outer = { m: 4 * H, k: B, accumulate: 1 };
  p.call('productTN', { a: hiddenPart ?? gates, b: scaledH ?? h, c: p.gradient('weightHh') }, { ...outer, n: H });
  if (x) p.call('productTN', { a: inputPart ?? gates, b: scaledX ?? x, c: p.gradient('weightIh') }, { ...outer, n: I });
  else p.gradientIn(source, source);
  if (source !== 'gates') p.call('columnSum', { x: gates, y: p.gradient('bias') }, { m: B, n: 4 * H });

  const details = [
    `policies: ${[...policies].join(' ') || 'none'}`,
    `from ${source}`,
    masked && 'masked',
    withY && 'y',
  ];
  return {
    name: ['adaptiveCell', ...details.filter((detail) => detail !== false)].join(', '),
    ops: ['adaptiveCellForward', 'adaptiveCellBackward'],
    problem: p.done(),
  };
}

/**
 * The cells whose products stand apart, with every choice of policies that is allowed, as problems for finite
 * differences. q is formed by a product with h, as in a model: its gradient and what the cell hands on meet in dh.
 */
import { OpProblem, type OpGradient } from './op-problem.js';

interface Choice {
  readonly cell: 'rnnCell' | 'gruCell';
  /** Whether the bias is an operand; otherwise it is in inputPart. */
  readonly biased: boolean;
  readonly policies: ReadonlySet<string>;
  readonly masked: boolean;
  /** Whether the output before the mask is wanted too. */
  readonly withY: boolean;
}

const [B, H] = [2, 3];
const gateCounts = { rnnCell: 1, gruCell: 3 } as const;
const either = [false, true];

export function cellGradients(): OpGradient[] {
  const choices: readonly string[][] = [[], ['Ih'], ['Hh'], ['Ih', 'Hh']];
  return (['rnnCell', 'gruCell'] as const).flatMap((cell) =>
    either.flatMap((biased) =>
      // What is not seen cannot be scaled.
      [...choices, ...(biased ? choices.map((chosen) => [...chosen, 'B']) : [])].flatMap((chosen) =>
        either.flatMap((masked) =>
          either.map((withY) => cellGradient({ cell, biased, policies: new Set(chosen), masked, withY })),
        ),
      ),
    ),
  );
}

function cellGradient({ cell, biased, policies, masked, withY }: Choice): OpGradient {
  const p = new OpProblem(11);
  const N = gateCounts[cell] * H;
  const [h, weightHh] = [p.input('h', B, H), p.input('weightHh', N, H)];
  const [inputPart, hiddenPart] = [p.input('inputPart', B, N), p.blank('hiddenPart', B, N)];
  const policy = (name: string) => (policies.has(name) ? p.input(`policy${name}`, B, N) : null);
  const parts = {
    inputPart,
    hiddenPart,
    bias: biased ? p.input('bias', 1, N) : null,
    policyIh: policy('Ih'),
    policyHh: policy('Hh'),
    policyB: policy('B'),
    mask: masked ? p.input('mask', B, H) : null,
    gates: p.blank('gates', B, N),
  };
  const [y, hNext] = [withY ? p.blank('y', B, H) : null, p.blank('hNext', B, H)];
  p.call('productNT', { a: h, b: weightHh, bias: null, c: hiddenPart }, { m: B, n: N, k: H, accumulate: 0 });
  if (cell === 'rnnCell') p.call('rnnCellForward', { ...parts, y, hNext }, { b: B, h: H });
  else p.call('gruCellForward', { h, ...parts, y, hNext }, { b: B, h: H });

  const dh = p.seed('hNext');
  const gradients = {
    dpolicyIh: parts.policyIh && p.gradient('policyIh'),
    dpolicyHh: parts.policyHh && p.gradient('policyHh'),
    dpolicyB: parts.policyB && p.gradient('policyB'),
    dy: y && p.seed('y'),
    dh,
  };
  if (cell === 'rnnCell') p.call('rnnCellBackward', { ...parts, ...gradients }, { b: B, h: H });
  else p.call('gruCellBackward', { h, ...parts, ...gradients }, { b: B, h: H });
  p.call('productNN', { a: hiddenPart, b: weightHh, c: dh }, { m: B, n: H, k: N, accumulate: 1 });
  p.gradientIn('h', 'dhNext');
  p.call('productTN', { a: hiddenPart, b: h, c: p.gradient('weightHh') }, { m: N, n: H, k: B, accumulate: 0 });
  p.gradientIn('inputPart', 'inputPart');
  if (biased) p.call('columnSum', { x: parts.gates, y: p.gradient('bias') }, { m: B, n: N });

  const details = [
    `policies: ${[...policies].join(' ') || 'none'}`,
    biased && 'bias apart',
    masked && 'masked',
    withY && 'y',
  ].filter((detail) => detail !== false);
  return {
    name: [cell, ...details].join(', '),
    ops: cell === 'rnnCell' ? ['rnnCellForward', 'rnnCellBackward'] : ['gruCellForward', 'gruCellBackward'],
    problem: p.done(),
  };
}

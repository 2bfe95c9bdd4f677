/** The two halves of a cell's pre-activation, each scaled by its policy, and their gradients. */
import type { Tensors } from './kernel.js';
import { factor } from './tensors.js';

type Forward = Pick<
  Tensors<'rnnCellForward'>,
  'inputPart' | 'hiddenPart' | 'bias' | 'policyIh' | 'policyHh' | 'policyB'
>;

/** Column k: p = d_ih ⊙ inputPart + d_b ⊙ b, q = d_hh ⊙ hiddenPart. */
export function partsForward(
  { inputPart, hiddenPart, bias, policyIh, policyHh, policyB }: Forward,
  row: number,
  k: number,
): { readonly p: number; readonly q: number } {
  const fromBias = bias ? factor(policyB, row, k) * bias.get(k) : 0;
  return {
    p: factor(policyIh, row, k) * inputPart.get(row, k) + fromBias,
    q: factor(policyHh, row, k) * hiddenPart.get(row, k),
  };
}

type Backward = Omit<Tensors<'rnnCellBackward'>, 'mask' | 'dy' | 'dh'>;

/** Column k, from the gradients of p and q: those of the policies, and, in place, of the parts and of the bias' row. */
export function partsBackward(
  { inputPart, hiddenPart, bias, policyIh, policyHh, policyB, dpolicyIh, dpolicyHh, dpolicyB, gates }: Backward,
  row: number,
  k: number,
  dp: number,
  dq: number,
): void {
  dpolicyIh?.set(row, k, dp * inputPart.get(row, k));
  dpolicyHh?.set(row, k, dq * hiddenPart.get(row, k));
  if (bias) dpolicyB?.set(row, k, dp * bias.get(k));
  inputPart.set(row, k, factor(policyIh, row, k) * dp);
  hiddenPart.set(row, k, factor(policyHh, row, k) * dq);
  gates.set(row, k, factor(policyB, row, k) * dp);
}

/**
 * One unit of an LSTM; the latent cell and the adaptive cell share it.
 *   i, f, o = σ(u_i), σ(u_f), σ(u_o),  g = tanh(u_g)
 *   c = f c′ + i g,  y = o tanh(c)
 */
import type { Matrix } from './tensors.js';

/** Numbers of one unit, for its four gates: activations, or what belongs to their pre-activations. */
export interface Gates {
  readonly i: number;
  readonly f: number;
  readonly g: number;
  readonly o: number;
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

export function lstmForward(
  u: Gates,
  cPrevious: number,
): { readonly gates: Gates; readonly c: number; readonly y: number } {
  const gates = { i: sigmoid(u.i), f: sigmoid(u.f), g: Math.tanh(u.g), o: sigmoid(u.o) };
  const c = gates.f * cPrevious + gates.i * gates.g;
  return { gates, c, y: gates.o * Math.tanh(c) };
}

/** From the gradients of y, and of c by way of step t + 1, to those of u and of c′. */
export function lstmBackward(
  { i, f, g, o }: Gates,
  cPrevious: number,
  c: number,
  dy: number,
  dcNext: number,
): { readonly du: Gates; readonly dcPrevious: number } {
  const squashed = Math.tanh(c);
  const dc = dcNext + dy * o * (1 - squashed ** 2);
  const du = {
    i: dc * g * (i * (1 - i)), // σ′ = σ (1 − σ)
    f: dc * cPrevious * (f * (1 - f)),
    g: dc * i * (1 - g ** 2), // tanh′ = 1 − tanh²
    o: dy * squashed * (o * (1 - o)),
  };
  return { du, dcPrevious: dc * f };
}

/** Unit `j` of `H` in a row of gates [B, 4H], which lie as i, f, g, o. */
export function readGates(gates: Pick<Matrix, 'get'>, row: number, j: number, H: number): Gates {
  return {
    i: gates.get(row, j),
    f: gates.get(row, H + j),
    g: gates.get(row, 2 * H + j),
    o: gates.get(row, 3 * H + j),
  };
}

export function writeGates(gates: Pick<Matrix, 'set'>, row: number, j: number, H: number, { i, f, g, o }: Gates): void {
  gates.set(row, j, i);
  gates.set(row, H + j, f);
  gates.set(row, 2 * H + j, g);
  gates.set(row, 3 * H + j, o);
}

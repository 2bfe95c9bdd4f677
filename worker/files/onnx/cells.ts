/**
 * The cells as ONNX graphs (docs/math/adaptive-cell.md, gru-cell.md, rnn-cell.md), one step each: from x, the state before
 * and the policies to the state after. A policy that there is not is left out of the products.
 */
import type { PolicyRows } from '../../../core/parameters.js';
import type { GraphWriter } from './graph-writer.js';

/** Names of the values in the graph; null where the adaptation has none. */
export type PolicyValues = { readonly [K in keyof PolicyRows]: string | null };

export interface CellStep {
  readonly prefix: string; // 'layers.0'
  readonly hiddenSize: number; // H
  readonly x: string; // [B, I]
  readonly policies: PolicyValues;
  readonly weight: (name: string) => string;
  /** A state of this layer as it comes in; where it goes out. */
  readonly state: (name: string) => { readonly before: string; readonly after: string };
}

/** h′ → h, the name of the latter. */
export type CellWriter = (writer: GraphWriter, step: CellStep) => string;

/** i, f, g, o = u;  c = σ(f) ⊙ c′ + σ(i) ⊙ tanh(g);  h = σ(o) ⊙ tanh(c). Used by the latent too. */
export function writeGates(writer: GraphWriter, u: string, size: number, step: Pick<CellStep, 'state'>, names: Lstm) {
  const parts = ['i', 'f', 'g', 'o'].map((gate) => `${u}.${gate}`);
  const [i = '', f = '', g = '', o = ''] = writer.split(u, [size, size, size, size], parts);
  const squashed = (type: 'Sigmoid' | 'Tanh', gate: string) => writer.call(type, [gate], `${gate}.${type}`);
  const memory = step.state(names.memory);
  const kept = writer.call('Mul', [squashed('Sigmoid', f), memory.before], `${u}.kept`);
  const added = writer.call('Mul', [squashed('Sigmoid', i), squashed('Tanh', g)], `${u}.added`);
  const c = writer.call('Add', [kept, added], memory.after);
  return writer.call('Mul', [squashed('Sigmoid', o), squashed('Tanh', c)], step.state(names.output).after);
}

interface Lstm {
  readonly output: 'h' | 'z';
  readonly memory: 'c' | 'zc';
}

const writeLstm: CellWriter = (writer, step) => {
  const u = writeSum(writer, step);
  return writeGates(writer, u, step.hiddenSize, step, { output: 'h', memory: 'c' });
};

/** h = tanh(u) */
const writeRnn: CellWriter = (writer, step) => writer.call('Tanh', [writeSum(writer, step)], step.state('h').after);

/** r = σ(p_r + q_r);  u = σ(p_u + q_u);  n = tanh(p_n + r ⊙ q_n);  h = n + u ⊙ (h′ − n) */
const writeGru: CellWriter = (writer, step) => {
  const { prefix, hiddenSize: size, state } = step;
  const parts = (whole: string) =>
    writer.split(
      whole,
      [size, size, size],
      ['r', 'u', 'n'].map((gate) => `${whole}.${gate}`),
    );
  const [pr = '', pu = '', pn = ''] = parts(inputPart(writer, step));
  const [qr = '', qu = '', qn = ''] = parts(hiddenPart(writer, step, null));
  const gate = (name: string, type: 'Sigmoid' | 'Tanh', p: string, q: string) =>
    writer.call(type, [writer.call('Add', [p, q], `${prefix}.${name}.sum`)], `${prefix}.${name}`);
  const r = gate('r', 'Sigmoid', pr, qr);
  const u = gate('u', 'Sigmoid', pu, qu);
  const n = gate('n', 'Tanh', pn, writer.call('Mul', [r, qn], `${prefix}.n.hidden`));
  const { before, after } = state('h');
  const change = writer.call('Sub', [before, n], `${prefix}.change`);
  return writer.call('Add', [n, writer.call('Mul', [u, change], `${prefix}.kept`)], after);
};

export const cellWriters = { lstm: writeLstm, gru: writeGru, rnn: writeRnn } as const;

/** u = d_ih ⊙ (W_ih (d_x ⊙ x)) + d_b ⊙ b + d_hh ⊙ (W_hh (d_h ⊙ h′)) */
function writeSum(writer: GraphWriter, step: CellStep): string {
  const ofInput = inputPart(writer, step);
  if (step.policies.hh === null) return hiddenPart(writer, step, ofInput);
  return writer.call('Add', [ofInput, hiddenPart(writer, step, null)], `${step.prefix}.gates`);
}

/** d_ih ⊙ (W_ih (d_x ⊙ x)) + d_b ⊙ b, the bias within the product where nothing scales that. */
function inputPart(writer: GraphWriter, { prefix, x, policies, weight }: CellStep): string {
  const scaled = scale(writer, x, policies.x, `${prefix}.scaledX`);
  const bias = scale(writer, weight('bias'), policies.b, `${prefix}.scaledBias`);
  if (policies.ih === null) return writer.product(scaled, weight('weight_ih'), bias, `${prefix}.inputPart`);
  const product = writer.product(scaled, weight('weight_ih'), null, `${prefix}.inputProduct`);
  const part = writer.call('Mul', [product, policies.ih], `${prefix}.scaledInput`);
  return writer.call('Add', [part, bias], `${prefix}.inputPart`);
}

/** d_hh ⊙ (W_hh (d_h ⊙ h′)) (+ `sum`) */
function hiddenPart(writer: GraphWriter, { prefix, policies, weight, state }: CellStep, sum: string | null): string {
  const scaled = scale(writer, state('h').before, policies.h, `${prefix}.scaledH`);
  const product = writer.product(scaled, weight('weight_hh'), sum, `${prefix}.hiddenProduct`);
  return scale(writer, product, policies.hh, `${prefix}.hiddenPart`);
}

function scale(writer: GraphWriter, value: string, policy: string | null, output: string): string {
  return policy === null ? value : writer.call('Mul', [value, policy], output);
}

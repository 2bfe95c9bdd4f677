/**
 * The recurrent layers in jax-js, forward only: it differentiates them. It has no scan, so the steps are unrolled.
 * Arrays are owned: a function disposes of its arguments, and `.ref` keeps one for another use.
 */
import { nn, numpy as np } from '@jax-js/jax';

export type Arrays = Record<string, np.Array>;

export interface Run {
  readonly y: np.Array; // [T·B, H]
  readonly state: Arrays;
}

/** Takes x [T·B, I] and the state; the weights are kept. */
export type Layer = (weights: Arrays, x: np.Array, state: Arrays, steps: number) => Run;

export function get(arrays: Arrays, name: string): np.Array {
  const found = arrays[name];
  if (!found) throw new TypeError(`There is no array ${name}.`);
  return found;
}

/** i, f, g, o = u;  c = σ(f) ⊙ c′ + σ(i) ⊙ tanh(g);  h = σ(o) ⊙ tanh(c). Takes both. */
function gates(u: np.Array, previous: np.Array): { readonly h: np.Array; readonly c: np.Array } {
  const [i, f, g, o] = np.split(u, 4, 1);
  if (!i || !f || !g || !o) throw new TypeError('An LSTM has four gates.');
  const c = nn
    .sigmoid(f)
    .mul(previous)
    .add(nn.sigmoid(i).mul(np.tanh(g)));
  return { h: nn.sigmoid(o).mul(np.tanh(c.ref)), c };
}

/** x [T·B, n] as T arrays [B, n]. */
function unstacked(x: np.Array, steps: number): np.Array[] {
  return np.split(x, steps, 0);
}

/** u = W_ih x + W_hh h′ + b. State: h, c. */
export const staticLayer: Layer = (weights, x, state, steps) => {
  const weight = (name: string) => get(weights, `layers.0.cell.${name}`).ref;
  const us = unstacked(np.matmul(x, weight('weight_ih').transpose()).add(weight('bias')), steps);
  const hidden = weight('weight_hh').transpose();
  const hs: np.Array[] = [];
  let [h, c] = [get(state, 'h'), get(state, 'c')];
  for (const u of us) {
    ({ h, c } = gates(u.add(np.matmul(h, hidden.ref)), c));
    hs.push(h.ref);
  }
  hidden.dispose();
  return { y: np.concatenate(hs, 0), state: { h, c } };
};

/** docs/math/README.md, one layer. State: h, c, z, zc. */
export const adaptiveLayer: Layer = (weights, x, state, steps) => {
  const weight = (name: string) => get(weights, `layers.0.${name}`).ref;
  const bias = weight('cell.bias');
  const inputSize = x.shape[1] ?? NaN;
  let [h, c, z, zc] = [get(state, 'h'), get(state, 'c'), get(state, 'z'), get(state, 'zc')];
  const hiddenSize = h.shape[1] ?? NaN;
  const [latentX, latentH] = np.split(weight('latent.weight_ih'), [inputSize], 1);
  if (!latentX || !latentH) throw new TypeError('The latent has no weights.');
  const turned = {
    ih: weight('cell.weight_ih').transpose(),
    hh: weight('cell.weight_hh').transpose(),
    policy: weight('policy.weight').transpose(),
    h: latentH.transpose(),
    z: weight('latent.weight_hh').transpose(),
  };
  // Where d_h, d_ih, d_hh and d_b begin.
  const starts = [inputSize, ...[1, 5, 9].map((hiddens) => inputSize + hiddens * hiddenSize)];
  const latents = unstacked(np.matmul(x.ref, latentX.transpose()).add(weight('latent.bias')), steps);
  const hs: np.Array[] = [];
  for (const [t, input] of unstacked(x, steps).entries()) {
    const seen = np.matmul(h.ref, turned.h.ref).add(np.matmul(z, turned.z.ref));
    const latent = latents[t];
    if (!latent) throw new RangeError(`There is no step ${t}.`);
    ({ h: z, c: zc } = gates(latent.add(seen), zc));
    const [dx, dh, dih, dhh, db] = np.split(np.tanh(np.matmul(z.ref, turned.policy.ref)), starts, 1);
    if (!dx || !dh || !dih || !dhh || !db) throw new TypeError('There are five sub-policies.');
    const inputPart = np.matmul(dx.mul(input), turned.ih.ref);
    const hiddenPart = np.matmul(dh.mul(h), turned.hh.ref);
    const u = dih.mul(inputPart).add(dhh.mul(hiddenPart)).add(db.mul(bias.ref));
    ({ h, c } = gates(u, c));
    hs.push(h.ref);
  }
  for (const each of [bias, ...Object.values(turned)]) each.dispose();
  return { y: np.concatenate(hs, 0), state: { h, c, z, zc } };
};

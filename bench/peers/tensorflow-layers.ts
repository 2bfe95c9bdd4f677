/**
 * The recurrent layers in TensorFlow.js: forward, and a gradient by hand in the order of docs/math/README.md, with every
 * weight's gradient as one product over all steps. Under automatic differentiation the backward is not called.
 */
import * as tf from '@tensorflow/tfjs-core';
import { gates, item, tanhSlope, timesTransposed, transposedTimes, type Gates } from './tensorflow-gates.js';

export type Weights = (name: string) => tf.Tensor;

/** Gradients by parameter name. */
export type Gradients = Record<string, tf.Tensor>;

/** A layer that ran over a segment. */
export interface Run {
  readonly y: tf.Tensor; // [T·B, H]
  /** After the last step. */
  readonly state: tf.Tensor[];
  /** From the gradient of y to that of x [T·B, I] and those of the weights. */
  backward(dy: tf.Tensor): { readonly dx: tf.Tensor; readonly gradients: Gradients };
}

/** x is [T·B, I]. */
export type Layer = (weights: Weights, x: tf.Tensor, state: readonly tf.Tensor[], steps: number) => Run;

/** u = W_ih x + W_hh h′ + b. State: h, c. */
export const staticLayer: Layer = (weights, x, state, steps) => {
  const [weightIh, weightHh] = [weights('layers.0.cell.weight_ih'), weights('layers.0.cell.weight_hh')];
  const us = tf.split(tf.add(timesTransposed(x, weightIh), weights('layers.0.cell.bias')), steps);
  const hidden = tf.transpose(weightHh);
  const hs = [item(state, 0)];
  const cells: Gates[] = [];
  let c = item(state, 1);
  for (const [t, u] of us.entries()) {
    const cell = gates(tf.add(u, tf.matMul(item(hs, t), hidden)), c);
    cells.push(cell);
    hs.push(cell.h);
    c = cell.c;
  }
  return {
    y: tf.concat(hs.slice(1)),
    state: [item(hs, steps), c],
    backward(dy) {
      const dys = tf.split(dy, steps);
      const dus: tf.Tensor[] = [];
      let dh = tf.zerosLike(item(hs, 0));
      let dc = tf.zerosLike(c);
      for (let t = steps - 1; t >= 0; t--) {
        const back = item(cells, t).backward(tf.add(dh, item(dys, t)), dc);
        dus.unshift(back.du);
        dh = tf.matMul(back.du, weightHh);
        dc = back.dc;
      }
      const du = tf.concat(dus);
      return {
        dx: tf.matMul(du, weightIh),
        gradients: {
          'layers.0.cell.weight_ih': transposedTimes(du, x),
          'layers.0.cell.weight_hh': transposedTimes(du, tf.concat(hs.slice(0, -1))),
          'layers.0.cell.bias': tf.sum(du, 0),
        },
      };
    },
  };
};

/** One step of the adaptive layer, with what its gradient needs. */
interface Step {
  readonly latent: Gates; // z, zc
  readonly cell: Gates;
  readonly d: tf.Tensor; // [B, P]
  /** d_x, d_h, d_ih, d_hh, d_b. */
  readonly parts: readonly tf.Tensor[];
  readonly scaledX: tf.Tensor; // d_x ⊙ x
  readonly scaledH: tf.Tensor; // d_h ⊙ h′
  readonly inputPart: tf.Tensor; // W_ih (d_x ⊙ x)
  readonly hiddenPart: tf.Tensor; // W_hh (d_h ⊙ h′)
}

/** docs/math/README.md, one layer. State: h, c, z, zc. */
export const adaptiveLayer: Layer = (weights, x, state, steps) => {
  const weight = (name: string) => weights(`layers.0.${name}`);
  const [weightIh, weightHh, bias] = [weight('cell.weight_ih'), weight('cell.weight_hh'), weight('cell.bias')];
  const [inputSize, hiddenSize] = [item(weightIh.shape, 1), item(weightHh.shape, 1)];
  const policy = weight('policy.weight');
  const [latentX, latentH] = tf.split(weight('latent.weight_ih'), [inputSize, hiddenSize], 1);
  if (!latentX || !latentH) throw new TypeError('The latent has no weights.');
  const latentZ = weight('latent.weight_hh');
  const sizes = [inputSize, hiddenSize, 4 * hiddenSize, 4 * hiddenSize, 4 * hiddenSize];
  const turned = [weightIh, weightHh, policy, latentH, latentZ].map((each) => tf.transpose(each));

  const xs = tf.split(x, steps);
  const latents = tf.split(tf.add(timesTransposed(x, latentX), weight('latent.bias')), steps);
  const hs = [item(state, 0)];
  const zs = [item(state, 2)];
  const ran: Step[] = [];
  let [c, zc] = [item(state, 1), item(state, 3)];
  for (const [t, input] of xs.entries()) {
    const h = item(hs, t);
    const seen = tf.add(tf.matMul(h, item(turned, 3)), tf.matMul(item(zs, t), item(turned, 4)));
    const latent = gates(tf.add(item(latents, t), seen), zc);
    const d = tf.tanh(tf.matMul(latent.h, item(turned, 2)));
    const parts = tf.split(d, sizes, 1);
    const [scaledX, scaledH] = [tf.mul(item(parts, 0), input), tf.mul(item(parts, 1), h)];
    const [inputPart, hiddenPart] = [tf.matMul(scaledX, item(turned, 0)), tf.matMul(scaledH, item(turned, 1))];
    const adapted = tf.add(tf.mul(item(parts, 2), inputPart), tf.mul(item(parts, 3), hiddenPart));
    const cell = gates(tf.add(adapted, tf.mul(item(parts, 4), bias)), c);
    ran.push({ latent, cell, d, parts, scaledX, scaledH, inputPart, hiddenPart });
    hs.push(cell.h);
    zs.push(latent.h);
    [c, zc] = [cell.c, latent.c];
  }
  return {
    y: tf.concat(hs.slice(1)),
    state: [item(hs, steps), c, item(zs, steps), zc],
    backward(dy) {
      const dys = tf.split(dy, steps);
      // Of all steps, first to last.
      const stacks: Record<'inputPart' | 'hiddenPart' | 'bias' | 'policy' | 'latent' | 'x', tf.Tensor[]> = {
        inputPart: [],
        hiddenPart: [],
        bias: [],
        policy: [],
        latent: [],
        x: [],
      };
      let [dh, dc] = [tf.zerosLike(item(hs, 0)), tf.zerosLike(c)];
      let [dz, dzc] = [tf.zerosLike(item(zs, 0)), tf.zerosLike(zc)];
      for (let t = steps - 1; t >= 0; t--) {
        const { latent, cell, d, parts, inputPart, hiddenPart } = item(ran, t);
        const outer = cell.backward(tf.add(dh, item(dys, t)), dc);
        const { du } = outer;
        const [dinput, dhidden] = [tf.mul(du, item(parts, 2)), tf.mul(du, item(parts, 3))];
        const [dscaledX, dscaledH] = [tf.matMul(dinput, weightIh), tf.matMul(dhidden, weightHh)];
        const dd = [
          tf.mul(dscaledX, item(xs, t)),
          tf.mul(dscaledH, item(hs, t)),
          tf.mul(du, inputPart),
          tf.mul(du, hiddenPart),
          tf.mul(du, bias),
        ];
        const dpolicy = tf.mul(tf.concat(dd, 1), tanhSlope(d));
        const inner = latent.backward(tf.add(dz, tf.matMul(dpolicy, policy)), dzc);
        stacks.inputPart.unshift(dinput);
        stacks.hiddenPart.unshift(dhidden);
        stacks.bias.unshift(tf.mul(du, item(parts, 4)));
        stacks.policy.unshift(dpolicy);
        stacks.latent.unshift(inner.du);
        stacks.x.unshift(tf.mul(dscaledX, item(parts, 0)));
        dh = tf.add(tf.mul(dscaledH, item(parts, 1)), tf.matMul(inner.du, latentH));
        dz = tf.matMul(inner.du, latentZ);
        [dc, dzc] = [outer.dc, inner.dc];
      }
      const dlatent = tf.concat(stacks.latent);
      const all = (key: 'scaledX' | 'scaledH') => tf.concat(ran.map((step) => step[key]));
      return {
        dx: tf.add(tf.concat(stacks.x), tf.matMul(dlatent, latentX)),
        gradients: {
          'layers.0.cell.weight_ih': transposedTimes(tf.concat(stacks.inputPart), all('scaledX')),
          'layers.0.cell.weight_hh': transposedTimes(tf.concat(stacks.hiddenPart), all('scaledH')),
          'layers.0.cell.bias': tf.sum(tf.concat(stacks.bias), 0),
          'layers.0.policy.weight': transposedTimes(tf.concat(stacks.policy), tf.concat(zs.slice(1))),
          'layers.0.latent.weight_ih': transposedTimes(dlatent, tf.concat([x, tf.concat(hs.slice(0, -1))], 1)),
          'layers.0.latent.weight_hh': transposedTimes(dlatent, tf.concat(zs.slice(0, -1))),
          'layers.0.latent.bias': tf.sum(dlatent, 0),
        },
      };
    },
  };
};

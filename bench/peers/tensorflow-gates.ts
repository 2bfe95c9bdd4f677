/** The gates of an LSTM in TensorFlow.js, with their gradient. */
import * as tf from '@tensorflow/tfjs-core';

export interface Gates {
  readonly h: tf.Tensor; // [B, H]
  readonly c: tf.Tensor; // [B, H]
  /** From the gradients of h and c to those of u [B, 4H] and of c′. */
  backward(dh: tf.Tensor, dc: tf.Tensor): { readonly du: tf.Tensor; readonly dc: tf.Tensor };
}

/** i, f, g, o = u;  c = σ(f) ⊙ c′ + σ(i) ⊙ tanh(g);  h = σ(o) ⊙ tanh(c). */
export function gates(u: tf.Tensor, previous: tf.Tensor): Gates {
  const parts = tf.split(u, 4, 1);
  const [i, f, o] = [tf.sigmoid(item(parts, 0)), tf.sigmoid(item(parts, 1)), tf.sigmoid(item(parts, 3))];
  const g = tf.tanh(item(parts, 2));
  const c = tf.add(tf.mul(f, previous), tf.mul(i, g));
  const squashed = tf.tanh(c);
  return {
    h: tf.mul(o, squashed),
    c,
    backward(dh, dcNext) {
      const dc = tf.add(dcNext, tf.mul(tf.mul(dh, o), tanhSlope(squashed)));
      const du = tf.concat(
        [
          tf.mul(tf.mul(dc, g), sigmoidSlope(i)),
          tf.mul(tf.mul(dc, previous), sigmoidSlope(f)),
          tf.mul(tf.mul(dc, i), tanhSlope(g)),
          tf.mul(tf.mul(dh, squashed), sigmoidSlope(o)),
        ],
        1,
      );
      return { du, dc: tf.mul(dc, f) };
    },
  };
}

function sigmoidSlope(y: tf.Tensor): tf.Tensor {
  return tf.mul(y, tf.sub(1, y));
}

export function tanhSlope(y: tf.Tensor): tf.Tensor {
  return tf.sub(1, tf.square(y));
}

/** An element that is there. */
export function item<T>(items: readonly T[], index: number): T {
  const found = items[index];
  if (found === undefined) throw new RangeError(`There is no item ${index} of ${items.length}.`);
  return found;
}

/**
 * a · bᵀ and aᵀ · b. A product that is told to transpose runs several times slower on this backend than one whose
 * operand was transposed before: only the plain one goes to its fast library.
 */
export function timesTransposed(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.matMul(a, tf.transpose(b));
}

export function transposedTimes(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.matMul(tf.transpose(a), b);
}

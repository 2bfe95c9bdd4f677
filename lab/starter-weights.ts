/**
 * Initial weights as TensorFlow's starter code for MNIST has them: from a normal distribution with a deviation of 0.1, drawn
 * again beyond two deviations, and biases of 0.1. What is semi-orthogonal stays so.
 */
import type { ParameterLayout } from '../core/layout.js';
import { Random } from '../core/random.js';
import { initialise } from '../model/initialise.js';
import { streams } from './streams.js';

const deviation = 0.1;
const furthest = 2;

/** Fills `into`, a flat buffer of a feed-forward net's layout. */
export function starterWeights(layout: ParameterLayout, seed: number, into: Float32Array): void {
  initialise(layout, seed, into);
  layout.entries.forEach(({ name, offset, size }, index) => {
    const values = into.subarray(offset, offset + size);
    if (name.endsWith('bias')) values.fill(deviation);
    else if (!/weight_(in|out)$/.test(name)) fillTruncated(values, new Random(seed, streams.weights, index));
  });
}

function fillTruncated(values: Float32Array, random: Random): void {
  for (let i = 0; i < values.length; i++) {
    let drawn = random.nextNormal();
    while (Math.abs(drawn) > furthest) drawn = random.nextNormal();
    values[i] = deviation * drawn;
  }
}

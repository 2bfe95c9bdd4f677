/** Initial weights of feed-forward layers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFeedForwardConfig } from '../../core/feed-forward-config.js';
import { feedForwardLayout } from '../../core/feed-forward-parameters.js';
import { initialise } from '../../model/initialise.js';

const layout = feedForwardLayout(
  parseFeedForwardConfig({
    inputSize: 25,
    layers: [
      { outputSize: 100, adaptation: 'io', policy: 'feed-forward', policyHiddenSize: 64 },
      { outputSize: 40, adaptation: 'sva', rank: 20 },
    ],
  }),
);
const flat = new Float32Array(layout.length);
initialise(layout, 1, flat);

function parameter(name: string): Float32Array {
  const { offset, size } = layout.entry(name);
  return flat.subarray(offset, offset + size);
}

test('weights, biases and policies keep to 1/√I and fill it', () => {
  const inputs = {
    'layers.0.weight': 25,
    'layers.0.bias': 25,
    'layers.0.policy.hidden.weight': 25,
    'layers.0.policy.hidden.bias': 25,
    'layers.0.policy.weight': 64,
    'layers.1.policy.weight': 100,
    'layers.1.bias': 100,
  };
  for (const [name, width] of Object.entries(inputs)) {
    const largest = Math.max(...parameter(name).map(Math.abs));
    const bound = 1 / Math.sqrt(width);
    assert.ok(largest <= bound && largest > 0.85 * bound, `${name}: ${largest} of ${bound}`);
  }
});

test('the two matrices of singular value adaptation are semi-orthogonal', () => {
  for (const name of ['layers.1.weight_in', 'layers.1.weight_out']) {
    const [rows = 0, columns = 0] = layout.entry(name).shape;
    const weight = parameter(name);
    const vector = (k: number) =>
      Array.from(
        { length: Math.max(rows, columns) },
        (_, i) => weight[rows > columns ? i * columns + k : k * columns + i],
      );
    for (let i = 0; i < Math.min(rows, columns); i++) {
      for (let j = 0; j <= i; j++) {
        const product = vector(i).reduce<number>((sum, x, at) => sum + (x ?? NaN) * (vector(j)[at] ?? NaN), 0);
        assert.ok(Math.abs(product - (i === j ? 1 : 0)) < 1e-6, `${name}: ${i} · ${j} is ${product}`);
      }
    }
  }
});

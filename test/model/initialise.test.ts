import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelConfig } from '../../core/config.js';
import { initialise } from '../../model/initialise.js';
import { languageModelLayout } from '../../core/parameters.js';

const config: ModelConfig = {
  cell: 'lstm',
  adaptation: 'io',
  latent: 'recurrent',
  vocabularySize: 31,
  embeddingSize: 12,
  hiddenSizes: [20, 12],
  latentSize: 9,
  tiedDecoder: false,
};
const layout = languageModelLayout(config);

function parameter(flat: Float32Array, name: string): Float32Array {
  const { offset, size } = layout.entry(name);
  return flat.subarray(offset, offset + size);
}

function initialised(seed: number): Float32Array {
  const flat = new Float32Array(layout.length);
  initialise(layout, seed, flat);
  return flat;
}

test('cell weights are semi-orthogonal', () => {
  const flat = initialised(1);
  for (const name of ['layers.0.cell.weight_ih', 'layers.1.cell.weight_hh']) {
    const [rows = 0, columns = 0] = layout.entry(name).shape;
    const weight = parameter(flat, name);
    for (let a = 0; a < columns; a++) {
      for (let b = 0; b < columns; b++) {
        let dot = 0;
        for (let i = 0; i < rows; i++) dot += (weight[i * columns + a] ?? NaN) * (weight[i * columns + b] ?? NaN);
        assert.ok(Math.abs(dot - (a === b ? 1 : 0)) < 1e-6, `${name}: columns ${a}, ${b}: ${dot}`);
      }
    }
  }
});

test('biases are zero, but one for the forget gate', () => {
  const bias = parameter(initialised(1), 'layers.0.cell.bias');
  assert.deepEqual(
    [...bias],
    Array.from({ length: 80 }, (_, i) => (i >= 20 && i < 40 ? 1 : 0)),
  );
  const latent = parameter(initialised(1), 'layers.1.latent.bias');
  assert.equal(
    latent.subarray(9, 18).every((value) => value === 1),
    true,
  );
  assert.equal(
    parameter(initialised(1), 'decoder.bias').every((value) => value === 0),
    true,
  );
});

test('uniform weights keep to their bounds and fill them', () => {
  const flat = initialised(1);
  const bounds = { 'policy.weight': 1 / 3, 'latent.weight_ih': 1 / 3, 'latent.weight_hh': 1 / 3 };
  for (const [name, bound] of Object.entries(bounds)) {
    const largest = Math.max(...parameter(flat, `layers.1.${name}`).map(Math.abs));
    assert.ok(largest <= bound && largest > 0.95 * bound, `${name}: ${largest} of ${bound}`);
  }
  const largest = Math.max(...parameter(flat, 'embedding.weight').map(Math.abs));
  assert.ok(largest <= 0.1 && largest > 0.095);
});

test('same seed, same bits; other seed, other weights', () => {
  assert.deepEqual(initialised(3), initialised(3));
  assert.notDeepEqual(initialised(3), initialised(4));
});

test('no two parameters share their numbers', () => {
  const flat = initialised(1);
  const first = parameter(flat, 'layers.0.latent.weight_hh');
  const second = parameter(flat, 'layers.1.latent.weight_hh');
  assert.notDeepEqual(first, second);
});

test('only an LSTM has a forget gate, and a latent without memory starts within 1/√A', () => {
  const other = languageModelLayout({ ...config, cell: 'gru', latent: 'linear' });
  const flat = new Float32Array(other.length);
  initialise(other, 1, flat);
  const values = (name: string) => {
    const { offset, size } = other.entry(name);
    return flat.subarray(offset, offset + size);
  };
  for (const name of ['layers.0.cell.bias', 'layers.1.latent.bias']) {
    assert.ok(
      values(name).every((value) => value === 0),
      name,
    );
  }
  const largest = Math.max(...values('layers.1.latent.weight').map(Math.abs));
  assert.ok(largest <= 1 / 3 && largest > 0.95 / 3);
});

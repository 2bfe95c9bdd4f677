import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onnxModel } from '../../bench/peers/onnx-graph.js';
import { tokenModel } from '../../bench/peers/onnx-model.js';
import { parseModelConfig } from '../../core/config.js';
import { languageModelLayout } from '../../core/parameters.js';

/** Whether `part` occurs in `whole`, and where. */
function find(whole: Uint8Array, part: Float32Array): number {
  return Buffer.from(whole).indexOf(Buffer.from(part.buffer, part.byteOffset, part.byteLength));
}

test("the gates are put into ONNX's order, and the decoder is transposed", () => {
  const config = parseModelConfig({
    cell: 'lstm',
    adaptation: 'static',
    latent: 'recurrent',
    vocabularySize: 5,
    embeddingSize: 2,
    hiddenSizes: [3, 2],
    latentSize: 1,
    tiedDecoder: true,
  });
  const layout = languageModelLayout(config);
  const parameters = Float32Array.from({ length: layout.length }, (_, i) => i + 0.5);
  const { model, states } = tokenModel(config, layout, parameters);
  assert.deepEqual(
    states.map(({ name, shape }) => [name, shape]),
    [
      ['h0', [1, 1, 3]],
      ['c0', [1, 1, 3]],
      ['h1', [1, 1, 2]],
      ['c1', [1, 1, 2]],
    ],
  );
  const { offset } = layout.entry('layers.1.cell.weight_ih'); // [8, 3]: i, f, g, o of two rows each
  const gate = (index: number) => Array.from(parameters.subarray(offset + 6 * index, offset + 6 * (index + 1)));
  assert.notEqual(find(model, Float32Array.from([0, 3, 1, 2].flatMap(gate))), -1, 'i, o, f, c');
  const table = layout.entry('embedding.weight');
  const column = (index: number) =>
    Array.from({ length: 5 }, (_, row) => parameters[table.offset + 2 * row + index] ?? NaN);
  assert.notEqual(find(model, Float32Array.from([...column(0), ...column(1)])), -1, 'the decoder [H, V]');
});

test('a constant whose shape does not fit is refused', () => {
  const constants = [{ name: 'W', shape: [2, 2], values: new Float32Array(3) }];
  assert.throws(() => onnxModel({ nodes: [], constants, inputs: [], outputs: [] }), /W: expected 4 elements, got 3/);
});

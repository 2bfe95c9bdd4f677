/** Model files of any configuration and tokenizer: what is written is read, in every precision, and again the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { languageModelLayout } from '../../core/parameters.js';
import { importModel } from '../../worker/files/exchange.js';
import { decodeModelFile, encodeModelFile } from '../../worker/files/model-file.js';
import { encodeOnnx } from '../../worker/files/onnx/onnx-file.js';
import { encodePyTorch } from '../../worker/files/pytorch/export-pytorch.js';
import { readSafetensors } from '../../worker/files/safetensors.js';
import { anyModel } from './any-model.js';

const largest = 3.4e38;

test('32 bits: everything comes back as it was', () => {
  fc.assert(
    fc.property(anyModel(largest), (model) => {
      assert.deepEqual(decodeModelFile(encodeModelFile(model)), { ...model, precision: 'f32' });
    }),
  );
});

test('16 bits: each weight to half a unit in its last place; written again, the same bytes', () => {
  fc.assert(
    fc.property(anyModel(65_000), (model) => {
      const file = encodeModelFile({ ...model, precision: 'f16' });
      const read = decodeModelFile(file);
      assert.deepEqual({ ...read, parameters: 0 }, { ...model, precision: 'f16', parameters: 0 });
      read.parameters.forEach((weight, i) => {
        const original = model.parameters[i] ?? NaN;
        assert.ok(Math.abs(weight - original) <= Math.max(Math.abs(original) * 2 ** -11, 2 ** -25), `${weight}`);
      });
      assert.deepEqual(new Uint8Array(encodeModelFile(read)), new Uint8Array(file));
    }),
  );
});

test('8 bits: each weight to half a step of its row; written again, the same bytes', () => {
  fc.assert(
    fc.property(anyModel(1e38), (model) => {
      const file = encodeModelFile({ ...model, precision: 'int8' });
      const read = decodeModelFile(file);
      assert.equal(read.precision, 'int8');
      for (const { shape, offset, size } of languageModelLayout(model.config).entries) {
        const columns = shape.length === 2 ? (shape[1] ?? 1) : size;
        for (let row = offset; row < offset + size; row += columns) {
          const [before, after] = [model.parameters, read.parameters].map((all) => all.subarray(row, row + columns));
          const most = before?.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0) ?? 0;
          // A scale is cut to 17 bits, so a step is a little less than most / 127; and never below the normal numbers.
          const step = shape.length === 2 ? Math.max((most / 127) * (0.5 + 2 ** -9), 2 ** -127) : 0;
          before?.forEach((weight, i) =>
            assert.ok(Math.abs(weight - (after?.[i] ?? NaN)) <= step, `${weight} ${after?.[i]}`),
          );
        }
      }
      assert.deepEqual(new Uint8Array(encodeModelFile(read)), new Uint8Array(file));
    }),
  );
});

test('other tools: a state dict comes back as it was, and ONNX holds every model', () => {
  fc.assert(
    fc.property(anyModel(largest), (model) => {
      assert.deepEqual(importModel(readSafetensors(encodePyTorch(model))), { ...model, precision: 'f32' });
      assert.ok(encodeOnnx(model).byteLength > 4 * languageModelLayout(model.config).count);
    }),
  );
});

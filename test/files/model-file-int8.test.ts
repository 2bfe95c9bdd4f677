/** Model files in 8 bits: what is in them, that nothing is lost the second time, and files that hold what is no weight. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ModelConfig } from '../../core/config.js';
import { AdaptiveError } from '../../core/errors.js';
import { precisions, type Precision } from '../../core/precision.js';
import { presetConfig } from '../../core/presets.js';
import { Random } from '../../core/random.js';
import type { TokenizerSpec } from '../../core/tokenizer.js';
import { initialise } from '../../model/initialise.js';
import { languageModelLayout } from '../../core/parameters.js';
import { decodeModelFile, encodeModelFile, type ModelFileContent } from '../../worker/files/model-file.js';
import { readSafetensors, writeSafetensors, type Tensor } from '../../worker/files/safetensors.js';
import { asFloat32, float16Tensor, float32Tensor } from '../../worker/files/tensor.js';
import { refuses } from './refuses.js';

const tokenizer: TokenizerSpec = { kind: 'characters', alphabet: 'abcdefg\n' };
const config: ModelConfig = {
  cell: 'lstm',
  adaptation: 'io',
  latent: 'recurrent',
  vocabularySize: 9,
  embeddingSize: 3,
  hiddenSizes: [5, 4],
  latentSize: 2,
  tiedDecoder: false,
};

/** Weights of all magnitudes, with a row of zeros. */
function content(): ModelFileContent {
  const layout = languageModelLayout(config);
  const parameters = new Float32Array(layout.length);
  const random = new Random(1, 0);
  for (const { offset, size } of layout.entries) {
    for (let i = 0; i < size; i++) parameters[offset + i] = 10 ** (4 * random.next() - 3) * (2 * random.next() - 1);
  }
  const { offset } = layout.entry('layers.0.policy.weight');
  parameters.fill(0, offset, offset + config.latentSize);
  return { config, tokenizer, parameters, title: 'Small', validationLoss: 1.5, precision: 'int8' };
}

const file = (precision: Precision = 'int8') => encodeModelFile({ ...content(), precision });

/** The file with each of its tensors mapped. */
function mapped(change: (tensor: Tensor) => readonly Tensor[], precision?: Precision): ArrayBuffer {
  const { metadata, tensors } = readSafetensors(file(precision));
  return writeSafetensors({ metadata, tensors: [...tensors.values()].flatMap(change) });
}

const withTensor = (name: string, replace: (tensor: Tensor) => readonly Tensor[]) =>
  mapped((tensor) => (tensor.name === name ? replace(tensor) : [tensor]));

test('matrices are I8 with a scale for each row, vectors F32', () => {
  const { tensors } = readSafetensors(file());
  const { entries } = languageModelLayout(config);
  for (const { name, shape } of entries) {
    const isMatrix = shape.length === 2;
    assert.deepEqual([tensors.get(name)?.dtype, tensors.get(name)?.shape], [isMatrix ? 'I8' : 'F32', shape]);
    const scale = tensors.get(`${name}.scale`);
    assert.deepEqual(scale && [scale.dtype, scale.shape], isMatrix ? ['F32', [shape[0]]] : undefined);
  }
  const scales = tensors.get('layers.0.policy.weight.scale');
  assert.ok(scales);
  assert.equal(asFloat32(scales)[0], 0, 'a row of zeros');
});

test('every weight is within half a scale; what was read and is stored again has the same bytes', () => {
  const { parameters } = content();
  const bytes = file();
  const read = decodeModelFile(bytes);
  assert.equal(read.precision, 'int8');
  assert.deepEqual([read.title, read.validationLoss, read.config], ['Small', 1.5, config]);
  for (const { name, shape, offset, size } of languageModelLayout(config).entries) {
    const [rows = 0, columns = 0] = shape;
    for (let i = 0; i < size; i++) {
      const row = parameters.subarray(offset + columns * Math.floor(i / columns), offset + size).subarray(0, columns);
      const largest = row.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
      const allowed = shape.length === 2 ? largest / 254 : 0;
      const error = Math.abs((read.parameters[offset + i] ?? NaN) - (parameters[offset + i] ?? NaN));
      assert.ok(error <= allowed, `${name} of ${rows} rows: element ${i} is off by ${error}`);
    }
  }
  assert.deepEqual(new Uint8Array(encodeModelFile(read)), new Uint8Array(bytes));
  const exact = decodeModelFile(encodeModelFile({ ...read, precision: 'f32' }));
  assert.deepEqual(exact.parameters, read.parameters);
  assert.deepEqual(new Uint8Array(encodeModelFile({ ...exact, precision: 'int8' })), new Uint8Array(bytes));
});

test('a file says which precision it has; a mixture is as precise as its most precise part', () => {
  for (const precision of precisions) assert.equal(decodeModelFile(file(precision)).precision, precision);
  const half = (tensor: Tensor) =>
    tensor.dtype === 'F32' && !tensor.name.endsWith('.scale')
      ? [float16Tensor(tensor.name, tensor.shape, asFloat32(tensor))]
      : [tensor];
  assert.equal(decodeModelFile(mapped(half)).precision, 'int8');
  const { tensors } = readSafetensors(file('f32'));
  const one = mapped((tensor) => {
    if (tensor.name === 'decoder.weight.scale') return [];
    return tensor.name === 'decoder.weight' ? [tensors.get(tensor.name) ?? tensor] : [tensor];
  });
  assert.equal(decodeModelFile(one).precision, 'f32');
  assert.equal(
    decodeModelFile(mapped((tensor) => (tensor.name === 'decoder.weight' ? half(tensor) : [tensor]), 'f32')).precision,
    'f32',
  );
});

test('models of ordinary size are at least three and a half times smaller', () => {
  const alphabet = Array.from({ length: 65 }, (_, i) => String.fromCharCode(0x100 + i)).join('');
  const spec: TokenizerSpec = { kind: 'characters', alphabet };
  const medium = presetConfig('medium', 66);
  const layout = languageModelLayout(medium);
  const parameters = new Float32Array(layout.length);
  initialise(layout, 1, parameters);
  const model = { config: medium, tokenizer: spec, parameters, title: '', validationLoss: null };
  const [f32, int8] = (['f32', 'int8'] as const).map(
    (precision) => encodeModelFile({ ...model, precision }).byteLength,
  );
  assert.ok((f32 ?? 0) / (int8 ?? Infinity) >= 3.5, `${f32} and ${int8} bytes`);
});

const weight = 'layers.0.cell.weight_ih'; // [20, 3]
const scaleOf = (values: Float32Array) => float32Tensor(`${weight}.scale`, [values.length], values);

test('scales that are missing, misshapen or no scales', () => {
  const decode = (replace: (tensor: Tensor) => readonly Tensor[]) => () =>
    decodeModelFile(withTensor(`${weight}.scale`, replace));
  refuses(
    decode(() => []),
    'model-file',
    'lacks',
    `"${weight}.scale"`,
  );
  refuses(
    decode(() => [scaleOf(new Float32Array(19))]),
    'model-file',
    `"${weight}.scale"`,
    'the shape 20',
    'has 19',
  );
  refuses(
    decode(() => [float32Tensor(`${weight}.scale`, [20, 1], new Float32Array(20))]),
    'model-file',
    '20 × 1',
  );
  refuses(
    decode(({ name }) => [float16Tensor(name, [20], new Float32Array(20))]),
    'model-file',
    'stored as F32,',
    'F16',
  );
  for (const bad of [NaN, -1, Infinity, -Infinity, -1e-45]) {
    const values = new Float32Array(20).fill(0.01);
    values[7] = bad;
    refuses(
      decode(() => [scaleOf(values)]),
      'model-file',
      `"${weight}.scale"`,
      'element 7',
      'a number from 0',
    );
  }
  refuses(
    decode(() => [scaleOf(new Float32Array(20).fill(3e38))]),
    'model-file',
    `"${weight}"`,
    'not finite',
  );
});

test('whole numbers that are none of ours, and tensors where they do not belong', () => {
  const low = withTensor(weight, ({ data, ...tensor }) => {
    const whole = data.slice();
    whole[11] = 0x80;
    return [{ ...tensor, data: whole }];
  });
  refuses(() => decodeModelFile(low), 'model-file', `"${weight}"`, 'element 11 is -128', '-127 to 127');
  const shape = withTensor(weight, (tensor) => [{ ...tensor, shape: [3, 20] }]);
  refuses(() => decodeModelFile(shape), 'model-file', `"${weight}"`, '20 × 3', 'has 3 × 20');
  const vector = withTensor('decoder.bias', ({ name, shape }) => [
    { name, dtype: 'I8', shape, data: new Uint8Array(9) },
  ]);
  refuses(() => decodeModelFile(vector), 'model-file', '"decoder.bias"', 'F32 or F16', 'is I8');
  const unsigned = withTensor(weight, (tensor) => [{ ...tensor, dtype: 'U8' }]);
  refuses(() => decodeModelFile(unsigned), 'model-file', `"${weight}"`, 'I8', 'is U8');
  const stray = mapped(
    (tensor) => (tensor.name === weight ? [tensor, scaleOf(new Float32Array(20))] : [tensor]),
    'f32',
  );
  refuses(() => decodeModelFile(stray), 'model-file', `"${weight}.scale"`, 'does not have');
});

test('random damage gives a model or an AdaptiveError, and never NaN weights', () => {
  const sound = new Uint8Array(file());
  const byte = fc.record({ at: fc.nat({ max: sound.length - 1 }), value: fc.nat({ max: 255 }) });
  fc.assert(
    fc.property(fc.array(byte, { minLength: 1, maxLength: 4 }), (damage) => {
      const bytes = sound.slice();
      for (const { at, value } of damage) bytes[at] = value;
      try {
        assert.ok(decodeModelFile(bytes).parameters.every(Number.isFinite));
      } catch (error) {
        if (!(error instanceof AdaptiveError && ['model-file', 'model-config'].includes(error.code))) throw error;
      }
    }),
    { seed: 1, numRuns: 1500 },
  );
});

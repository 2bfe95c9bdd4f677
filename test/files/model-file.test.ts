/** The project's model file: round trips, and every way in which a file can be no model. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ModelConfig } from '../../core/config.js';
import { AdaptiveError } from '../../core/errors.js';
import type { TokenizerSpec } from '../../core/tokenizer.js';
import { languageModelLayout } from '../../core/parameters.js';
import { decodeModelFile, encodeModelFile, type ModelFileContent } from '../../worker/files/model-file.js';
import { readSafetensors, writeSafetensors, type Tensor } from '../../worker/files/safetensors.js';
import { float16Tensor, float32Tensor } from '../../worker/files/tensor.js';
import { latin1 } from './raw.js';
import { refuses } from './refuses.js';

const tokenizer: TokenizerSpec = { kind: 'characters', alphabet: 'ab \n"\\é😀' };
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

/** Weights that differ everywhere, with zeros in the gaps, as a session keeps them. */
function weights(config: ModelConfig): Float32Array {
  const layout = languageModelLayout(config);
  const parameters = new Float32Array(layout.length);
  for (const { offset, size } of layout.entries) {
    for (let i = 0; i < size; i++) parameters[offset + i] = Math.sin(offset + i);
  }
  return parameters;
}

const content: ModelFileContent = {
  config,
  tokenizer,
  parameters: weights(config),
  title: 'A “small” model\n😀',
  validationLoss: 1.5123456789012345,
  training: { steps: 1200, corpus: 'Shakespeare', seeds: [1, 2] },
};

/** The file of `content` with metadata changed (undefined: left out) and tensors mapped. */
function changed(
  metadata: Readonly<Record<string, string | undefined>>,
  tensors: (tensor: Tensor) => readonly Tensor[] = (tensor) => [tensor],
): ArrayBuffer {
  const file = readSafetensors(encodeModelFile(content));
  const entries = Object.entries({ ...file.metadata, ...metadata }).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  return writeSafetensors({
    metadata: Object.fromEntries(entries),
    tensors: [...file.tensors.values()].flatMap(tensors),
  });
}

/** `content`'s file with its tensor `name` replaced. */
function withTensor(name: string, replace: (tensor: Tensor) => readonly Tensor[]): ArrayBuffer {
  return changed({}, (tensor) => (tensor.name === name ? replace(tensor) : [tensor]));
}

test('a model is read back as it was written', () => {
  assert.deepEqual(decodeModelFile(encodeModelFile(content)), { ...content, precision: 'f32' });
});

test('the file is what its description says', () => {
  const { metadata, tensors } = readSafetensors(encodeModelFile(content));
  assert.equal(metadata['format'], 'adaptive-lm');
  assert.equal(metadata['version'], '1');
  assert.deepEqual(JSON.parse(metadata['config'] ?? ''), config);
  assert.deepEqual(JSON.parse(metadata['tokenizer'] ?? ''), tokenizer);
  const layout = languageModelLayout(config);
  assert.deepEqual([...tensors.keys()].sort(), layout.entries.map(({ name }) => name).sort());
  for (const { name, shape } of layout.entries)
    assert.deepEqual([tensors.get(name)?.shape, tensors.get(name)?.dtype], [shape, 'F32']);
  const bare = readSafetensors(encodeModelFile({ ...content, validationLoss: null, training: null })).metadata;
  assert.ok(!('validationLoss' in bare) && !('training' in bare));
});

test('the same model gives the same bytes', () => {
  assert.deepEqual(new Uint8Array(encodeModelFile(content)), new Uint8Array(encodeModelFile({ ...content })));
});

test('16-bit storage halves the weights and rounds each to nearest', () => {
  const file = encodeModelFile({ ...content, precision: 'f16' });
  assert.ok([...readSafetensors(file).tensors.values()].every(({ dtype }) => dtype === 'F16'));
  const { parameters, precision } = decodeModelFile(file);
  assert.equal(precision, 'f16');
  assert.equal(parameters.length, content.parameters.length);
  parameters.forEach((weight, i) => {
    const original = content.parameters[i] ?? NaN;
    assert.ok(Math.abs(weight - original) <= Math.abs(original) * 2 ** -11 + 2 ** -25, `${weight} for ${original}`);
  });
  assert.notDeepEqual(parameters, content.parameters);
  assert.deepEqual(new Uint8Array(encodeModelFile({ ...content, parameters, precision: 'f16' })), new Uint8Array(file));
});

test('a weight too large for 16 bits is refused when writing, and named', () => {
  const parameters = content.parameters.slice();
  parameters[languageModelLayout(config).entry('decoder.bias').offset + 2] = 1e5;
  refuses(
    () => encodeModelFile({ ...content, parameters, precision: 'f16' }),
    'model-file',
    '"decoder.bias"',
    'element 2',
    '100000',
  );
  assert.deepEqual(decodeModelFile(encodeModelFile({ ...content, parameters })).parameters, parameters);
});

test('weights that are not finite are neither written nor read; the message says where and how many', () => {
  const layout = languageModelLayout(config);
  const { offset, shape, size } = layout.entry('layers.1.cell.bias');
  for (const bad of [NaN, Infinity, -Infinity]) {
    const parameters = content.parameters.slice();
    parameters[offset] = bad;
    parameters[offset + size - 1] = bad;
    refuses(
      () => encodeModelFile({ ...content, parameters }),
      'model-file',
      '"layers.1.cell.bias"',
      `2 weights of ${size}`,
    );
    const values = parameters.subarray(offset, offset + size);
    for (const make of [float32Tensor, float16Tensor]) {
      const file = withTensor('layers.1.cell.bias', ({ name }) => [make(name, shape, values)]);
      const error = refuses(
        () => decodeModelFile(file),
        'model-file',
        '"layers.1.cell.bias"',
        `2 weights of ${size}`,
        'NaN',
      );
      assert.deepEqual([error.details['tensor'], error.details['count']], ['layers.1.cell.bias', 2]);
    }
  }
});

test('what does not fit together is not written', () => {
  refuses(() => encodeModelFile({ ...content, parameters: content.parameters.slice(1) }), 'internal');
  refuses(() => encodeModelFile({ ...content, tokenizer: { kind: 'bytes' } }), 'model-config', '256', '9');
});

test('a title cannot break the file', () => {
  const decoded = decodeModelFile(encodeModelFile({ ...content, title: 'half \ud800 __proto__ \0"}' }));
  assert.equal(decoded.title, 'half \ufffd __proto__ \0"}');
  assert.equal(decodeModelFile(changed({ title: undefined })).title, '');
});

test('a tensor missing, unknown or doubled', () => {
  refuses(
    () => decodeModelFile(withTensor('layers.0.policy.weight', () => [])),
    'model-file',
    'lacks',
    '"layers.0.policy.weight"',
  );
  const extra = withTensor('decoder.bias', (tensor) => [tensor, { ...tensor, name: 'layers.2.cell.bias' }]);
  refuses(() => decodeModelFile(extra), 'model-file', '"layers.2.cell.bias"', 'does not have');
  const two = withTensor('decoder.bias', (tensor) => [tensor, { ...tensor, name: 'x' }, { ...tensor, name: 'y' }]);
  refuses(() => decodeModelFile(two), 'model-file', '"x" and 1 more');
});

test('a tensor of the wrong shape: says which, expected and got', () => {
  const shapes: readonly (readonly [readonly number[], string])[] = [
    [[8, 20], '8 × 20'],
    [[160], '160'],
    [[20, 8, 1], '20 × 8 × 1'],
  ];
  for (const [shape, got] of shapes) {
    const file = withTensor('layers.0.cell.weight_ih', ({ name }) => [
      float32Tensor(name, shape, new Float32Array(160)),
    ]);
    refuses(() => decodeModelFile(file), 'model-file', '"layers.0.cell.weight_ih"', '20 × 3', `has ${got}.`);
  }
});

test('a tensor in another format', () => {
  for (const [dtype, bytes] of [
    ['F64', 8],
    ['BF16', 2],
    ['I32', 4],
  ] as const) {
    const file = withTensor('decoder.bias', ({ name, shape }) => [
      { name, dtype, shape, data: new Uint8Array(9 * bytes) },
    ]);
    refuses(() => decodeModelFile(file), 'model-file', '"decoder.bias"', 'F32 or F16', `is ${dtype}`);
  }
});

test('a configuration or tokenizer that is missing or broken', () => {
  const decode = (metadata: Record<string, string | undefined>) => () => decodeModelFile(changed(metadata));
  const json = (change: object) => JSON.stringify({ ...config, ...change });
  refuses(decode({ config: undefined }), 'model-file', 'no config');
  refuses(decode({ config: '{"cell":' }), 'model-file', 'configuration', 'not valid JSON');
  refuses(decode({ config: '{"cell":"lstm","cell":"lstm"}' }), 'model-file', '"cell" twice');
  refuses(decode({ config: 'null' }), 'model-config', 'expected an object');
  refuses(decode({ config: json({ cell: 'tree' }) }), 'model-config', 'cell', '"tree"');
  refuses(decode({ config: json({ latentSize: undefined }) }), 'model-config', 'latentSize', 'missing');
  refuses(decode({ config: json({ latentSize: 1e9 }) }), 'model-config', 'latentSize', '1000000000');
  refuses(decode({ config: json({ latentSize: 3 }) }), 'model-file', 'should have the shape');
  refuses(decode({ config: json({ hiddenSizes: [5, 4, 4] }) }), 'model-file', 'lacks', 'layers.2');
  refuses(decode({ config: json({ hiddenSizes: Array(16).fill(8192), embeddingSize: 8192 }) }), 'model-file', 'shape');
  refuses(decode({ tokenizer: undefined }), 'model-file', 'no tokenizer');
  refuses(decode({ tokenizer: '[' }), 'model-file', 'tokenizer', 'not valid JSON');
  refuses(decode({ tokenizer: '{"kind":"syllables"}' }), 'model-file', 'Tokenizer', '"syllables"');
  refuses(decode({ tokenizer: '{"kind":"bytes"}' }), 'model-config', '256 tokens', 'for 9');
  refuses(decode({ tokenizer: '{"kind":"characters","alphabet":"abc"}' }), 'model-config', '4 tokens', 'for 9');
});

test('a version from the future says to update; one that is none is refused', () => {
  const decode = (version: string | undefined) => () => decodeModelFile(changed({ version }));
  refuses(decode('2'), 'model-file', 'version 2', 'Update adaptive-lm');
  refuses(decode('10'), 'model-file', 'Update adaptive-lm');
  for (const version of [undefined, '', '0', '-1', '1.5', 'x', '1e9', '9'.repeat(400)]) {
    refuses(decode(version), 'model-file', 'version', 'whole number');
  }
});

test('a measured loss and a training summary that are none', () => {
  for (const validationLoss of ['NaN', '', ' ', '-1', 'Infinity', 'low']) {
    refuses(
      () => decodeModelFile(changed({ validationLoss })),
      'model-file',
      'validationLoss',
      JSON.stringify(validationLoss),
    );
  }
  refuses(() => decodeModelFile(changed({ training: '[]' })), 'model-file', 'training summary');
  refuses(() => decodeModelFile(changed({ training: '{' })), 'model-file', 'training summary');
});

test('safetensors files that are not ours are called what they seem to be', () => {
  const file =
    (metadata: Record<string, string>, ...names: string[]) =>
    () =>
      decodeModelFile(
        writeSafetensors({
          metadata,
          tensors: names.map((name) => float32Tensor(name, [1], new Float32Array(1))),
        }),
      );
  const cases: readonly (readonly [family: string, name: string])[] = [
    ['a GPT-2 transformer', 'transformer.h.0.attn.c_attn.weight'],
    ['a transformer language model', 'model.layers.0.self_attn.q_proj.weight'],
    ['a BERT transformer', 'bert.encoder.layer.0.attention.self.query.weight'],
    ['a LoRA adapter', 'base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight'],
    ['an image diffusion model', 'model.diffusion_model.input_blocks.0.0.weight'],
    ['a recurrent network of PyTorch', 'lstm.weight_ih_l0'],
    ['without configuration and tokenizer', 'layers.0.cell.weight_ih'],
  ];
  for (const [family, name] of cases) {
    refuses(
      file({ format: 'pt' }, name),
      'model-file',
      'not an adaptive-lm model',
      family,
      '1 tensor in F32',
      'PyTorch',
      name,
    );
  }
  refuses(file({}, 'x', 'y'), 'model-file', '2 tensors in F32, such as "x"');
  refuses(file({}), 'model-file', 'no tensors');
  refuses(file({ format: 'Adaptive-LM' }, 'x'), 'model-file', 'not an adaptive-lm model');
});

test('files that are not even safetensors', () => {
  refuses(() => decodeModelFile(new ArrayBuffer(0)), 'model-file', 'empty');
  refuses(() => decodeModelFile(latin1('\x89PNG\r\n\x1a\n')), 'model-file', 'a PNG image');
});

test('random damage gives a model or an AdaptiveError, and never NaN weights', () => {
  const sound = new Uint8Array(encodeModelFile(content));
  const byte = fc.record({ at: fc.nat({ max: sound.length - 1 }), value: fc.nat({ max: 255 }) });
  const headerByte = fc.record({
    at: fc.integer({ min: 8, max: 2000 }),
    value: fc.integer({ min: 32, max: 126 }),
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(byte, headerByte), { minLength: 1, maxLength: 4 }), (damage) => {
      const bytes = sound.slice();
      for (const { at, value } of damage) bytes[at] = value;
      try {
        const { parameters } = decodeModelFile(bytes);
        assert.ok(parameters.every(Number.isFinite));
      } catch (error) {
        if (!(error instanceof AdaptiveError && ['model-file', 'model-config'].includes(error.code))) throw error;
      }
    }),
    { numRuns: 2000 },
  );
  for (let size = 0; size < sound.length; size += 7) {
    refuses(() => decodeModelFile(sound.slice(0, size)), 'model-file');
  }
});

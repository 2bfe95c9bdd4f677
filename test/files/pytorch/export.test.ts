/** Models as state dicts of PyTorch: the author's names, and back again. What PyTorch computes from them: docs/pytorch.md. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseModelConfig } from '../../../core/config.js';
import { precisions } from '../../../core/precision.js';
import { importModel } from '../../../worker/files/exchange.js';
import { decodeModelFile, encodeModelFile, type ModelFileContent } from '../../../worker/files/model-file.js';
import { encodePyTorch } from '../../../worker/files/pytorch/export-pytorch.js';
import { asFloat32, readSafetensors } from '../../../worker/files/safetensors.js';
import { everyKind, kindName, randomWeights } from '../models.js';

const alphabet = (size: number) => ({ kind: 'characters', alphabet: 'abcdefghijklmnop'.slice(0, size - 1) }) as const;

test('every kind of model comes back as it was', () => {
  for (const config of everyKind()) {
    const content = {
      config,
      tokenizer: alphabet(config.vocabularySize),
      parameters: randomWeights(config),
      title: 'A model',
      validationLoss: 1.25,
      training: { steps: 3 },
    };
    assert.deepEqual(
      importModel(readSafetensors(encodePyTorch(content))),
      { ...content, precision: 'f32' },
      kindName(config),
    );
  }
});

const config = parseModelConfig({
  cell: 'lstm',
  adaptation: 'io',
  latent: 'recurrent',
  vocabularySize: 6,
  embeddingSize: 2,
  hiddenSizes: [3, 2],
  latentSize: 4,
  tiedDecoder: true,
});

const content: ModelFileContent = {
  config,
  tokenizer: alphabet(6),
  parameters: randomWeights(config),
  title: '',
  validationLoss: null,
};

test("names and shapes are those of the author's code; the second bias is zeros, a tied decoder is there twice", () => {
  const { tensors, metadata } = readSafetensors(encodePyTorch(content));
  const layer = (l: number, i: number, h: number) => ({
    [`rnns.adapt_layers.${l}.bias_hh`]: [16],
    [`rnns.adapt_layers.${l}.bias_ih`]: [16],
    [`rnns.adapt_layers.${l}.weight_hh`]: [16, 4],
    [`rnns.adapt_layers.${l}.weight_ih`]: [16, i + h + 4],
    [`rnns.alstm_layers.${l}.bias`]: [4 * h],
    [`rnns.alstm_layers.${l}.weight_hh`]: [4 * h, h],
    [`rnns.alstm_layers.${l}.weight_ih`]: [4 * h, i],
    [`rnns.project_layers.${l}.linear.weight`]: [i + 13 * h, 4],
  });
  assert.deepEqual(Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape])), {
    'decoder.bias': [6],
    'decoder.weight': [6, 2],
    'encoder.weight': [6, 2],
    ...layer(0, 2, 3),
    ...layer(1, 3, 2),
  });
  const values = (name: string) => {
    const tensor = tensors.get(name);
    assert.ok(tensor);
    return asFloat32(tensor);
  };
  assert.ok(values('rnns.adapt_layers.1.bias_hh').every((value) => value === 0));
  assert.deepEqual(values('decoder.weight'), values('encoder.weight'));
  assert.equal(metadata['format'], 'pt');
  assert.deepEqual(JSON.parse(metadata['config'] ?? ''), config);
});

test('a model in 16 bits stays so; one in 8 bits becomes what it stands for', () => {
  for (const precision of precisions) {
    const stored = decodeModelFile(encodeModelFile({ ...content, precision }));
    const back = importModel(readSafetensors(encodePyTorch(stored)));
    assert.equal(back.precision, precision === 'f16' ? 'f16' : 'f32');
    assert.deepEqual(back.parameters, stored.parameters);
  }
});

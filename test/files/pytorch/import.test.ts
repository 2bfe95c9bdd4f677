/** Language models of PyTorch under many names; what is none, or of a kind that is not read, is refused by name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AdaptiveError } from '../../../core/errors.js';
import { languageModelLayout } from '../../../core/parameters.js';
import { importModel, type ImportOptions } from '../../../worker/files/exchange.js';
import type { ModelFile } from '../../../worker/files/model-file.js';
import { asFloat32, type Tensor } from '../../../worker/files/safetensors.js';
import { encodePyTorch } from '../../../worker/files/pytorch/export-pytorch.js';
import { readSafetensors } from '../../../worker/files/safetensors.js';
import { randomWeights } from '../models.js';
import { refuses } from '../refuses.js';
import { fileOf, plainTensors, randomTensor, renamed, replaced, without } from './state-dicts.js';

const sizes = { vocabulary: 256, embedding: 3, hidden: [4, 4] };
const plain = plainTensors(sizes);

const load = (tensors: readonly Tensor[], options?: ImportOptions): ModelFile => importModel(fileOf(tensors), options);

function entry({ config, parameters }: ModelFile, name: string): Float32Array {
  const { offset, size } = languageModelLayout(config).entry(name);
  return parameters.slice(offset, offset + size);
}

const values = (tensors: readonly Tensor[], name: string): Float32Array => {
  const found = tensors.find((tensor) => tensor.name === name);
  assert.ok(found, name);
  return asFloat32(found);
};

test('each tensor is where it belongs, the biases are added, and 256 tokens are bytes', () => {
  const model = load(plain);
  assert.deepEqual(model.tokenizer, { kind: 'bytes' });
  assert.deepEqual(entry(model, 'embedding.weight'), values(plain, 'encoder.weight'));
  assert.deepEqual(entry(model, 'decoder.weight'), values(plain, 'decoder.weight'));
  assert.deepEqual(entry(model, 'decoder.bias'), values(plain, 'decoder.bias'));
  for (const l of [0, 1]) {
    assert.deepEqual(entry(model, `layers.${l}.cell.weight_ih`), values(plain, `rnn.weight_ih_l${l}`));
    assert.deepEqual(entry(model, `layers.${l}.cell.weight_hh`), values(plain, `rnn.weight_hh_l${l}`));
    const [ih, hh] = [values(plain, `rnn.bias_ih_l${l}`), values(plain, `rnn.bias_hh_l${l}`)];
    assert.deepEqual(
      entry(model, `layers.${l}.cell.bias`),
      ih.map((value, i) => value + (hh[i] ?? NaN)),
    );
  }
});

const spellings: readonly (readonly [name: string, rename: (name: string) => string])[] = [
  [
    'a class of its own',
    (name) => name.replace('encoder', 'embedding').replace('rnn', 'lstm').replace('decoder', 'fc'),
  ],
  ['a head', (name) => name.replace('encoder', 'word_embeddings').replace('decoder', 'lm_head')],
  [
    'names that say little',
    (name) => name.replace('encoder', 'emb').replace('rnn', 'r').replace('decoder', 'hidden2tag'),
  ],
  ['DataParallel', (name) => `module.${name}`],
  [
    'modules within modules',
    (name) => `model.${name.replace('encoder', 'text.embed.tokens').replace('rnn', 'core.stack')}`,
  ],
  ['a module a layer', (name) => name.replace(/rnn\.(\w+)_l(\d)/, 'rnns.$2.$1_l0')],
  ['cells', (name) => name.replace(/rnn\.(\w+)_l(\d)/, 'cells.$2.$1')],
  ['AWD-LSTM', (name) => name.replace(/rnn\.(\w+)_l(\d)/, 'rnns.$2.module.$1_l0').replace(/weight_hh_l0$/, '$&_raw')],
];

for (const [name, rename] of spellings) {
  test(`names: ${name}`, () => assert.deepEqual(load(renamed(plain, rename)), load(plain)));
}

test('the order of the tensors does not matter, also of ten layers and more', () => {
  const deep = plainTensors({ vocabulary: 256, embedding: 2, hidden: Array<number>(12).fill(2) });
  const expected = load(deep);
  assert.deepEqual(load([...deep].reverse()), expected);
  assert.deepEqual(load(renamed(deep, (name) => name.replace(/rnn\.(\w+)_l(\d+)/, 'rnns.$2.$1_l0'))), expected);
});

test('biases may be left out', () => {
  const bare = plain.filter(({ name }) => !name.includes('bias'));
  const model = load(bare);
  for (const name of ['layers.0.cell.bias', 'decoder.bias'])
    assert.ok(entry(model, name).every((value) => value === 0));
  assert.deepEqual(entry(model, 'decoder.weight'), entry(load(plain), 'decoder.weight'));
});

test('a decoder that equals the embedding, or that is not there, is tied', () => {
  const tensors = plainTensors({ vocabulary: 256, embedding: 4, hidden: [4] });
  const [encoder] = tensors;
  assert.ok(encoder);
  assert.equal(load(tensors).config.tiedDecoder, false);
  const model = load(replaced(tensors, { ...encoder, name: 'decoder.weight' }));
  assert.equal(model.config.tiedDecoder, true);
  assert.deepEqual(load(without(tensors, 'decoder.weight')), model);
  const decoderOnly = renamed(without(tensors, 'decoder.weight'), (name) => name.replace('encoder', 'decoder'));
  assert.deepEqual(load(decoderOnly), model);
});

test('16 and 64 bits become 32', () => {
  const ones = (dtype: 'F64' | 'BF16', bits: readonly number[]): Tensor => ({
    name: 'decoder.bias',
    dtype,
    shape: [256],
    data: Uint8Array.from(Array(256).fill(bits).flat()),
  });
  for (const bias of [ones('F64', [0, 0, 0, 0, 0, 0, 0xf0, 0x3f]), ones('BF16', [0x80, 0x3f])]) {
    assert.ok(entry(load(replaced(plain, bias)), 'decoder.bias').every((value) => value === 1));
  }
});

const refusals: readonly (readonly [name: string, tensors: readonly Tensor[], ...patterns: (string | RegExp)[]])[] = [
  ['a projection', [...plain, randomTensor('rnn.weight_hr_l0', 2, 4)], '"rnn.weight_hr_l0"', 'proj_size'],
  [
    'two directions',
    [...plain, randomTensor('rnn.weight_ih_l0_reverse', 16, 3)],
    '"rnn.weight_ih_l0_reverse"',
    'bidirectional',
  ],
  ['an attention beside', [...plain, randomTensor('attention.query', 4, 4)], '"attention.query"', 'plain recurrent'],
  ['two decoders', [...plain, randomTensor('fc2.weight', 4, 4)], '"decoder.weight"', '"fc2.weight"', 'decoder'],
  ['two embeddings', [...plain, randomTensor('embedding2.weight', 5, 4)], '"embedding2.weight"', 'embedding'],
  ['two biases', [...plain, randomTensor('norm.bias', 4)], '"norm.bias"', 'bias'],
  ['no embedding', without(plain, 'encoder.weight', 'decoder.weight'), 'no embedding'],
  ['a layer that lacks a weight', without(plain, 'rnn.weight_hh_l1'), 'layer', 'weight_hh'],
  ['a layer that is missing', plain.filter(({ name }) => !name.endsWith('_l0')), 'layer 0'],
  [
    'an input of another size',
    replaced(plain, randomTensor('rnn.weight_ih_l0', 16, 5)),
    '"rnn.weight_ih_l0"',
    '16 × 3',
    '16 × 5',
  ],
  [
    'a layer that does not fit',
    replaced(plain, randomTensor('rnn.weight_ih_l1', 16, 3)),
    '"rnn.weight_ih_l1"',
    '16 × 4',
  ],
  ['a decoder of other rows', replaced(plain, randomTensor('decoder.weight', 255, 4)), '"decoder.weight"', '256 × 4'],
  ['a bias of another size', replaced(plain, randomTensor('rnn.bias_hh_l1', 15)), '"rnn.bias_hh_l1"', '16', '15'],
  ['gates of no cell', replaced(plain, randomTensor('rnn.weight_hh_l0', 8, 4)), '"rnn.weight_hh_l0"', '8 rows', 'LSTM'],
  ['a cube', replaced(plain, randomTensor('encoder.weight', 256, 3, 1)), '"encoder.weight"', 'matrix'],
  [
    'two stacks',
    [
      ...plain,
      ...plainTensors(sizes).flatMap((t) =>
        t.name.startsWith('rnn') ? [{ ...t, name: t.name.replace('rnn', 'rnn2') }] : [],
      ),
    ],
    /"rnn2?\./,
    'layer',
  ],
  [
    'whole numbers',
    replaced(plain, { name: 'decoder.bias', dtype: 'I64', shape: [256], data: new Uint8Array(2048) }),
    '"decoder.bias"',
    'I64',
  ],
  [
    'no numbers',
    replaced(plain, { ...randomTensor('decoder.bias', 256), data: new Uint8Array(1024).fill(0xff) }),
    '"decoder.bias"',
    'not finite',
  ],
];

for (const [name, tensors, ...patterns] of refusals) {
  test(`refused: ${name}`, () => {
    refuses(() => load(tensors), 'model-file', ...patterns);
  });
}

test('a GRU comes over where nothing stands within its reset gate', () => {
  const tensors = plainTensors({ ...sizes, gates: 3 });
  refuses(() => load(tensors), 'model-file', '"rnn.bias_hh_l0"', 'reset gate');
  const zeros = [0, 1].reduce((all, l) => {
    const name = `rnn.bias_hh_l${l}`;
    return replaced(all, { name, dtype: 'F32', shape: [12], data: new Uint8Array(48) });
  }, tensors);
  assert.equal(load(zeros).config.cell, 'gru');
});

test('tokens that nobody named', () => {
  const tensors = plainTensors({ vocabulary: 100, embedding: 3, hidden: [4] });
  refuses(() => load(tensors), 'model-config', '100 tokens', 'tokenizer.json');
  refuses(
    () => load(tensors, { tokenizer: new TextEncoder().encode('["a","b"]') }),
    'model-config',
    '100',
    'vocabulary 2',
  );
});

test('adaptive layers are no plain ones', () => {
  const config = {
    cell: 'lstm',
    adaptation: 'io',
    latent: 'recurrent',
    vocabularySize: 256,
    embeddingSize: 2,
    hiddenSizes: [3, 2],
    latentSize: 4,
    tiedDecoder: false,
  } as const;
  const model = {
    config: { ...config, hiddenSizes: [3, 2] },
    tokenizer: { kind: 'bytes' as const },
    title: '',
    validationLoss: null,
  };
  const file = readSafetensors(encodePyTorch({ ...model, parameters: randomWeights(model.config) }));
  const foreign = [...file.tensors.values()];
  assert.deepEqual(load(foreign).config, model.config);
  refuses(() => load(foreign, { format: 'lstm' }), 'model-file', 'adaptive', 'pytorch');
  const policy = 'rnns.project_layers.1.linear.weight';
  refuses(() => load(replaced(foreign, randomTensor(policy, 20, 4))), 'model-file', `"${policy}"`, '29 × 4', '20 × 4');
  refuses(
    () => load(without(foreign, 'rnns.alstm_layers.0.bias')),
    'model-file',
    '"rnns.alstm_layers.0.bias"',
    'lacks',
  );
  refuses(() => load([...foreign, randomTensor('cache', 1)]), 'model-file', '"cache"');
});

/** With a search that goes back over each name it would be a quarter of an hour. */
test('names as long as a file take no time', { timeout: 200_000 }, () => {
  const long = [
    `${'1'.repeat(1e6)}.x.weight_ih_l0`,
    `${'.'.repeat(1e6)}weight`,
    `rnns.${'9a'.repeat(5e5)}.weight_hh_l0`,
  ];
  refuses(() => load([...plain, ...long.map((name) => randomTensor(name, 2, 2))]), 'model-file');
  assert.deepEqual(load(renamed(plain, (name) => `${'a.'.repeat(5e5)}${name}`)), load(plain));
});

test('damaged state dicts give a model or an AdaptiveError', () => {
  const small = plainTensors({ vocabulary: 256, embedding: 3, hidden: [2, 3] });
  const names = [
    ...small.map(({ name }) => name),
    'rnn.weight_hr_l0',
    'rnns.adapt_layers.0.weight_hh',
    'rnns.alstm_layers.0.bias',
    '',
  ];
  const damage = fc.record({
    at: fc.nat({ max: small.length - 1 }),
    rename: fc.option(fc.constantFrom(...names)),
    shape: fc.option(fc.array(fc.nat({ max: 12 }), { maxLength: 3 })),
    drop: fc.boolean(),
  });
  let read = 0;
  fc.assert(
    fc.property(fc.array(damage, { maxLength: 3 }), (damages) => {
      const tensors = new Map(small.map((tensor) => [tensor.name, tensor]));
      for (const { at, rename, shape, drop } of damages) {
        const tensor = small[at];
        if (!tensor) continue;
        if (drop || rename !== null) tensors.delete(tensor.name);
        const name = rename ?? tensor.name;
        if (!drop) tensors.set(name, shape ? randomTensor(name, ...shape) : { ...tensor, name });
      }
      try {
        load([...tensors.values()]);
        read++;
      } catch (error) {
        if (!(error instanceof AdaptiveError && ['model-file', 'model-config'].includes(error.code))) throw error;
      }
    }),
    { numRuns: 1000 },
  );
  assert.ok(read > 100, `${read} were read`);
});

test('what is no recurrent model is called what it is', () => {
  const ours = ['layers.0.cell.weight_ih', 'layers.0.cell.weight_hh', 'layers.0.cell.bias', 'embedding.weight'];
  refuses(() => load(ours.map((name) => randomTensor(name, 2, 2))), 'model-file', 'without configuration');
  refuses(() => load([randomTensor('h.0.attn.weight', 2, 2)]), 'model-file', 'GPT-2');
  refuses(() => load([]), 'model-file', 'nothing');
});

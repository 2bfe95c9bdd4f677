/** The graph as it lies in a file; what it computes is tested in ONNX Runtime. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseModelConfig, type ModelConfig } from '../../../core/config.js';
import { languageModelLayout } from '../../../core/parameters.js';
import { encodeOnnx } from '../../../worker/files/onnx/onnx-file.js';
import { onnxModel } from '../../../worker/files/onnx/onnx-model.js';
import { tokenGraph } from '../../../worker/files/onnx/token-graph.js';
import { refuses } from '../refuses.js';
import { everyKind, kindName, randomWeights } from '../models.js';

const config = parseModelConfig({
  cell: 'lstm',
  adaptation: 'io',
  latent: 'recurrent',
  vocabularySize: 5,
  embeddingSize: 2,
  hiddenSizes: [3, 2],
  latentSize: 4,
  tiedDecoder: true,
});

const graphOf = (config: ModelConfig) => tokenGraph(config, randomWeights(config));

test('inputs and outputs are named and shaped as described', () => {
  const { inputs, outputs } = graphOf(config);
  const states = [
    ['state.0.c', 3],
    ['state.0.h', 3],
    ['state.0.z', 4],
    ['state.0.zc', 4],
    ['state.1.c', 2],
    ['state.1.h', 2],
    ['state.1.z', 4],
    ['state.1.zc', 4],
  ] as const;
  const value = (name: string, size: number) => ({ name, type: 'float', shape: ['batch', size] });
  const ids = { name: 'ids', type: 'int64', shape: ['batch'] };
  assert.deepEqual(inputs, [ids, ...states.map(([name, size]) => value(name, size))]);
  assert.deepEqual(outputs, [value('logits', 5), ...states.map(([name, size]) => value(`${name}.next`, size))]);
});

test('only what has a memory is a state: a latent without one, where it feeds the bottom layer of the next token', () => {
  const statesOf = (changes: Partial<ModelConfig>) =>
    graphOf({ ...config, ...changes }).inputs.flatMap(({ name }) => (name === 'ids' ? [] : [name.slice(6)]));
  assert.deepEqual(statesOf({ adaptation: 'static' }), ['0.c', '0.h', '1.c', '1.h']);
  assert.deepEqual(statesOf({ cell: 'gru', latent: 'linear' }), ['0.h', '1.h', '1.z']);
  assert.deepEqual(statesOf({ cell: 'rnn', latent: 'feed-forward', hiddenSizes: [2] }), ['0.h']);
});

test('every value is made once, before it is used, and every parameter is there once, under its name', () => {
  for (const kind of everyKind()) {
    const { nodes, constants, inputs, outputs } = graphOf(kind);
    const made = [...inputs, ...constants].map(({ name }) => name);
    for (const { inputs: used, outputs: makes } of nodes) {
      for (const name of used) assert.ok(made.includes(name), `${kindName(kind)}: ${name} is used before it is made`);
      made.push(...makes);
    }
    for (const { name } of outputs) assert.ok(made.includes(name), `${kindName(kind)}: nothing makes ${name}`);
    assert.equal(new Set(made).size, made.length, `${kindName(kind)}: a name twice`);
    const names = new Set(constants.map(({ name }) => name));
    for (const { name } of languageModelLayout(kind).entries) assert.ok(names.has(name), `${kindName(kind)}: ${name}`);
  }
});

test('the metadata has configuration and tokenizer', () => {
  const tokenizer = { kind: 'characters', alphabet: 'abc“' } as const;
  const parameters = randomWeights(config);
  const file = Buffer.from(encodeOnnx({ config, tokenizer, parameters, title: 'Sea', validationLoss: 1.5 }));
  for (const text of [JSON.stringify(config), JSON.stringify(tokenizer), 'Sea', 'validationLoss']) {
    assert.ok(file.includes(text), text);
  }
});

test('weights that are no numbers are refused by name', () => {
  const parameters = randomWeights(config);
  parameters[languageModelLayout(config).entry('layers.1.policy.weight').offset] = NaN;
  refuses(() => tokenGraph(config, parameters), 'model-file', '"layers.1.policy.weight"');
});

test('a constant whose shape does not fit is refused', () => {
  const constants = [{ name: 'W', type: 'float', shape: [2, 2], data: new Uint8Array(12) }] as const;
  assert.throws(
    () => onnxModel({ name: '', nodes: [], constants, inputs: [], outputs: [] }),
    /W: expected 16 bytes, got 12/,
  );
});

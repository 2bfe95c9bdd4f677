import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelConfig } from '../../core/config.js';
import { languageModelLayout } from '../../core/parameters.js';

const paper: ModelConfig = {
  cell: 'lstm',
  adaptation: 'io',
  latent: 'recurrent',
  vocabularySize: 10_000,
  embeddingSize: 400,
  hiddenSizes: [1150, 400],
  latentSize: 100,
  tiedDecoder: true,
};

test("the paper's Penn Treebank model has its 17.2 million parameters", () => {
  const { count } = languageModelLayout(paper);
  assert.equal(Math.round(count / 1e5) / 10, 17.2);
  const withoutWords = languageModelLayout({ ...paper, vocabularySize: 1 }).count;
  assert.equal(count - withoutWords, 9999 * 401, 'a word costs its embedding and one bias');
});

test('a static model has the parameters of a plain LSTM', () => {
  const { count } = languageModelLayout({ ...paper, adaptation: 'static' });
  const lstm = (inputs: number, hidden: number) => 4 * hidden * (inputs + hidden + 1);
  assert.equal(count, 10_000 * 400 + lstm(400, 1150) + lstm(1150, 400) + 10_000);
});

test('the latent sees the layer below only where there is one', () => {
  const one = languageModelLayout({ ...paper, hiddenSizes: [400] });
  assert.deepEqual(one.entry('layers.0.latent.weight_ih').shape, [400, 800]);
  const two = languageModelLayout(paper);
  assert.deepEqual(two.entry('layers.0.latent.weight_ih').shape, [400, 400 + 1150 + 100]);
  assert.deepEqual(two.entry('layers.1.latent.weight_ih').shape, [400, 1150 + 400 + 100]);
});

test('an untied decoder has a weight of its own', () => {
  assert.equal(languageModelLayout(paper).has('decoder.weight'), false);
  const untied = languageModelLayout({ ...paper, tiedDecoder: false });
  assert.deepEqual(untied.entry('decoder.weight').shape, [10_000, 400]);
});

test('each cell has its gates, each adaptation its rows, each latent its weights', () => {
  const shapes = (changes: Partial<ModelConfig>) => {
    const layout = languageModelLayout({ ...paper, ...changes });
    return (name: string) => (layout.has(`layers.0.${name}`) ? layout.entry(`layers.0.${name}`).shape : null);
  };
  for (const [cell, gates] of [
    ['lstm', 4],
    ['gru', 3],
    ['rnn', 1],
  ] as const) {
    const io = shapes({ cell });
    assert.deepEqual(io('cell.weight_ih'), [gates * 1150, 400]);
    assert.deepEqual(io('policy.weight'), [400 + 1150 + 3 * gates * 1150, 100]);
    assert.deepEqual(shapes({ cell, adaptation: 'output' })('policy.weight'), [3 * gates * 1150, 100]);
    assert.deepEqual(shapes({ cell, adaptation: 'input' })('policy.weight'), [400 + 1150 + gates * 1150, 100]);
    assert.equal(shapes({ cell, adaptation: 'static' })('policy.weight'), null);
  }
  for (const latent of ['linear', 'feed-forward'] as const) {
    assert.deepEqual(shapes({ latent })('latent.weight'), [100, 400 + 1150 + 100]);
    assert.equal(shapes({ latent })('latent.weight_hh'), null);
  }
});

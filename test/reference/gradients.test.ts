/** Every backward against central differences of its forward, in float64: op by op, then in whole models. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Dropout, ModelConfig } from '../../core/config.js';
import { parseFeedForwardConfig } from '../../core/feed-forward-config.js';
import { opNames } from '../../core/ops.js';
import type { StackConfig } from '../../core/parameters.js';
import { checkGradients, type Differentiable, type Element } from './finite-difference.js';
import { feedForwardProblem, languageModelProblem, recurrentProblem } from './model-problems.js';
import { notDifferentiated, opGradients } from './op-gradients.js';

const tolerance = 1e-6;

async function assertGradients(problem: Differentiable, elements?: readonly Element[]): Promise<void> {
  const { error, where, count } = await checkGradients(problem, elements);
  assert(count > 0 && error <= tolerance, `${error} at ${where}`);
}

describe('gradients of ops', () => {
  for (const { name, problem } of opGradients) it(name, () => assertGradients(problem));

  it('are those of every op that has one', () => {
    const covered = new Set([...opGradients.flatMap(({ ops }) => ops), ...notDifferentiated]);
    assert.deepEqual([...covered].sort(), [...opNames].sort());
  });
});

const dropouts = { 'no dropout': { hidden: 0, latent: 0 }, dropout: { hidden: 0.3, latent: 0.25 } };

const cells = ['lstm', 'gru', 'rnn'] as const;
const adaptations = ['output', 'input', 'io'] as const;
const latents = ['linear', 'feed-forward', 'recurrent'] as const;

/** Every combination, each in the depth and with the policies' offset that its place in the list gives. */
function* stackConfigs(): Iterable<StackConfig> {
  const depths = [[4], [4, 3], [3, 4, 2]];
  const at = (index: number) => depths[index % depths.length] ?? [4];
  for (const cell of cells) {
    for (const hiddenSizes of [[4], [4, 3]])
      yield { cell, adaptation: 'static', latent: 'recurrent', hiddenSizes, latentSize: 3 };
    let index = 0;
    for (const adaptation of adaptations) {
      for (const latent of latents) {
        yield { cell, adaptation, latent, hiddenSizes: at(index), latentSize: 3, policyOffset: index % 2 };
        index++;
      }
    }
  }
  for (const hiddenSizes of depths)
    yield { cell: 'lstm', adaptation: 'io', latent: 'recurrent', hiddenSizes, latentSize: 3 };
}

describe('gradients of recurrent stacks', () => {
  for (const config of stackConfigs()) {
    const { cell, adaptation, latent, hiddenSizes, policyOffset = 0 } = config;
    for (const [dropped, dropout] of Object.entries(dropouts)) {
      const policy = adaptation === 'static' ? '' : `, ${latent} latent, d = ${policyOffset} + …`;
      it(`${cell}, ${adaptation}${policy}, layers of ${hiddenSizes.join(', ')}, ${dropped}`, () => {
        const { problem, elements } = recurrentProblem(config, 5, dropout);
        return assertGradients(problem, elements);
      });
    }
  }
});

describe('gradients of feed-forward nets', () => {
  const chains = ['static', 'output', 'input', 'io', 'sva'] as const;
  const policies = [
    { policy: 'linear', policyActivation: 'identity' },
    { policy: 'feed-forward', policyHiddenSize: 4, policyActivation: 'tanh' },
    { policy: 'linear', policyActivation: 'sigmoid' },
  ] as const;
  const activations = ['tanh', 'identity', 'sigmoid', 'relu'] as const;
  for (const [index, adaptation] of chains.entries()) {
    for (const adaptBias of [true, false]) {
      for (const loss of ['cross-entropy', 'squared-error'] as const) {
        const policy = policies[(index + (adaptBias ? 1 : 0)) % policies.length];
        const layer = { outputSize: 4, adaptation, rank: 3, adaptBias, ...policy };
        const config = parseFeedForwardConfig({
          inputSize: 5,
          layers: [
            { ...layer, activation: activations[index % activations.length] },
            { ...layer, outputSize: 3, activation: activations[(index + 1) % activations.length] },
            { ...layer, outputSize: 3 },
          ],
        });
        it(`${adaptation}, ${policy?.policy} policy, ${adaptBias ? 'adapted' : 'plain'} bias, ${loss}`, () => {
          const { problem, elements } = feedForwardProblem(config, loss);
          return assertGradients(problem, elements);
        });
      }
    }
  }
});

describe('gradients of language models, with every dropout', () => {
  const dropout: Dropout = { embedding: 0.2, input: 0.3, hidden: 0.3, latent: 0.25, output: 0.3 };
  const common = { cell: 'lstm', latent: 'recurrent', vocabularySize: 7, embeddingSize: 5, latentSize: 3 } as const;
  const models: readonly Pick<ModelConfig, 'adaptation' | 'hiddenSizes' | 'tiedDecoder'>[] = [
    { adaptation: 'io', hiddenSizes: [4, 5], tiedDecoder: true },
    { adaptation: 'io', hiddenSizes: [4, 3], tiedDecoder: false },
    { adaptation: 'static', hiddenSizes: [4, 5], tiedDecoder: true },
    { adaptation: 'static', hiddenSizes: [4], tiedDecoder: false },
  ];
  for (const model of models) {
    it(`${model.adaptation}, ${model.tiedDecoder ? 'tied' : 'untied'}`, () => {
      const { problem, elements } = languageModelProblem({ ...common, ...model }, dropout);
      return assertGradients(problem, elements);
    });
  }
});

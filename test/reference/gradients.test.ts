/** Every backward against central differences of its forward, in float64: op by op, then in whole models. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Dropout, ModelConfig } from '../../core/config.js';
import { opNames } from '../../core/ops.js';
import { checkGradients, type Differentiable, type Element } from './finite-difference.js';
import { languageModelProblem, recurrentProblem } from './model-problems.js';
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

describe('gradients of recurrent stacks', () => {
  const stacks = { static: [[4], [4, 3]], io: [[4], [4, 3], [3, 4, 2]] };
  for (const adaptation of ['static', 'io'] as const) {
    for (const hiddenSizes of stacks[adaptation]) {
      for (const [dropped, dropout] of Object.entries(dropouts)) {
        it(`${adaptation}, layers of ${hiddenSizes.join(', ')}, ${dropped}`, () => {
          const config = { cell: 'lstm', adaptation, latent: 'recurrent', hiddenSizes, latentSize: 3 } as const;
          const { problem, elements } = recurrentProblem(config, 5, dropout);
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

/** What is trained and written with: three sizes, adaptive and static. */
import { parseModelConfig, type ModelConfig } from '../core/config.js';
import { parseFeedForwardConfig, type FeedForwardConfig } from '../core/feed-forward-config.js';

export interface Configuration {
  readonly batch: number;
  readonly steps: number;
  readonly model: Omit<ModelConfig, 'adaptation' | 'cell' | 'latent'>;
}

export const configurations = {
  /** Bytes, one layer: what a page trains in minutes. */
  S: {
    batch: 32,
    steps: 64,
    model: { vocabularySize: 256, embeddingSize: 128, hiddenSizes: [256], latentSize: 32, tiedDecoder: false },
  },
  M: {
    batch: 20,
    steps: 35,
    model: { vocabularySize: 4096, embeddingSize: 256, hiddenSizes: [512, 256], latentSize: 64, tiedDecoder: true },
  },
  /** The paper's Penn Treebank model. */
  P: {
    batch: 20,
    steps: 35,
    model: { vocabularySize: 10_000, embeddingSize: 400, hiddenSizes: [1150, 400], latentSize: 100, tiedDecoder: true },
  },
} as const satisfies Record<string, Configuration>;

export type ConfigurationName = keyof typeof configurations;
export const configurationNames = ['S', 'M', 'P'] as const satisfies readonly ConfigurationName[];

export const models = ['aLSTM', 'LSTM'] as const;
export type Model = (typeof models)[number];

export function modelConfig(name: ConfigurationName, model: Model): ModelConfig {
  const adaptation = model === 'aLSTM' ? 'io' : 'static';
  return parseModelConfig({ ...configurations[name].model, cell: 'lstm', latent: 'recurrent', adaptation });
}

/** Feed-forward nets that read digits: two layers, the first of them adaptive or not. */
export const netNames = ['static', 'SVA'] as const;
export type NetName = (typeof netNames)[number];
export const netSizes = [64, 256, 512] as const;
export const netBatch = 128;

export function netConfig(name: NetName, hiddenSize: number): FeedForwardConfig {
  const hidden = { outputSize: hiddenSize, rank: hiddenSize, activation: 'sigmoid' };
  return parseFeedForwardConfig({
    inputSize: 784,
    layers: [
      { ...hidden, adaptation: name === 'static' ? 'static' : 'sva' },
      { outputSize: 10, adaptation: 'static' },
    ],
  });
}

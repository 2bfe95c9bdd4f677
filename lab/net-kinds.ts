/** Nets of a regression: a first layer that is static or adaptive, and a static one on top. */
import { parseFeedForwardConfig, type FeedForwardConfig } from '../core/feed-forward-config.js';
import { feedForwardLayout } from '../core/feed-forward-parameters.js';
import type { Activation } from '../core/ops.js';

export interface RegressionNet {
  readonly label: string;
  readonly config: FeedForwardConfig;
  readonly parameters: number;
}

interface Sizes {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly activation: Activation;
}

function net(label: string, config: FeedForwardConfig): RegressionNet {
  return { label, config, parameters: feedForwardLayout(config).count };
}

export function staticNet({ inputSize, hiddenSize, activation }: Sizes): RegressionNet {
  const layers = [
    { outputSize: hiddenSize, adaptation: 'static', activation },
    { outputSize: 1, adaptation: 'static' },
  ];
  return net(`static, ${hiddenSize} hidden`, parseFeedForwardConfig({ inputSize, layers }));
}

/** First layer: singular value adaptation; policyHiddenSize 0 is a linear policy. */
export function adaptiveNet({ inputSize, hiddenSize, activation }: Sizes, policyHiddenSize: number): RegressionNet {
  const policy = policyHiddenSize > 0 ? { policy: 'feed-forward', policyHiddenSize } : { policy: 'linear' };
  const layers = [
    { outputSize: hiddenSize, adaptation: 'sva', rank: hiddenSize, activation, adaptBias: true, ...policy },
    { outputSize: 1, adaptation: 'static' },
  ];
  return net(`SVA, ${hiddenSize} hidden`, parseFeedForwardConfig({ inputSize, layers }));
}

/** The static net whose parameters are nearest to a number, of at least one hidden unit. */
export function staticNetOf(parameters: number, { inputSize, activation }: Omit<Sizes, 'hiddenSize'>): RegressionNet {
  const hiddenSize = Math.max(1, Math.round((parameters - 1) / (inputSize + 2)));
  return staticNet({ inputSize, hiddenSize, activation });
}

/** Two hidden layers of one size. */
export function deepStaticNet({ inputSize, hiddenSize, activation }: Sizes): RegressionNet {
  const hidden = { outputSize: hiddenSize, adaptation: 'static', activation };
  const layers = [hidden, hidden, { outputSize: 1, adaptation: 'static' }];
  return net(`static, ${hiddenSize} + ${hiddenSize} hidden`, parseFeedForwardConfig({ inputSize, layers }));
}

/** Two layers of singular value adaptation and no activation: all that is not linear in it are the policies. */
export function adaptiveLinearNet(inputSize: number, hiddenSize: number): RegressionNet {
  const layers = [hiddenSize, 1].map((outputSize) => ({ outputSize, adaptation: 'sva', rank: hiddenSize }));
  return net(`SVA, ${hiddenSize} hidden, no activation`, parseFeedForwardConfig({ inputSize, layers }));
}

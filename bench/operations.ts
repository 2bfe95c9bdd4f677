/**
 * Useful work: floating-point operations that the mathematics asks for, whatever a kernel does beside them. Only matrix
 * products are counted, a product of [M, K] by [K, N] as 2MNK; gates and scalings are some per cent more.
 */
import type { ModelConfig } from '../core/config.js';
import type { FeedForwardConfig } from '../core/feed-forward-config.js';
import { feedForwardLayers, linearParameters } from '../core/feed-forward-parameters.js';
import { languageModelLayout } from '../core/parameters.js';

/** Weights that take part in a product for each token: all matrices but the embedding, which is looked up. */
function multiplied(config: ModelConfig): number {
  const weights = languageModelLayout(config).entries.filter(({ shape, name }) => {
    return shape.length === 2 && (name !== 'embedding.weight' || config.tiedDecoder);
  });
  return weights.reduce((sum, { size }) => sum + size, 0);
}

/** One token forward. */
export function forwardOperations(config: ModelConfig): number {
  return 2 * multiplied(config);
}

/** One token forward and backward: the gradients of data and of weights cost one forward each. */
export function trainingOperations(config: ModelConfig): number {
  return 3 * forwardOperations(config);
}

/** Bytes of weights that writing one token reads, at `bytesPerWeight`. */
export function weightBytes(config: ModelConfig, bytesPerWeight: number): number {
  return multiplied(config) * bytesPerWeight;
}

/**
 * One example through a feed-forward net and back. Nobody wants the gradient of the net's input, so what reads that costs
 * two products and not three.
 */
export function netOperations(config: FeedForwardConfig): number {
  return feedForwardLayers(config).reduce((sum, { layer, inputSize }, index) => {
    const weights = linearParameters(layer, inputSize).filter(([, shape]) => shape.length === 2);
    const products = weights.map(([name, shape]) => {
      const size = shape.reduce((product, dim) => product * dim, 1);
      const readsInput =
        index === 0 && name !== 'weight_out' && !(name === 'policy.weight' && layer.policy !== 'linear');
      // Where x is scaled before its product, the scaling's gradient needs that of the product.
      const isScaled = name === 'weight' && (layer.adaptation === 'input' || layer.adaptation === 'io');
      return 2 * size * (readsInput && !isScaled ? 2 : 3);
    });
    return sum + products.reduce((all, each) => all + each, 0);
  }, 0);
}

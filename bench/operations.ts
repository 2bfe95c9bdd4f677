/**
 * Useful work: floating-point operations that the mathematics asks for, whatever a kernel does beside them. Only matrix
 * products are counted, a product of [M, K] by [K, N] as 2MNK; gates and scalings are some per cent more.
 */
import type { ModelConfig } from '../core/config.js';
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

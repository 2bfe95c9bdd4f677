/** What an adaptive feed-forward layer is a chain of, and the names and shapes of what is learned in it (paper, section 3). */
import type { AdaptiveLinearConfig, FeedForwardConfig } from './feed-forward-config.js';
import { ParameterLayout } from './layout.js';
import type { ParameterShape } from './parameters.js';

/** A product with the weight of a name, or a policy's scaling: what an adaptive map is a chain of. */
export type LinearStage =
  | { readonly kind: 'product'; readonly weight: string; readonly inputSize: number; readonly outputSize: number }
  | { readonly kind: 'scale'; readonly size: number };

/** x → W x + …, as a chain: D W, W D, D W D, W₂ D W₁ (paper, section 3.1). */
export function linearStages(layer: AdaptiveLinearConfig, inputSize: number): LinearStage[] {
  const { adaptation, outputSize, rank } = layer;
  const product = (weight: string, from: number, to: number): LinearStage => {
    return { kind: 'product', weight, inputSize: from, outputSize: to };
  };
  const scale = (size: number): LinearStage => ({ kind: 'scale', size });
  if (adaptation === 'sva') {
    return [product('weight_in', inputSize, rank), scale(rank), product('weight_out', rank, outputSize)];
  }
  return [
    ...(adaptation === 'input' || adaptation === 'io' ? [scale(inputSize)] : []),
    product('weight', inputSize, outputSize),
    ...(adaptation === 'output' || adaptation === 'io' ? [scale(outputSize)] : []),
  ];
}

/** Rows of the policy: those of each scaling in the chain's order, then those of the bias; 0 without a policy. */
export function linearPolicySize(layer: AdaptiveLinearConfig, inputSize: number): number {
  const scaled = linearStages(layer, inputSize).reduce(
    (sum, stage) => sum + (stage.kind === 'scale' ? stage.size : 0),
    0,
  );
  return layer.adaptation === 'static' ? 0 : scaled + (layer.adaptBias ? layer.outputSize : 0);
}

/** Parameters of a layer, by their names after the prefix. */
export function linearParameters(layer: AdaptiveLinearConfig, inputSize: number): ParameterShape[] {
  const weights = linearStages(layer, inputSize).flatMap((stage): ParameterShape[] =>
    stage.kind === 'product' ? [[stage.weight, [stage.outputSize, stage.inputSize]]] : [],
  );
  const own: ParameterShape[] = [...weights, ['bias', [layer.outputSize]]];
  const rows = linearPolicySize(layer, inputSize);
  if (rows === 0) return own;
  const { policy, policyHiddenSize } = layer;
  if (policy === 'linear') return [...own, ['policy.weight', [rows, inputSize]]];
  return [
    ...own,
    ['policy.hidden.weight', [policyHiddenSize, inputSize]],
    ['policy.hidden.bias', [policyHiddenSize]],
    ['policy.weight', [rows, policyHiddenSize]],
  ];
}

/** Each layer of a net, with the width that it reads and the prefix of its parameters. */
export function feedForwardLayers({ inputSize, layers }: FeedForwardConfig) {
  return layers.map((layer, index) => ({
    layer,
    prefix: `layers.${index}`,
    inputSize: layers[index - 1]?.outputSize ?? inputSize,
  }));
}

export function feedForwardLayout(config: FeedForwardConfig): ParameterLayout {
  return new ParameterLayout(
    feedForwardLayers(config).flatMap(({ layer, prefix, inputSize }) =>
      linearParameters(layer, inputSize).map(([name, shape]): ParameterShape => [`${prefix}.${name}`, shape]),
    ),
  );
}

/**
 * Names and shapes of what is learned (paper section 4; names as in docs/math/README.md).
 * Dims: V vocabulary, E embedding, I layer input, H hidden, A latent, P policy rows, G = 4 gates of the LSTM.
 */
import type { ModelConfig } from './config.js';
import { ParameterLayout } from './layout.js';

/** What the shape of a recurrent stack depends on. */
export type StackConfig = Pick<ModelConfig, 'cell' | 'adaptation' | 'latent' | 'hiddenSizes' | 'latentSize'>;

export type ParameterShape = readonly [name: string, shape: readonly number[]];

export const gateCount = { lstm: 4 } as const;

/** Rows of the sub-policies in the policy's projection, in the order in which they lie. */
export interface PolicyRows {
  readonly x: number; // I
  readonly h: number; // H
  readonly ih: number; // G·H
  readonly hh: number; // G·H
  readonly b: number; // G·H
}

export function policyRows(config: StackConfig, inputSize: number, hiddenSize: number): PolicyRows {
  const gates = gateCount[config.cell] * hiddenSize;
  return { x: inputSize, h: hiddenSize, ih: gates, hh: gates, b: gates };
}

export function policySize({ x, h, ih, hh, b }: PolicyRows): number {
  return x + h + ih + hh + b;
}

/** |v| = I + H (+ A): what the latent of a layer sees; the chain through the layers needs more than one. */
export function latentInputSize(config: StackConfig, inputSize: number, hiddenSize: number): number {
  return inputSize + hiddenSize + (config.hiddenSizes.length > 1 ? config.latentSize : 0);
}

/** I of each layer, bottom to top. */
export function inputSizes(inputSize: number, hiddenSizes: readonly number[]): number[] {
  return [inputSize, ...hiddenSizes.slice(0, -1)];
}

function layerParameters(config: StackConfig, index: number, inputSize: number, hiddenSize: number): ParameterShape[] {
  const prefix = `layers.${index}`;
  const gates = gateCount[config.cell] * hiddenSize;
  const cell: ParameterShape[] = [
    [`${prefix}.cell.weight_ih`, [gates, inputSize]],
    [`${prefix}.cell.weight_hh`, [gates, hiddenSize]],
    [`${prefix}.cell.bias`, [gates]],
  ];
  if (config.adaptation === 'static') return cell;
  const latent = config.latentSize;
  return [
    ...cell,
    [`${prefix}.latent.weight_ih`, [4 * latent, latentInputSize(config, inputSize, hiddenSize)]],
    [`${prefix}.latent.weight_hh`, [4 * latent, latent]],
    [`${prefix}.latent.bias`, [4 * latent]],
    [`${prefix}.policy.weight`, [policySize(policyRows(config, inputSize, hiddenSize)), latent]],
  ];
}

/** Parameters of a recurrent stack over inputs of width `inputSize`. */
export function stackParameters(config: StackConfig, inputSize: number): ParameterShape[] {
  const inputs = inputSizes(inputSize, config.hiddenSizes);
  return config.hiddenSizes.flatMap((hidden, index) =>
    layerParameters(config, index, inputs[index] ?? inputSize, hidden),
  );
}

/** The layout of a whole language model's flat buffers. */
export function languageModelLayout(config: ModelConfig): ParameterLayout {
  const { vocabularySize, embeddingSize, hiddenSizes, tiedDecoder } = config;
  const decoder: ParameterShape[] = tiedDecoder
    ? []
    : [['decoder.weight', [vocabularySize, hiddenSizes.at(-1) ?? embeddingSize]]];
  return new ParameterLayout([
    ['embedding.weight', [vocabularySize, embeddingSize]],
    ...stackParameters(config, embeddingSize),
    ...decoder,
    ['decoder.bias', [vocabularySize]],
  ]);
}

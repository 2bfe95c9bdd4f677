/**
 * Names and shapes of what is learned (paper section 4; names as in docs/math/README.md).
 * Dims: V vocabulary, E embedding, I layer input, H hidden, A latent, P policy rows, G gates.
 */
import type { ModelConfig } from './config.js';
import { ParameterLayout } from './layout.js';

/** What the shape of a recurrent stack depends on. */
export type StackConfig = Pick<
  ModelConfig,
  'cell' | 'adaptation' | 'latent' | 'policyOffset' | 'hiddenSizes' | 'latentSize'
>;

export type ParameterShape = readonly [name: string, shape: readonly number[]];

/** G. */
export const gateCount = { rnn: 1, gru: 3, lstm: 4 } as const;

/** Rows of the sub-policies in the policy's projection, in the order in which they lie; 0 of those that there are not. */
export interface PolicyRows {
  readonly x: number; // I
  readonly h: number; // H
  readonly ih: number; // G·H
  readonly hh: number; // G·H
  readonly b: number; // G·H
}

export function policyRows(config: StackConfig, inputSize: number, hiddenSize: number): PolicyRows {
  const { adaptation, cell } = config;
  const gates = gateCount[cell] * hiddenSize;
  const ofInputs = adaptation === 'input' || adaptation === 'io';
  const ofOutputs = adaptation === 'output' || adaptation === 'io';
  return {
    x: ofInputs ? inputSize : 0,
    h: ofInputs ? hiddenSize : 0,
    ih: ofOutputs ? gates : 0,
    hh: ofOutputs ? gates : 0,
    b: adaptation === 'static' ? 0 : gates,
  };
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
  const { latentSize } = config;
  const seen = latentInputSize(config, inputSize, hiddenSize);
  const latent: ParameterShape[] =
    config.latent === 'recurrent'
      ? [
          [`${prefix}.latent.weight_ih`, [4 * latentSize, seen]],
          [`${prefix}.latent.weight_hh`, [4 * latentSize, latentSize]],
          [`${prefix}.latent.bias`, [4 * latentSize]],
        ]
      : [
          [`${prefix}.latent.weight`, [latentSize, seen]],
          [`${prefix}.latent.bias`, [latentSize]],
        ];
  const policy = policySize(policyRows(config, inputSize, hiddenSize));
  return [...cell, ...latent, [`${prefix}.policy.weight`, [policy, latentSize]]];
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

/** Adaptive models from a PyTorch state dict with the names of the author's code, and whatever we exported ourselves. */
import { parseModelConfig, type ModelConfig } from '../../../core/config.js';
import type { ParameterEntry } from '../../../core/layout.js';
import { inputSizes, languageModelLayout, policyRows } from '../../../core/parameters.js';
import { cellList, torchNames } from './names.js';
import { isTied, type StateDict } from './state-dict.js';

/** Whether there are adaptive layers in it. */
export function isAdaptive(dict: StateDict): boolean {
  return dict.left.some((name) => /^rnns\.adapt_layers\./.test(name));
}

/** What the shapes say of a model that the author's code made: IO adaptation, a recurrent latent, policies from 0. */
export function adaptiveConfig(dict: StateDict): ModelConfig {
  const [vocabularySize, embeddingSize] = dict.matrix('encoder.weight');
  const cell =
    (['lstm', 'rnn', 'gru'] as const).find((name) => dict.has(`rnns.${cellList(name)}.0.weight_hh`)) ?? 'lstm';
  const hiddenSizes: number[] = [];
  do {
    hiddenSizes.push(dict.matrix(`rnns.${cellList(cell)}.${hiddenSizes.length}.weight_hh`)[1]);
  } while (dict.has(`rnns.${cellList(cell)}.${hiddenSizes.length}.weight_hh`));
  const shape = {
    vocabularySize,
    embeddingSize,
    hiddenSizes,
    latentSize: dict.matrix('rnns.adapt_layers.0.weight_hh')[1],
  };
  const decoder = dict.has('decoder.weight') ? 'decoder.weight' : null;
  const tiedDecoder = isTied(dict, 'encoder.weight', decoder, hiddenSizes.at(-1));
  const kind = { cell, adaptation: 'io', latent: 'recurrent', tiedDecoder } as const;
  return parseModelConfig({ ...kind, ...shape });
}

/** How the author's code cuts policies apart: as the paper has it, or as it was published, from the wrong places. */
export type PolicySlices = 'paper' | 'published';

/** All parameters, flat. @throws AdaptiveError 'model-file' */
export function takeParameters(dict: StateDict, config: ModelConfig, slices: PolicySlices): Float32Array {
  const layout = languageModelLayout(config);
  const parts = torchNames(config, layout).map(({ entry, name, second }) => {
    const values = dict.take(name, entry.shape);
    if (second !== null) dict.take(second, entry.shape).forEach((value, i) => (values[i] = (values[i] ?? NaN) + value));
    const moved = slices === 'published' && entry.name.endsWith('.policy.weight');
    return { entry, values: moved ? fromPublished(config, entry, values) : values };
  });
  if (config.tiedDecoder && dict.has('decoder.weight')) {
    dict.take('decoder.weight', [config.vocabularySize, config.embeddingSize]);
  }
  dict.finish('a model of this configuration');
  const parameters = new Float32Array(layout.length);
  for (const { entry, values } of parts) parameters.set(values, entry.offset);
  return parameters;
}

/**
 * The published code takes the sub-policy k from row size_{k−1} on, where the paper has the sum of all sizes before. Each row of
 * U makes one number of p by itself, so the rows that were meant can be put where the paper expects them: what comes out is the same.
 */
function fromPublished(config: ModelConfig, { name, shape }: ParameterEntry, weight: Float32Array): Float32Array {
  const layer = Number(name.split('.')[1]);
  const inputs = inputSizes(config.embeddingSize, config.hiddenSizes);
  const { x, h, ih, hh, b } = policyRows(config, inputs[layer] ?? NaN, config.hiddenSizes[layer] ?? NaN);
  const sizes = [x, h, ih, hh, b];
  const columns = shape[1] ?? NaN;
  const into = new Float32Array(weight.length);
  let row = 0;
  sizes.forEach((size, k) => {
    const start = sizes[k - 1] ?? 0;
    into.set(weight.subarray(start * columns, (start + size) * columns), row * columns);
    row += size;
  });
  return into;
}

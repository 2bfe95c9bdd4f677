/** A model as a PyTorch state dict in safetensors (docs/pytorch.md), with configuration and tokenizer in the metadata. */
import { languageModelLayout } from '../../../core/parameters.js';
import { modelMetadata, type ModelFileContent } from '../model-file.js';
import { parameterTensors } from '../model-tensors.js';
import { writeSafetensors } from '../safetensors.js';
import type { Tensor } from '../tensor.js';
import { torchNames } from './names.js';

/** Stands under `exporter` in the metadata: the file then says itself what its model is. */
export const exporter = 'adaptive-lm';

/**
 * Its modules have no weights of 8 bits: those of a model in int8 are stored as what they stand for, in 32.
 * @throws AdaptiveError 'model-file' if a weight is not finite or too large for f16
 */
export function encodePyTorch(content: ModelFileContent): ArrayBuffer {
  const { config, parameters, precision = 'f32' } = content;
  const layout = languageModelLayout(config);
  const ours = new Map(
    parameterTensors(layout, parameters, precision === 'int8' ? 'f32' : precision).map((tensor) => [
      tensor.name,
      tensor,
    ]),
  );
  const tensors = torchNames(config, layout).flatMap(({ entry, name, second }): Tensor[] => {
    const tensor = ours.get(entry.name);
    if (!tensor) return [];
    const renamed = { ...tensor, name };
    // A tied decoder is the embedding by another name, which a state dict has too.
    if (entry.name === 'embedding.weight' && config.tiedDecoder)
      return [renamed, { ...tensor, name: 'decoder.weight' }];
    return second === null
      ? [renamed]
      : [renamed, { ...tensor, name: second, data: new Uint8Array(tensor.data.length) }];
  });
  // `format` is how Python libraries know whose tensors these are.
  return writeSafetensors({ metadata: { format: 'pt', exporter, ...modelMetadata(content) }, tensors });
}

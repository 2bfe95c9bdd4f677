/** Files of other tools, both ways. Kept out of the worker's own file: most pages never ask for it. */
import type { ExportFormat, ImportFormat } from '../../core/file-formats.js';
import type { TokenizerSpec } from '../../core/tokenizer.js';
import { describeForeign } from './foreign-model.js';
import { AdaptiveError } from '../../core/errors.js';
import { encodeModelFile, parseModelMetadata, tokenizerSize, type ModelFile, type ModelFileContent } from './model-file.js';
import { encodeOnnx } from './onnx/onnx-file.js';
import { encodePyTorch, exporter } from './pytorch/export-pytorch.js';
import { adaptiveConfig, isAdaptive, takeParameters, type PolicySlices } from './pytorch/import-adaptive.js';
import { isPlain, takePlain } from './pytorch/import-plain.js';
import { StateDict } from './pytorch/state-dict.js';
import { grouped, refusal } from './refusal.js';
import type { SafetensorsFile } from './safetensors.js';

const encoders = { safetensors: encodeModelFile, onnx: encodeOnnx, pytorch: encodePyTorch } as const;

/** @throws AdaptiveError 'model-file' where the format cannot hold the model, 'memory' where there is no room for it */
export function encodeAs(format: ExportFormat, content: ModelFileContent): ArrayBuffer {
  return encoders[format](content);
}

export interface ImportOptions {
  /** What the file has to be; anything that is read here unless given. */
  readonly format?: ImportFormat | undefined;
  /** What the ids of the file mean, where it does not say so itself. Bytes unless given, if there are 256. */
  readonly tokenizer?: TokenizerSpec | undefined;
  /** 'published' for weights that were trained with the author's code as it is; 'paper' unless given. */
  readonly slices?: PolicySlices | undefined;
}

/** @throws AdaptiveError 'model-file' or 'model-config', with the tensor that does not fit */
export function importModel(file: SafetensorsFile, options: ImportOptions = {}): ModelFile {
  const dict = new StateDict(file);
  const { slices = 'paper', format } = options;
  // Ours say themselves what they are.
  if (file.metadata['exporter'] === exporter) {
    const description = parseModelMetadata(file.metadata);
    const precision = dict.half ? 'f16' : 'f32';
    return { ...description, precision, parameters: takeParameters(dict, description.config, slices) };
  }
  const unnamed = { title: '', validationLoss: null, training: null, precision: 'f32' } as const;
  if (isAdaptive(dict) && format !== 'lstm') {
    const config = adaptiveConfig(dict);
    const tokenizer = tokenizerFor(config.vocabularySize, options.tokenizer);
    return { ...unnamed, config, tokenizer, parameters: takeParameters(dict, config, slices) };
  }
  if (isPlain(dict)) {
    const { config, parameters } = takePlain(dict);
    return { ...unnamed, config, parameters, tokenizer: tokenizerFor(config.vocabularySize, options.tokenizer) };
  }
  throw refusal(
    `This safetensors file is no recurrent language model that can be read. It seems to hold ${describeForeign(file)}. ` +
      'Choose a file that adaptive-lm exported, or a PyTorch state dict with embedding, recurrent layers and decoder.',
    { format: file.metadata['format'] ?? null },
  );
}

/** @throws AdaptiveError 'model-config' if it is not one of V tokens, or none was given and they are not bytes */
function tokenizerFor(vocabularySize: number, given: TokenizerSpec = { kind: 'bytes' }): TokenizerSpec {
  const size = tokenizerSize(given);
  if (size === vocabularySize) return given;
  const details = { field: 'vocabularySize', expected: size, got: vocabularySize };
  const model = `The model has ${grouped(vocabularySize)} tokens`;
  throw new AdaptiveError(
    'model-config',
    given.kind === 'bytes'
      ? `${model}, and the file does not say what they stand for. Give its tokenizer.json or its vocabulary beside it.`
      : `${model}, and the tokenizer ${grouped(size)}. Give the one that the model was trained with.`,
    details,
  );
}

/** Files of other tools, both ways. Kept out of the worker's own file: most pages never ask for it. */
import type { ModelConfig } from '../../core/config.js';
import { AdaptiveError } from '../../core/errors.js';
import type { ExportFormat, ImportFormat } from '../../core/file-formats.js';
import type { TokenizerSpec } from '../../core/tokenizer.js';
import { describeForeign } from './foreign-model.js';
import { encodeModelFile, isOurs, parseModelMetadata, type ModelFile, type ModelFileContent } from './model-file.js';
import { encodeOnnx } from './onnx/onnx-file.js';
import { encodePyTorch, exporter } from './pytorch/export-pytorch.js';
import { adaptiveConfig, isAdaptive, takeParameters, type PolicySlices } from './pytorch/import-adaptive.js';
import { isPlain, takePlain } from './pytorch/import-plain.js';
import { StateDict } from './pytorch/state-dict.js';
import { grouped, refusal } from './refusal.js';
import { renumber } from './renumber.js';
import type { SafetensorsFile } from './safetensors.js';
import { readVocabulary, sameIds, type Vocabulary } from './vocabulary.js';

const encoders = { safetensors: encodeModelFile, onnx: encodeOnnx, pytorch: encodePyTorch } as const;

/** @throws AdaptiveError 'model-file' where the format cannot hold the model, 'memory' where there is no room for it */
export function encodeAs(format: ExportFormat, content: ModelFileContent): ArrayBuffer {
  return encoders[format](content);
}

export interface ImportOptions {
  /** What the file has to be; anything that is read here unless given. */
  readonly format?: ImportFormat | undefined;
  /** What the ids mean, or a file that says so, where the model's does not. Bytes unless given, if there are 256. */
  readonly tokenizer?: Uint8Array | TokenizerSpec | undefined;
  /** 'published' for weights that were trained with the author's code as it is; 'paper' unless given. */
  readonly slices?: PolicySlices | undefined;
}

/** @throws AdaptiveError 'model-file' or 'model-config', with the tensor that does not fit */
export function importModel(file: SafetensorsFile, options: ImportOptions = {}): ModelFile {
  if (isOurs(file)) throw refusal('This model is one of ours already. Open it as it is.');
  const dict = new StateDict(file);
  const { slices = 'paper' } = options;
  // Ours say themselves what they are.
  if (file.metadata['exporter'] === exporter) {
    const description = parseModelMetadata(file.metadata);
    const precision = dict.half ? 'f16' : 'f32';
    return { ...description, precision, parameters: takeParameters(dict, description.config, slices) };
  }
  const found = findModel(dict, options);
  if (found) {
    const { tokenizer } = options;
    const vocabulary = tokenizer instanceof Uint8Array ? readVocabulary(tokenizer) : tokenizer && sameIds(tokenizer);
    const named = withVocabulary(found, vocabulary);
    return { ...named, title: '', validationLoss: null, training: null, precision: 'f32' };
  }
  throw refusal(
    `This safetensors file is not an adaptive-lm model. It seems to hold ${describeForeign(file)}. ` +
      'Choose a file that adaptive-lm exported, or a PyTorch state dict with embedding, recurrent layers and decoder.',
    { format: file.metadata['format'] ?? null },
  );
}

interface Weights {
  readonly config: ModelConfig;
  /** Flat, in the layout of the configuration. */
  readonly parameters: Float32Array;
}

function findModel(dict: StateDict, { format, slices = 'paper' }: ImportOptions): Weights | null {
  if (isAdaptive(dict)) {
    if (format === 'lstm') throw refusal('The layers of this file are adaptive. Import it with --format pytorch.');
    const config = adaptiveConfig(dict);
    return { config, parameters: takeParameters(dict, config, slices) };
  }
  return isPlain(dict) ? takePlain(dict) : null;
}

/** @throws AdaptiveError 'model-config' if it is of another size, or there is none and the tokens cannot be bytes */
function withVocabulary(model: Weights, vocabulary?: Vocabulary): Weights & Pick<ModelFile, 'tokenizer'> {
  const { vocabularySize } = model.config;
  const size = vocabulary?.size ?? 256;
  if (size !== vocabularySize) {
    const has = `The model has ${grouped(vocabularySize)} tokens`;
    throw new AdaptiveError(
      'model-config',
      vocabulary
        ? `${has}, and the vocabulary ${grouped(size)}. Give the one that the model was trained with.`
        : `${has}, and its file does not say what they mean. Give its tokenizer.json or a list of its tokens as well.`,
      { field: 'vocabularySize', expected: size, got: vocabularySize },
    );
  }
  if (!vocabulary) return { ...model, tokenizer: { kind: 'bytes' } };
  return { ...renumber(model, vocabulary.sources), tokenizer: vocabulary.tokenizer };
}

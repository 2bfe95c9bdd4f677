/**
 * The project's model file: safetensors, with the parameters under their names (docs/math/README.md) and these
 * strings in the metadata:
 *
 *     format          "adaptive-lm"
 *     version         "1"
 *     config          JSON of the ModelConfig
 *     tokenizer       JSON of the TokenizerSpec
 *     title           what people call the model; may be empty
 *     validationLoss  mean loss on held-out text, nats per token; absent if never measured
 *     training        JSON object, how the model came to be, for people to read; may be absent
 *
 * Parameters are F32 or F16, row-major.
 */
import { parseModelConfig, type ModelConfig } from '../../core/config.js';
import { AdaptiveError } from '../../core/errors.js';
import type { ParameterEntry, ParameterLayout } from '../../core/layout.js';
import { parseTokenizerSpec, type TokenizerSpec } from '../../core/tokenizer.js';
import { languageModelLayout } from '../../model/parameters.js';
import { describeForeign } from './foreign-model.js';
import { getItAgain, grouped, quote, refusal, shapeText } from './refusal.js';
import { readSafetensors, writeSafetensors, type SafetensorsFile } from './safetensors.js';
import { isObject, parseStrictJson, type JsonObject } from './strict-json.js';
import { asFloat32, float16Tensor, float32Tensor, type Tensor } from './tensor.js';

export const modelFormat = 'adaptive-lm';
/** Counted up when files are written that earlier readers would misunderstand. */
export const modelFileVersion = 1;

export type FilePrecision = 'f32' | 'f16';

export interface ModelFile {
  readonly config: ModelConfig;
  readonly tokenizer: TokenizerSpec;
  /** Flat, in the layout of the configuration. */
  readonly parameters: Float32Array;
  readonly title: string;
  /** Nats per token. */
  readonly validationLoss: number | null;
  /** How the model came to be; null if the file does not say. */
  readonly training: JsonObject | null;
}

export interface ModelFileContent extends Omit<ModelFile, 'training'> {
  readonly training?: JsonObject | null;
  /** How weights are stored: 'f16' halves the file and keeps 11 significant bits. Default 'f32', which is exact. */
  readonly precision?: FilePrecision;
}

/**
 * Writes a model file; the same model always gives the same bytes.
 * @throws AdaptiveError 'model-file' if a weight is NaN, infinite or too large for f16; 'model-config' if the
 * tokenizer and the configuration disagree; 'internal' if the parameters do not have the configuration's length.
 */
export function encodeModelFile(content: ModelFileContent): ArrayBuffer {
  const { config, tokenizer, parameters, title, validationLoss, training = null, precision = 'f32' } = content;
  const layout = languageModelLayout(config);
  if (parameters.length !== layout.length) {
    throw new AdaptiveError(
      'internal',
      `A model of ${layout.length} numbers was to be saved from ${parameters.length} numbers.`,
    );
  }
  checkVocabulary(config, tokenizer);
  checkFinite(layout, parameters);
  const tensor = precision === 'f16' ? float16Tensor : float32Tensor;
  return writeSafetensors({
    metadata: {
      format: modelFormat,
      version: String(modelFileVersion),
      config: JSON.stringify(config),
      tokenizer: JSON.stringify(tokenizer),
      title: title.replace(/\p{Surrogate}/gu, '\ufffd'), // half a character has no UTF-8
      ...(validationLoss === null ? {} : { validationLoss: String(validationLoss) }),
      ...(training === null ? {} : { training: JSON.stringify(training) }),
    },
    tensors: layout.entries.map((entry) => tensor(entry.name, entry.shape, slice(parameters, entry))),
  });
}

/**
 * Reads a model file.
 * @throws AdaptiveError 'model-file' if it is no safetensors file, not one of ours, of a later version, or its
 * tensors are not those of its configuration; 'model-config' if the configuration or tokenizer cannot be.
 */
export function decodeModelFile(bytes: ArrayBuffer | Uint8Array): ModelFile {
  const file = readSafetensors(bytes);
  const { metadata } = file;
  checkFormat(file);
  const config = parseModelConfig(parseStrictJson(required(metadata, 'config'), 'The model configuration'));
  const tokenizer = parseTokenizerSpec(parseStrictJson(required(metadata, 'tokenizer'), 'The tokenizer'));
  checkVocabulary(config, tokenizer);
  const layout = languageModelLayout(config);
  // All names and shapes are checked before memory is asked for: so it is at most what the file itself takes, twice.
  const tensors = layout.entries.map((entry) => expectedTensor(file, entry));
  checkNoOthers(file, layout);
  const parameters = new Float32Array(layout.length);
  layout.entries.forEach(({ offset }, i) => {
    const tensor = tensors[i];
    if (tensor) parameters.set(asFloat32(tensor), offset);
  });
  checkFinite(layout, parameters);
  const { title = '', validationLoss, training } = metadata;
  return {
    config,
    tokenizer,
    parameters,
    title,
    validationLoss: validationLoss === undefined ? null : parseLoss(validationLoss),
    training: training === undefined ? null : parseTraining(training),
  };
}

/** Ids that a tokenizer gives out: V of its model. */
export function tokenizerSize(tokenizer: TokenizerSpec): number {
  return tokenizer.kind === 'bytes' ? 256 : [...tokenizer.alphabet].length + 1; // id 0 is the unknown character
}

function checkFormat(file: SafetensorsFile): void {
  const { format, version = '' } = file.metadata;
  if (format !== modelFormat) {
    throw refusal(
      `This safetensors file is not an adaptive-lm model. It seems to hold ${describeForeign(file)}. ` +
        'Choose a file that adaptive-lm exported.',
      { format: format ?? null },
    );
  }
  if (!/^[1-9]\d{0,8}$/.test(version)) {
    throw refusal(`The version of the model file should be a whole number and is ${quote(version)}. ${getItAgain}`);
  }
  if (Number(version) > modelFileVersion) {
    throw refusal(
      `The model file has version ${version}; this adaptive-lm reads up to ${modelFileVersion}. ` +
        'Update adaptive-lm (in a page: reload it) to open the file.',
      { expected: modelFileVersion, got: Number(version) },
    );
  }
}

function required(metadata: SafetensorsFile['metadata'], key: string): string {
  const value = metadata[key];
  if (value === undefined) throw refusal(`The model file has no ${key} in its metadata. ${getItAgain}`, { key });
  return value;
}

function checkVocabulary({ vocabularySize }: ModelConfig, tokenizer: TokenizerSpec): void {
  const size = tokenizerSize(tokenizer);
  if (size === vocabularySize) return;
  throw new AdaptiveError(
    'model-config',
    `The tokenizer has ${grouped(size)} tokens, but the model was made for ${grouped(vocabularySize)} ` +
      '(vocabularySize). They do not belong together; use the tokenizer that the model was trained with.',
    { field: 'vocabularySize', expected: size, got: vocabularySize },
  );
}

function expectedTensor(file: SafetensorsFile, { name, shape }: ParameterEntry): Tensor {
  const details = { tensor: name };
  const tensor = file.tensors.get(name);
  if (!tensor) throw refusal(`The model file lacks the tensor ${quote(name)}. ${getItAgain}`, details);
  if (tensor.shape.length !== shape.length || shape.some((dim, i) => dim !== tensor.shape[i])) {
    throw refusal(
      `Tensor ${quote(name)} should have the shape ${shapeText(shape)} by the model's configuration, and has ` +
        `${shapeText(tensor.shape)}. Configuration and weights do not belong together; export the model again.`,
      { ...details, expected: shapeText(shape), got: shapeText(tensor.shape) },
    );
  }
  if (tensor.dtype !== 'F32' && tensor.dtype !== 'F16') {
    throw refusal(`Tensor ${quote(name)} should be stored as F32 or F16, and is ${tensor.dtype}. Convert it to F32.`, {
      ...details,
      got: tensor.dtype,
    });
  }
  return tensor;
}

function checkNoOthers(file: SafetensorsFile, layout: ParameterLayout): void {
  const others = [...file.tensors.keys()].filter((name) => !layout.has(name));
  const [first] = others;
  if (first === undefined) return;
  throw refusal(
    `The model file holds the tensor ${quote(first)}${others.length > 1 ? ` and ${grouped(others.length - 1)} more` : ''}, ` +
      'which a model of its configuration does not have. Configuration and weights do not belong together; ' +
      'export the model again.',
    { tensor: first, count: others.length },
  );
}

function checkFinite(layout: ParameterLayout, parameters: Float32Array): void {
  for (const entry of layout.entries) {
    const bad = slice(parameters, entry).reduce((count, weight) => count + (Number.isFinite(weight) ? 0 : 1), 0);
    if (bad > 0) {
      throw refusal(
        `Tensor ${quote(entry.name)} holds ${grouped(bad)} weights of ${grouped(entry.size)} that are not finite ` +
          'numbers (NaN or infinity), as after a training that diverged. Use a copy from before that.',
        { tensor: entry.name, count: bad, size: entry.size },
      );
    }
  }
}

function slice(parameters: Float32Array, { offset, size }: ParameterEntry): Float32Array {
  return parameters.subarray(offset, offset + size);
}

function parseLoss(text: string): number {
  const loss = text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(loss) && loss >= 0) return loss;
  throw refusal(`The validationLoss of the model file should be a number from 0, and is ${quote(text)}. ${getItAgain}`);
}

function parseTraining(text: string): JsonObject {
  const training = parseStrictJson(text, 'The training summary of the model file');
  if (isObject(training)) return training;
  throw refusal(`The training summary of the model file should be a JSON object. ${getItAgain}`);
}

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
 * Parameters are row-major, in one of three precisions:
 *
 *     f32   F32
 *     f16   F16
 *     int8  a matrix NAME [rows, columns] is I8, from -127 to 127, and stands for its product with NAME.scale, F32 [rows]:
 *           w = scale · q in each row, scale = max |w| / 127 cut to 17 significant bits, q rounded to nearest (a row of
 *           zeros: 0, 0); vectors are F32
 */
import { parseModelConfig, type ModelConfig } from '../../core/config.js';
import { AdaptiveError } from '../../core/errors.js';
import type { Precision } from '../../core/precision.js';
import { parseTokenizerSpec, tokenizerSize, type TokenizerSpec } from '../../core/tokenizer.js';
import { languageModelLayout } from '../../core/parameters.js';
import { describeForeign } from './foreign-model.js';
import { parameterTensors, readParameters } from './model-tensors.js';
import { getItAgain, grouped, quote, refusal } from './refusal.js';
import { readSafetensors, writeSafetensors, type SafetensorsFile } from './safetensors.js';
import { isObject, parseStrictJson, type JsonObject } from './strict-json.js';

export const modelFormat = 'adaptive-lm';
/** Counted up when files are written that earlier readers would misunderstand. */
export const modelFileVersion = 1;

export interface ModelFile {
  readonly config: ModelConfig;
  readonly tokenizer: TokenizerSpec;
  /** Flat, in the layout of the configuration. */
  readonly parameters: Float32Array;
  /** What they were stored as: written so again, the file holds the same weights. */
  readonly precision: Precision;
  readonly title: string;
  /** Nats per token. */
  readonly validationLoss: number | null;
  /** How the model came to be; null if the file does not say. */
  readonly training: JsonObject | null;
}

export interface ModelFileContent extends Omit<ModelFile, 'training' | 'precision'> {
  readonly training?: JsonObject | null;
  /** Default 'f32', which is exact. 'f16' halves the file, 'int8' makes it nearly four times smaller. */
  readonly precision?: Precision;
}

/**
 * Writes a model file; the same model always gives the same bytes.
 * @throws AdaptiveError 'model-file' if a weight is NaN, infinite or too large for f16; 'model-config' if the
 * tokenizer and the configuration disagree; 'internal' if the parameters do not have the configuration's length.
 */
export function encodeModelFile(content: ModelFileContent): ArrayBuffer {
  const { config, tokenizer, parameters, precision = 'f32' } = content;
  const layout = languageModelLayout(config);
  if (parameters.length !== layout.length) {
    throw new AdaptiveError(
      'internal',
      `A model of ${layout.length} numbers was to be saved from ${parameters.length} numbers.`,
    );
  }
  checkVocabulary(config, tokenizer);
  return writeSafetensors({
    metadata: { format: modelFormat, version: String(modelFileVersion), ...modelMetadata(content) },
    tensors: parameterTensors(layout, parameters, precision),
  });
}

/** What a model is beside its weights, in strings; also for files of other formats. */
export function modelMetadata(content: ModelFileContent): Readonly<Record<string, string>> {
  const { config, tokenizer, title, validationLoss, training = null } = content;
  return {
    config: JSON.stringify(config),
    tokenizer: JSON.stringify(tokenizer),
    title: title.replace(/\p{Surrogate}/gu, '\ufffd'), // half a character has no UTF-8
    ...(validationLoss === null ? {} : { validationLoss: String(validationLoss) }),
    ...(training === null ? {} : { training: JSON.stringify(training) }),
  };
}

/**
 * Reads a model file.
 * @throws AdaptiveError 'model-file' if it is no safetensors file, not one of ours, of a later version, or its
 * tensors are not those of its configuration; 'model-config' if the configuration or tokenizer cannot be.
 */
export function decodeModelFile(bytes: ArrayBuffer | Uint8Array): ModelFile {
  return decodeModel(readSafetensors(bytes));
}

export function isOurs({ metadata }: SafetensorsFile): boolean {
  return metadata['format'] === modelFormat;
}

/** The same of a file whose tensors were found already. */
export function decodeModel(file: SafetensorsFile): ModelFile {
  checkFormat(file);
  const description = parseModelMetadata(file.metadata);
  const stored = readParameters(file, languageModelLayout(description.config));
  return { ...description, ...stored };
}

/** @throws AdaptiveError 'model-file', 'model-config' */
export function parseModelMetadata(metadata: SafetensorsFile['metadata']): Omit<ModelFile, 'parameters' | 'precision'> {
  const config = parseModelConfig(parseStrictJson(required(metadata, 'config'), 'The model configuration'));
  const tokenizer = parseTokenizerSpec(parseStrictJson(required(metadata, 'tokenizer'), 'The tokenizer'));
  checkVocabulary(config, tokenizer);
  const { title = '', validationLoss, training } = metadata;
  return {
    config,
    tokenizer,
    title,
    validationLoss: validationLoss === undefined ? null : parseLoss(validationLoss),
    training: training === undefined ? null : parseTraining(training),
  };
}

function checkFormat(file: SafetensorsFile): void {
  const { format, version = '' } = file.metadata;
  if (!isOurs(file)) {
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

/**
 * A checkpoint: a model as it was kept, and the run that makes it, if that has not ended. As a sealed safetensors file:
 *
 *     metadata  format "adaptive-lm-checkpoint", version "1", sequence (counts up with each checkpoint of a name),
 *               savedAt (ms since 1970), title, validationLoss, and as JSON config, tokenizer, run (RunRecord)
 *     model     F32 [n]  the weights to write with, flat, in the layout of the configuration
 *     parameters, moment1, moment2  F32 [n]  where the run stands, if there is one
 *     state.*   F32 [length]  its recurrent state; without any, the zero state
 *
 * The sealed file's tensors are written in the order of their names, so `model` comes first.
 */
import { parseModelConfig, type ModelConfig } from '../../core/config.js';
import { AdaptiveError } from '../../core/errors.js';
import { languageModelLayout } from '../../core/parameters.js';
import { parseRunRecord, type RunRecord } from '../../core/run-record.js';
import { parseTokenizerSpec, type TokenizerSpec } from '../../core/tokenizer.js';
import type { SafetensorsFile } from '../files/safetensors.js';
import { parseStrictJson } from '../files/strict-json.js';
import type { Tensor } from '../files/tensor.js';
import type { TrainingState } from '../training-step.js';
import type { SealedContent } from './sealed-file.js';

const format = 'adaptive-lm-checkpoint';
/** Counted up when checkpoints are written that earlier readers would misunderstand. */
export const checkpointVersion = 1;

export interface CheckpointRun {
  readonly record: RunRecord;
  readonly state: TrainingState;
}

export interface Checkpoint {
  readonly config: ModelConfig;
  readonly tokenizer: TokenizerSpec;
  readonly title: string;
  /** Nats per token. */
  readonly validationLoss: number | null;
  /** Flat: the best weights so far. */
  readonly model: Float32Array;
  readonly run: CheckpointRun | null;
}

export function encodeCheckpoint(checkpoint: Checkpoint, sequence: number, savedAt: number): SealedContent {
  const { config, tokenizer, title, validationLoss, model, run } = checkpoint;
  const flat = run && [
    tensor('parameters', run.state.parameters),
    tensor('moment1', run.state.moment1),
    tensor('moment2', run.state.moment2),
    ...[...(run.state.recurrent ?? [])].map(([name, values]) => tensor(name, values)),
  ];
  return {
    metadata: {
      format,
      version: String(checkpointVersion),
      sequence: String(sequence),
      savedAt: String(savedAt),
      title: title.replace(/\p{Surrogate}/gu, '\ufffd'),
      config: JSON.stringify(config),
      tokenizer: JSON.stringify(tokenizer),
      ...(validationLoss === null ? {} : { validationLoss: String(validationLoss) }),
      ...(run ? { run: JSON.stringify(run.record) } : {}),
    },
    tensors: [tensor('model', model), ...(flat ?? [])],
  };
}

/** Of a file that is whole. @throws AdaptiveError 'checkpoint' when it is of a later version, or no checkpoint */
export function decodeCheckpoint({ metadata, tensors }: SafetensorsFile): Checkpoint {
  checkVersion(metadata);
  const config = parseModelConfig(json(metadata, 'config'));
  const { length } = languageModelLayout(config);
  const flat = (name: string): Float32Array => {
    const values = floats(tensors.get(name));
    if (values.length === length) return values;
    throw unreadable(`${name} has ${values.length} numbers instead of ${length}`);
  };
  const { title = '', validationLoss, run } = metadata;
  return {
    config,
    tokenizer: parseTokenizerSpec(json(metadata, 'tokenizer')),
    title,
    validationLoss: validationLoss === undefined ? null : Number(validationLoss),
    model: flat('model'),
    run:
      run === undefined
        ? null
        : {
            record: parseRunRecord(json(metadata, 'run')),
            state: {
              parameters: flat('parameters'),
              moment1: flat('moment1'),
              moment2: flat('moment2'),
              recurrent: recurrentOf(tensors),
            },
          },
  };
}

/** What a list shows of one; `run` is null when it has ended. @throws AdaptiveError 'checkpoint' */
export function summarise(metadata: SafetensorsFile['metadata']): {
  readonly sequence: number;
  readonly savedAt: number;
  readonly run: RunRecord | null;
} {
  checkVersion(metadata);
  const { sequence, savedAt, run } = metadata;
  return {
    sequence: Number(sequence),
    savedAt: Number(savedAt),
    run: run === undefined ? null : parseRunRecord(json(metadata, 'run')),
  };
}

function checkVersion({ format: found, version }: SafetensorsFile['metadata']): void {
  if (found !== format) throw unreadable('it is no checkpoint');
  if (!(Number(version) >= 1)) throw unreadable(`its version is ${version}`);
  if (Number(version) <= checkpointVersion) return;
  throw new AdaptiveError(
    'checkpoint',
    `What is stored was written by a later adaptive-lm (version ${version}; this one reads up to ${checkpointVersion}). ` +
      'Nothing was changed. Update adaptive-lm (in a page: reload it) to go on.',
    { reason: 'newer', expected: checkpointVersion, got: Number(version) },
  );
}

function unreadable(problem: string): AdaptiveError {
  return new AdaptiveError('checkpoint', `What is stored cannot be read: ${problem}. Delete it and train anew.`, {
    reason: 'unreadable',
  });
}

function json(metadata: SafetensorsFile['metadata'], key: string): unknown {
  return parseStrictJson(metadata[key] ?? '', `The ${key} of what is stored`);
}

function tensor(name: string, values: Float32Array): Tensor {
  const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, dtype: 'F32', shape: [values.length], data };
}

/** The numbers in place, where they are aligned; all machines that this runs on are little-endian. */
function floats(stored: Tensor | undefined): Float32Array {
  if (stored?.dtype !== 'F32') throw unreadable('a tensor is missing');
  const { data } = stored;
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice();
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

function recurrentOf(tensors: SafetensorsFile['tensors']): TrainingState['recurrent'] {
  const found = [...tensors].filter(([name]) => name.startsWith('state.'));
  return found.length === 0 ? null : new Map(found.map(([name, stored]) => [name, floats(stored)]));
}

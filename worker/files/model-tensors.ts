/** The tensors of a model file: what each parameter is stored as, and whether a file holds just those of its configuration. */
import type { ParameterEntry, ParameterLayout } from '../../core/layout.js';
import type { Precision } from '../../core/precision.js';
import { int8Tensors, readInt8, scaleName } from './int8-tensors.js';
import { getItAgain, grouped, quote, refusal, shapeText } from './refusal.js';
import type { SafetensorsFile } from './safetensors.js';
import { asFloat32, float16Tensor, float32Tensor, type Dtype, type Tensor } from './tensor.js';

/** The tensors of `parameters`, flat. @throws AdaptiveError 'model-file' if a weight is NaN, infinite or too large for f16. */
export function parameterTensors(layout: ParameterLayout, parameters: Float32Array, precision: Precision): Tensor[] {
  checkFinite(layout, parameters);
  return layout.entries.flatMap((entry) => {
    const { name, shape } = entry;
    const values = slice(parameters, entry);
    if (precision === 'int8' && isMatrix(entry)) return int8Tensors(name, shape, values);
    return [precision === 'f16' ? float16Tensor(name, shape, values) : float32Tensor(name, shape, values)];
  });
}

export interface StoredParameters {
  /** Flat. */
  readonly parameters: Float32Array;
  /** The least precision that keeps them all. */
  readonly precision: Precision;
}

/** @throws AdaptiveError 'model-file' if the tensors are not those of the layout, or hold what is no weight. */
export function readParameters(file: SafetensorsFile, layout: ParameterLayout): StoredParameters {
  // All names and shapes are checked before memory is asked for: so it is at most what the file itself takes, four times.
  const stored = layout.entries.map((entry) => ({ entry, ...expectedTensors(file, entry) }));
  checkNoOthers(file, new Set(stored.flatMap(({ tensor, scale }) => [tensor.name, ...(scale ? [scale.name] : [])])));
  const parameters = new Float32Array(layout.length);
  for (const { entry, tensor, scale } of stored) {
    parameters.set(scale ? readInt8(tensor, scale) : asFloat32(tensor), entry.offset);
  }
  checkFinite(layout, parameters);
  return { parameters, precision: precisionOf(stored) };
}

/** A mixture is as precise as its most precise part; vectors need not be in 8 bits. */
function precisionOf(stored: readonly { readonly entry: ParameterEntry; readonly tensor: Tensor }[]): Precision {
  if (stored.every(({ entry, tensor }) => tensor.dtype === 'I8' || !isMatrix(entry))) return 'int8';
  return stored.every(({ tensor }) => tensor.dtype === 'F16') ? 'f16' : 'f32';
}

function isMatrix({ shape }: ParameterEntry): boolean {
  return shape.length === 2;
}

interface StoredTensor {
  readonly tensor: Tensor;
  /** Of the rows; null where weights are floating point numbers. */
  readonly scale: Tensor | null;
}

function expectedTensors(file: SafetensorsFile, entry: ParameterEntry): StoredTensor {
  const { name, shape } = entry;
  const tensor = expectedTensor(file, name, shape, isMatrix(entry) ? ['F32', 'F16', 'I8'] : ['F32', 'F16']);
  const scale = tensor.dtype === 'I8' ? expectedTensor(file, scaleName(name), shape.slice(0, 1), ['F32']) : null;
  return { tensor, scale };
}

function expectedTensor(
  file: SafetensorsFile,
  name: string,
  shape: readonly number[],
  dtypes: readonly Dtype[],
): Tensor {
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
  if (!dtypes.includes(tensor.dtype)) {
    throw refusal(
      `Tensor ${quote(name)} should be stored as ${dtypes.join(' or ')}, and is ${tensor.dtype}. Convert it to F32.`,
      { ...details, got: tensor.dtype },
    );
  }
  return tensor;
}

function checkNoOthers(file: SafetensorsFile, expected: ReadonlySet<string>): void {
  const others = [...file.tensors.keys()].filter((name) => !expected.has(name));
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

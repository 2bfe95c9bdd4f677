/**
 * A tensor as it lies in a file: a name, a number format, a shape and little-endian bytes in row-major order;
 * and its numbers as typed arrays. Reading copies, so a file's bytes need no alignment and are never written to.
 */
import { bfloat16ToNumber, float16ToNumber, numberToFloat16 } from './half.js';
import { grouped, quote, refusal } from './refusal.js';

interface NumberFormat {
  /** Bytes of one element. */
  readonly bytes: number;
  readonly floating: boolean;
  readonly read: (data: DataView, byte: number) => number | bigint;
}

/**
 * The number formats read here, by their names in files, in the order by which the reference implementation
 * (huggingface/safetensors, tensor.rs) sorts tensors: alignment never falls along it.
 */
export const dtypes = {
  BOOL: { bytes: 1, floating: false, read: (data, byte) => data.getUint8(byte) },
  U8: { bytes: 1, floating: false, read: (data, byte) => data.getUint8(byte) },
  I8: { bytes: 1, floating: false, read: (data, byte) => data.getInt8(byte) },
  I16: { bytes: 2, floating: false, read: (data, byte) => data.getInt16(byte, true) },
  U16: { bytes: 2, floating: false, read: (data, byte) => data.getUint16(byte, true) },
  F16: { bytes: 2, floating: true, read: (data, byte) => float16ToNumber(data.getUint16(byte, true)) },
  BF16: { bytes: 2, floating: true, read: (data, byte) => bfloat16ToNumber(data.getUint16(byte, true)) },
  I32: { bytes: 4, floating: false, read: (data, byte) => data.getInt32(byte, true) },
  U32: { bytes: 4, floating: false, read: (data, byte) => data.getUint32(byte, true) },
  F32: { bytes: 4, floating: true, read: (data, byte) => data.getFloat32(byte, true) },
  F64: { bytes: 8, floating: true, read: (data, byte) => data.getFloat64(byte, true) },
  I64: { bytes: 8, floating: false, read: (data, byte) => data.getBigInt64(byte, true) },
  U64: { bytes: 8, floating: false, read: (data, byte) => data.getBigUint64(byte, true) },
} as const satisfies Record<string, NumberFormat>;

export type Dtype = keyof typeof dtypes;

export function isDtype(name: string): name is Dtype {
  return Object.hasOwn(dtypes, name);
}

export interface Tensor {
  readonly name: string;
  readonly dtype: Dtype;
  /** [] is a scalar; a 0 in it makes an empty tensor. */
  readonly shape: readonly number[];
  /** The elements, little-endian, row-major: product of `shape` × bytes of `dtype`. */
  readonly data: Uint8Array;
}

/** Whether `stored`, what the array made of `value`, still says the same. */
type Kept = (value: number | bigint, stored: number) => boolean;

/** Bigints and numbers compare by their mathematical value, so this holds for 64-bit integers too. */
const same: Kept = (value, stored) => !(value < stored || value > stored);

/**
 * The numbers as float64: every format is kept exactly.
 * @throws AdaptiveError 'model-file' if a 64-bit integer is not representable (beyond 2⁵³), or a BOOL not 0 or 1.
 */
export function asFloat64(tensor: Tensor): Float64Array {
  return read(tensor, new Float64Array(sizeOf(tensor)), 'a 64-bit floating point number', same);
}

/**
 * The numbers as float32. Floating point values round to nearest; integers, which may be ids, must be kept exactly.
 * @throws AdaptiveError 'model-file' if a finite value overflows, an integer would change (beyond 2²⁴), or a BOOL
 * is not 0 or 1.
 */
export function asFloat32(tensor: Tensor): Float32Array {
  const { floating } = dtypes[tensor.dtype];
  const kept: Kept = floating ? (value, stored) => Number.isFinite(stored) || same(value, stored) : same;
  return read(tensor, new Float32Array(sizeOf(tensor)), 'a 32-bit floating point number', kept);
}

/**
 * The numbers as int32: all must be whole and within the range.
 * @throws AdaptiveError 'model-file' if a value is not, or a BOOL is not 0 or 1.
 */
export function asInt32(tensor: Tensor): Int32Array {
  const kept: Kept = (value, stored) => !Number.isNaN(value) && same(value, stored);
  return read(tensor, new Int32Array(sizeOf(tensor)), 'a 32-bit integer', kept);
}

function sizeOf({ dtype, data }: Tensor): number {
  return data.byteLength / dtypes[dtype].bytes;
}

function read<T extends Float32Array | Float64Array | Int32Array>(
  tensor: Tensor,
  out: T,
  target: string,
  kept: Kept,
): T {
  const { name, dtype, data } = tensor;
  const format: NumberFormat = dtypes[dtype];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let i = 0; i < out.length; i++) {
    const value = format.read(view, i * format.bytes);
    out[i] = Number(value);
    const stored = out[i] ?? NaN; // rounded or wrapped to the array's own format
    if (!kept(value, stored) || (dtype === 'BOOL' && stored > 1)) {
      throw refusal(
        `Tensor ${quote(name)}: element ${grouped(i)} is ${value} (${dtype}), which cannot be kept as ` +
          `${dtype === 'BOOL' ? 'a BOOL: it should be 0 or 1' : target}. Store the tensor in a format that fits.`,
        { tensor: name, element: i, value: String(value) },
      );
    }
  }
  return out;
}

/** A tensor of float32 values. */
export function float32Tensor(name: string, shape: readonly number[], values: Float32Array): Tensor {
  const data = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => data.setFloat32(4 * i, value, true));
  return { name, dtype: 'F32', shape, data: new Uint8Array(data.buffer) };
}

/**
 * A tensor of binary16 values, each the nearest to the one given, ties to even.
 * @throws AdaptiveError 'model-file' if a finite value is too large (|x| ≥ 65520).
 */
export function float16Tensor(name: string, shape: readonly number[], values: Float32Array): Tensor {
  const data = new DataView(new ArrayBuffer(2 * values.length));
  values.forEach((value, i) => {
    const bits = numberToFloat16(value);
    if ((bits & 0x7fff) === 0x7c00 && Number.isFinite(value)) {
      throw refusal(
        `Tensor ${quote(name)}: element ${grouped(i)} is ${value}, too large for 16 bits (at most 65504). ` +
          'Store the model in 32 bits.',
        { tensor: name, element: i, value: String(value) },
      );
    }
    data.setUint16(2 * i, bits, true);
  });
  return { name, dtype: 'F16', shape, data: new Uint8Array(data.buffer) };
}

/** A matrix in 8 bits: whole numbers as I8 under its name, and the scales of its rows as F32 under NAME.scale. */
import { dequantiseRow, quantiseRow, rowScale } from '../int8-rows.js';
import { getItAgain, grouped, quote, refusal } from './refusal.js';
import { asFloat32, float32Tensor, type Tensor } from './tensor.js';

export function scaleName(name: string): string {
  return `${name}.scale`;
}

/** Both tensors of `values` [rows, columns], which are finite. */
export function int8Tensors(name: string, shape: readonly number[], values: Float32Array): Tensor[] {
  const [rows = 0, columns = 0] = shape;
  const whole = new Int8Array(values.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const [from, to] = [row * columns, (row + 1) * columns];
    const scale = rowScale(values.subarray(from, to));
    quantiseRow(values.subarray(from, to), scale, whole.subarray(from, to));
    scales[row] = scale;
  }
  const data = new Uint8Array(whole.buffer);
  return [{ name, dtype: 'I8', shape, data }, float32Tensor(scaleName(name), [rows], scales)];
}

/**
 * The matrix that two tensors of fitting shapes stand for.
 * @throws AdaptiveError 'model-file' if a scale is negative or no number, or a whole number is −128.
 */
export function readInt8(tensor: Tensor, scale: Tensor): Float32Array {
  const columns = tensor.shape[1] ?? 0;
  const whole = new Int8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
  const scales = asFloat32(scale);
  const wrong = whole.indexOf(-128);
  if (wrong >= 0) throw badElement(tensor, wrong, -128, 'whole numbers of 8 bits here go from -127 to 127');
  const values = new Float32Array(whole.length);
  scales.forEach((value, row) => {
    if (!(Number.isFinite(value) && value >= 0))
      throw badElement(scale, row, value, 'a scale should be a number from 0');
    const [from, to] = [row * columns, (row + 1) * columns];
    dequantiseRow(whole.subarray(from, to), value, values.subarray(from, to));
  });
  return values;
}

function badElement({ name }: Tensor, element: number, value: number, rule: string) {
  return refusal(`Tensor ${quote(name)}: element ${grouped(element)} is ${value}, and ${rule}. ${getItAgain}`, {
    tensor: name,
    element,
    value: String(value),
  });
}

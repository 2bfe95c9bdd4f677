/**
 * A row of numbers as whole numbers of 8 bits and a scale: w_k ≈ s q_k, |q_k| ≤ 127, s = max |w| / 127, so an error of
 * s/2 at most. A row of zeros has the scale 0.
 *
 * s is cut to 17 significant bits. Then s q_k, of 17 + 7 bits, is exact in float32, and the row that was read back has
 * the same s and q again: what went through int8 once comes through unchanged ever after.
 */
const largestWhole = 127;
/** Below the normal numbers bits are lost, so smaller scales are raised to this one. */
const leastScale = 2 ** -126;
const droppedBits = 24 - 17;

const scratch = new DataView(new ArrayBuffer(4));

/** s; not finite if the row is not. */
export function rowScale(row: Float32Array): number {
  let largest = 0;
  for (let k = 0; k < row.length; k++) largest = Math.max(largest, Math.abs(row[k] ?? NaN));
  const scale = Math.max(cut(largest / largestWhole), leastScale);
  return nearest(largest / scale) === 0 ? 0 : scale;
}

/** q, into the first elements of `into`. */
export function quantiseRow(row: Float32Array, scale: number, into: Int8Array): void {
  const inverse = scale === 0 ? 0 : 1 / scale;
  for (let k = 0; k < row.length; k++) into[k] = nearest((row[k] ?? NaN) * inverse);
}

/** s q. */
export function dequantiseRow(whole: Int8Array, scale: number, into: Float32Array): void {
  for (let k = 0; k < whole.length; k++) into[k] = (whole[k] ?? NaN) * scale;
}

/** Ties go up. Math.round does the same ten times slower. */
function nearest(value: number): number {
  return Math.floor(value + 0.5);
}

function cut(value: number): number {
  scratch.setFloat32(0, value);
  scratch.setUint32(0, (scratch.getUint32(0) >>> droppedBits) << droppedBits);
  return scratch.getFloat32(0);
}

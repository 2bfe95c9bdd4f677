/**
 * The two 16-bit floating point formats of model files. IEEE 754-2019 binary16: 1 sign, 5 exponent (bias 15) and
 * 10 fraction bits. bfloat16: the upper half of a binary32.
 */

const scratch = new DataView(new ArrayBuffer(8));

/** The value of a binary16, exactly. `bits` is 0 … 0xffff. */
export function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/**
 * The binary16 nearest to `value`, ties to even. Rounded once, from the double, so nothing is rounded twice.
 * Magnitudes from 65520 (half-way between 65504 and 2¹⁶) become infinite; NaN stays NaN.
 */
export function numberToFloat16(value: number): number {
  const magnitude = Math.abs(value);
  scratch.setFloat64(0, value);
  const high = scratch.getUint32(0);
  const sign = (high >>> 16) & 0x8000;
  if (Number.isNaN(value)) return 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00;
  // Below 2⁻¹⁴ the spacing stops shrinking: subnormal numbers.
  const exponent = Math.max(((high >>> 20) & 0x7ff) - 1023, -14);
  const units = roundHalfToEven(magnitude * 2 ** (10 - exponent));
  // units is 1024 … 2048 for normal numbers: its leading bit, and the carry of 2048, count up the exponent field.
  return sign | (((exponent + 14) << 10) + units);
}

/** The value of a bfloat16, exactly. `bits` is 0 … 0xffff. */
export function bfloat16ToNumber(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}

function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

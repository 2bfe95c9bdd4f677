/** Number formats: what is exact, what rounds, and what is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bfloat16ToNumber, float16ToNumber, numberToFloat16 } from '../../worker/files/half.js';
import {
  asFloat32,
  asFloat64,
  asInt32,
  dtypes,
  float16Tensor,
  float32Tensor,
  isDtype,
  type Dtype,
  type Tensor,
} from '../../worker/files/tensor.js';
import { refuses } from './refuses.js';

type Value = number | bigint;

const setters: { readonly [dtype in Dtype]: (data: DataView, at: number, value: Value) => void } = {
  BOOL: (data, at, value) => data.setUint8(at, Number(value)),
  U8: (data, at, value) => data.setUint8(at, Number(value)),
  I8: (data, at, value) => data.setInt8(at, Number(value)),
  U16: (data, at, value) => data.setUint16(at, Number(value), true),
  I16: (data, at, value) => data.setInt16(at, Number(value), true),
  F16: (data, at, value) => data.setUint16(at, numberToFloat16(Number(value)), true),
  BF16: (data, at, value) => data.setUint16(at, bits32(Number(value)) >>> 16, true),
  U32: (data, at, value) => data.setUint32(at, Number(value), true),
  I32: (data, at, value) => data.setInt32(at, Number(value), true),
  F32: (data, at, value) => data.setFloat32(at, Number(value), true),
  F64: (data, at, value) => data.setFloat64(at, Number(value), true),
  I64: (data, at, value) => data.setBigInt64(at, BigInt(value), true),
  U64: (data, at, value) => data.setBigUint64(at, BigInt(value), true),
};

function bits32(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getUint32(0);
}

function tensor(dtype: Dtype, ...values: Value[]): Tensor {
  const { bytes } = dtypes[dtype];
  const data = new DataView(new ArrayBuffer(bytes * values.length));
  values.forEach((value, i) => setters[dtype](data, i * bytes, value));
  return { name: 'x', dtype, shape: [values.length], data: new Uint8Array(data.buffer) };
}

/** The extreme values of each format and some between; all of them fit a float64. */
const exact: { readonly [dtype in Dtype]: readonly number[] } = {
  BOOL: [0, 1],
  U8: [0, 255],
  I8: [-128, 127],
  U16: [0, 65535],
  I16: [-32768, 32767],
  F16: [0, -1.5, 65504, 2 ** -24, 2 ** -14, Infinity, -Infinity, NaN],
  BF16: [0, -1.5, 3.3895313892515355e38, 2 ** -133, Infinity, -Infinity, NaN],
  U32: [0, 2 ** 32 - 1],
  I32: [-(2 ** 31), 2 ** 31 - 1],
  F32: [0, -1.5, Math.fround(0.1), 3.4028234663852886e38, 2 ** -149, Infinity, -Infinity, NaN],
  F64: [0, -1.5, 0.1, Number.MAX_VALUE, Number.MIN_VALUE, Infinity, -Infinity, NaN],
  I64: [0, -(2 ** 53), 2 ** 53, 2 ** 62],
  U64: [0, 2 ** 53, 2 ** 63],
};

const dtypeNames = Object.keys(dtypes).filter(isDtype);

test('asFloat64 keeps every format exactly', () => {
  for (const dtype of dtypeNames) assert.deepEqual([...asFloat64(tensor(dtype, ...exact[dtype]))], exact[dtype], dtype);
});

test('asFloat64 refuses 64-bit integers that are not representable', () => {
  for (const dtype of ['I64', 'U64'] as const) {
    const error = refuses(() => asFloat64(tensor(dtype, 1n, 2n ** 53n + 1n)), 'model-file', '"x"', '9007199254740993');
    assert.equal(error.details['element'], 1);
  }
  refuses(() => asFloat64(tensor('U64', 2n ** 64n - 1n)), 'model-file', '18446744073709551615 (U64)');
  refuses(() => asFloat64(tensor('I64', -(2n ** 53n) - 1n)), 'model-file', '-9007199254740993');
});

test('asFloat32 keeps what 24 bits hold and refuses integers beyond', () => {
  for (const dtype of ['BOOL', 'U8', 'I8', 'U16', 'I16', 'F16', 'BF16', 'F32'] as const) {
    assert.deepEqual([...asFloat32(tensor(dtype, ...exact[dtype]))], exact[dtype], dtype);
  }
  for (const dtype of ['I32', 'U32', 'I64', 'U64'] as const) {
    assert.deepEqual([...asFloat32(tensor(dtype, 7, 2 ** 24, 2 ** 31 - 128))], [7, 2 ** 24, 2 ** 31 - 128]);
    refuses(() => asFloat32(tensor(dtype, 2 ** 24 + 1)), 'model-file', '16777217', '32-bit floating point');
  }
});

test('asFloat32 rounds float64 to nearest, and refuses what overflows', () => {
  fc.assert(
    fc.property(fc.double({ min: -3.4e38, max: 3.4e38 }), (value) => {
      assert.deepEqual([...asFloat32(tensor('F64', value))], [Math.fround(value)]);
    }),
  );
  assert.deepEqual([...asFloat32(tensor('F64', Infinity, NaN, -Infinity))], [Infinity, NaN, -Infinity]);
  refuses(() => asFloat32(tensor('F64', 0, 1e39)), 'model-file', 'element 1 is 1e+39 (F64)');
});

test('asInt32 keeps whole numbers in range, from any format, and refuses the rest', () => {
  for (const dtype of dtypeNames) {
    assert.deepEqual([...asInt32(tensor(dtype, 0, 1))], [0, 1], dtype);
  }
  const ends = [-(2 ** 31), 2 ** 31 - 1];
  for (const dtype of ['I32', 'I64', 'F64'] as const) assert.deepEqual([...asInt32(tensor(dtype, ...ends))], ends);
  assert.deepEqual([...asInt32(tensor('F32', -0, 5))], [0, 5]);
  for (const dtype of ['F16', 'BF16', 'F32', 'F64'] as const) {
    for (const value of [0.5, NaN, Infinity, -Infinity]) {
      refuses(() => asInt32(tensor(dtype, value)), 'model-file', `${value} (${dtype})`, '32-bit integer');
    }
  }
  for (const dtype of ['U32', 'I64', 'U64', 'F32', 'F64'] as const) {
    refuses(() => asInt32(tensor(dtype, 2 ** 31)), 'model-file', '2147483648');
  }
  refuses(() => asInt32(tensor('I64', 2n ** 32n)), 'model-file', '4294967296'); // 0 in its lower half
  refuses(() => asInt32(tensor('F64', -(2 ** 31) - 1)), 'model-file', '-2147483649');
});

test('a BOOL is 0 or 1', () => {
  for (const read of [asFloat32, asFloat64, asInt32]) {
    refuses(() => read(tensor('BOOL', 1, 2)), 'model-file', 'element 1 is 2', '0 or 1');
  }
});

test('reading copies: neither alignment nor writing to the result touches the file', () => {
  const bytes = new Uint8Array(9);
  bytes.set(float32Tensor('x', [2], Float32Array.of(1, 2)).data, 1);
  const odd: Tensor = { name: 'x', dtype: 'F32', shape: [2], data: bytes.subarray(1) };
  const values = asFloat32(odd);
  assert.deepEqual([...values], [1, 2]);
  values.fill(9);
  assert.deepEqual([...asFloat32(odd)], [1, 2]);
});

test('float32Tensor is little-endian and exact', () => {
  assert.deepEqual([...float32Tensor('x', [1], Float32Array.of(1.5)).data], [0, 0, 0xc0, 0x3f]);
});

test('binary16: every one of them survives a round trip', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = float16ToNumber(bits);
    if (Number.isNaN(value)) assert.ok((bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0 && Number.isNaN(value));
    else assert.equal(numberToFloat16(value), bits);
  }
  assert.ok(Number.isNaN(float16ToNumber(numberToFloat16(NaN))));
});

test('binary16: known values', () => {
  const known: readonly (readonly [bits: number, value: number])[] = [
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x3c00, 1],
    [0x3c01, 1.0009765625],
    [0x7bff, 65504],
    [0x8000, -0],
    [0xc000, -2],
    [0xfc00, -Infinity],
  ];
  for (const [bits, value] of known) assert.ok(Object.is(float16ToNumber(bits), value), bits.toString(16));
});

test('binary16: half-way rounds to even, and a hair beside it to the nearer', () => {
  for (let bits = 0; bits < 0x7bff; bits++) {
    const [below, above] = [float16ToNumber(bits), float16ToNumber(bits + 1)];
    const middle = (below + above) / 2; // exact in float64
    const hair = 2 ** -40;
    const even = bits % 2 === 0 ? bits : bits + 1;
    if (
      numberToFloat16(middle) !== even ||
      numberToFloat16(-middle) !== (even | 0x8000) ||
      numberToFloat16(middle * (1 - hair)) !== bits ||
      numberToFloat16(middle * (1 + hair)) !== bits + 1
    ) {
      assert.fail(`between ${below} and ${above}`);
    }
  }
});

test('binary16: the end of the range', () => {
  assert.equal(numberToFloat16(65519.99), 0x7bff);
  assert.equal(numberToFloat16(65520), 0x7c00);
  assert.equal(numberToFloat16(-1e300), 0xfc00);
  assert.equal(numberToFloat16(2 ** -25), 0);
  assert.equal(numberToFloat16(-Number.MIN_VALUE), 0x8000);
});

test('float16Tensor refuses finite values that would become infinite, and keeps the infinite', () => {
  const save = (...values: number[]) => float16Tensor('w', [values.length], Float32Array.from(values));
  assert.deepEqual([...asFloat64(save(65519, -65504, Infinity, 1 / 3))], [65504, -65504, Infinity, 0.333251953125]);
  refuses(() => save(1, 65520), 'model-file', '"w"', 'element 1 is 65520', '65504', '32 bits');
  refuses(() => save(-1e5), 'model-file', '-100000');
});

test('bfloat16 is the upper half of a float32', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = bfloat16ToNumber(bits);
    if (!Number.isNaN(value) && bits32(value) >>> 0 !== bits * 0x10000) assert.fail(bits.toString(16));
  }
  assert.ok(Number.isNaN(bfloat16ToNumber(0x7fc0)));
  assert.equal(bfloat16ToNumber(0x4049), 3.140625);
});

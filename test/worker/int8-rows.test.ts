/** A row in 8 bits: how near it is, and that going through it once more changes nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dequantiseRow, quantiseRow, rowScale } from '../../worker/int8-rows.js';

function quantised(row: Float32Array) {
  const scale = rowScale(row);
  const whole = new Int8Array(row.length);
  quantiseRow(row, scale, whole);
  const back = new Float32Array(row.length);
  dequantiseRow(whole, scale, back);
  return { scale, whole, back };
}

const weights = fc.oneof(
  fc.float32Array({ minLength: 1, maxLength: 40, noNaN: true, noDefaultInfinity: true }),
  fc.float32Array({ minLength: 1, maxLength: 40, noNaN: true, min: -1, max: 1 }),
  fc.float32Array({ minLength: 1, maxLength: 40, noNaN: true, min: Math.fround(-1e-36), max: Math.fround(1e-36) }),
);

test('every weight is within half a scale, and the largest is 127', () => {
  fc.assert(
    fc.property(weights, (row) => {
      const { scale, whole, back } = quantised(row);
      const largest = row.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
      assert.ok(Number.isFinite(scale) && scale === Math.fround(scale));
      const allowed = scale === 0 ? 2 ** -127 : scale * 0.5;
      row.forEach((weight, k) => assert.ok(Math.abs(weight - (back[k] ?? NaN)) <= allowed, `${weight}: ${back[k]}`));
      if (largest >= 2 ** -119) assert.equal(Math.max(...whole.map(Math.abs)), 127);
      assert.ok(!whole.includes(-128));
      assert.equal(scale === 0, !whole.some((value) => value !== 0));
    }),
    { seed: 1, numRuns: 3000 },
  );
});

test('what was read back has the same scale and the same whole numbers', () => {
  fc.assert(
    fc.property(weights, (row) => {
      const once = quantised(row);
      assert.deepEqual(quantised(once.back), once);
      once.whole.forEach((value, k) => assert.equal(once.back[k], value * once.scale || 0, 'the product is exact'));
    }),
    { seed: 2, numRuns: 3000 },
  );
});

test('the ends of the range', () => {
  const most = 3.4028234663852886e38;
  assert.ok(quantised(Float32Array.of(most, -most, 1)).back.every(Number.isFinite));
  assert.deepEqual(quantised(Float32Array.of(0, -0, 0)).scale, 0);
  assert.deepEqual([...quantised(Float32Array.of(1, -1, 0.5)).whole], [127, -127, 64]);
  assert.ok(Number.isNaN(rowScale(Float32Array.of(1, NaN, 2))), 'a weight that is no number shows');
});

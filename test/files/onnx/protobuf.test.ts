import assert from 'node:assert/strict';
import { test } from 'node:test';
import { integer, joined, nested } from '../../../worker/files/onnx/protobuf.js';

function hex(message: Parameters<typeof joined>[0]): string {
  return Buffer.from(joined(message)).toString('hex');
}

// The bytes are those of https://protobuf.dev/programming-guides/encoding/.
test('whole numbers take seven bits a byte', () => {
  assert.equal(hex(integer(1, 150)), '089601');
  assert.equal(hex(integer(1, 0)), '0800');
  assert.equal(hex(integer(20, 127)), 'a0017f');
  assert.equal(hex(integer(1, 2 ** 32)), '088080808010');
});

test('strings, bytes and messages carry their length', () => {
  assert.equal(hex(nested(2, 'testing')), '120774657374696e67');
  assert.equal(hex(nested(3, integer(1, 150))), '1a03089601');
  assert.equal(hex(nested(9, Uint8Array.of(1, 2, 3))), '4a03010203');
  assert.equal(hex(nested(1, '')), '0a00');
  assert.equal(hex(nested(1, nested(2, 'x'.repeat(200)))).slice(0, 12), '0acb0112c801');
});

test('what is not a whole number is refused', () => {
  for (const value of [-1, 0.5, NaN, 2 ** 60]) assert.throws(() => integer(1, value), /Expected a whole number/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Xxh32 } from '../../../worker/storage/xxh32.js';
import { pattern } from './folder-contract.js';

function hashOf(bytes: Uint8Array): number {
  const hash = new Xxh32();
  hash.update(bytes);
  return hash.digest();
}

/** Well-known values, of seed 0. */
const vectors: readonly (readonly [string, number])[] = [
  ['', 0x02cc5d05],
  ['a', 0x550d7456],
  ['abc', 0x32d153ff],
  ['Nobody inspects the spammish repetition', 0xe2293b2f],
];

test('the values are those of the reference implementation', () => {
  for (const [text, expected] of vectors) assert.equal(hashOf(new TextEncoder().encode(text)), expected, text);
});

test('it does not matter in what pieces the bytes come, or how they are aligned', () => {
  const bytes = pattern(1000);
  const cuts = fc.array(fc.nat(1000), { maxLength: 12 });
  fc.assert(
    fc.property(cuts, fc.nat(7), (places, offset) => {
      const room = new Uint8Array(bytes.length + offset);
      room.set(bytes, offset);
      const hash = new Xxh32();
      let from = 0;
      for (const to of [...places.sort((a, b) => a - b), bytes.length]) {
        hash.update(room.subarray(offset + from, offset + to));
        from = to;
      }
      assert.equal(hash.digest(), hashOf(bytes));
    }),
  );
});

test('every flipped bit is seen', () => {
  const bytes = pattern(77);
  const whole = hashOf(bytes);
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.notEqual(hashOf(flipped), whole);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ContentHash, hashDigits, hashOf } from '../../../worker/corpus/content-hash.js';
import { TextMemory } from '../../../worker/text/text-memory.js';
import { builds } from '../text/modules.js';

const mask = (1n << 64n) - 1n;
const prime1 = 0x9e3779b185ebca87n;
const prime2 = 0xc2b2ae3d27d4eb4fn;
const prime3 = 0x165667b19e3779f9n;
const prime4 = 0x85ebca77c2b2ae63n;
const prime5 = 0x27d4eb2f165667c5n;

/** XXH64 with seed 0, written from its specification in whole numbers of any size. */
function reference(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rotate = (x: bigint, by: bigint) => ((x << by) | (x >> (64n - by))) & mask;
  const round = (lane: bigint, input: bigint) => (rotate((lane + input * prime2) & mask, 31n) * prime1) & mask;
  let at = 0;
  let hash = prime5;
  if (bytes.length >= 32) {
    let lanes = [(prime1 + prime2) & mask, prime2, 0n, -prime1 & mask];
    for (; at + 32 <= bytes.length; at += 32) {
      lanes = lanes.map((lane, i) => round(lane, view.getBigUint64(at + 8 * i, true)));
    }
    const [a = 0n, b = 0n, c = 0n, d = 0n] = lanes;
    hash = (rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n)) & mask;
    for (const lane of lanes) hash = ((hash ^ round(0n, lane)) * prime1 + prime4) & mask;
  }
  hash = (hash + BigInt(bytes.length)) & mask;
  for (; at + 8 <= bytes.length; at += 8) {
    hash = (rotate(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * prime1 + prime4) & mask;
  }
  if (at + 4 <= bytes.length) {
    hash = (rotate(hash ^ ((BigInt(view.getUint32(at, true)) * prime1) & mask), 23n) * prime2 + prime3) & mask;
    at += 4;
  }
  for (; at < bytes.length; at++) {
    hash = (rotate(hash ^ ((BigInt(view.getUint8(at)) * prime5) & mask), 11n) * prime1) & mask;
  }
  hash = ((hash ^ (hash >> 33n)) * prime2) & mask;
  hash = ((hash ^ (hash >> 29n)) * prime3) & mask;
  return (hash ^ (hash >> 32n)).toString(16).padStart(16, '0');
}

for (const { name, module } of builds) {
  test(`${name}: XXH64 of what its author published`, () => {
    const memory = new TextMemory(module);
    assert.equal(hashOf(memory, ''), 'ef46db3751d8e999');
    assert.equal(hashOf(memory, 'a'), 'd24ec4f1a98c6e5b');
    assert.equal(hashOf(memory, 'abc'), '44bc2cf5ad770999');
  });

  test(`${name}: XXH64 of any bytes, in whatever pieces they come`, () => {
    const memory = new TextMemory(module);
    const hash = new ContentHash(memory);
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 90 }), { maxLength: 8 }), (pieces) => {
        hash.restart();
        for (const piece of pieces) {
          const block = memory.takeText(piece);
          hash.add(block);
          memory.giveBack(block);
        }
        assert.equal(hashDigits(hash.end()), reference(Uint8Array.from(pieces.flatMap((piece) => [...piece]))));
      }),
      { numRuns: 300 },
    );
  });
}

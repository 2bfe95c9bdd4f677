import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdaptiveError } from '../../core/errors.js';
import { Random } from '../../core/random.js';
import { Arena } from '../../worker/arena.js';

const page = 65_536;
const start = 6400;

function arena(pages: number, maximum: number): Arena {
  return new Arena(new WebAssembly.Memory({ initial: pages, maximum }), start, maximum * page);
}

test('what is taken is aligned, zero and apart', () => {
  const one = arena(1, 4);
  const { memory } = one;
  const a = one.take(10);
  const b = one.take(100);
  assert.equal(a % 64, 0);
  assert.ok(b >= a + 64);
  new Uint8Array(memory.buffer, b, 100).fill(7);
  one.giveBack(b, 100);
  const again = one.take(100);
  assert.equal(again, b, 'first fit finds the hole');
  assert.ok(new Uint8Array(memory.buffer, again, 100).every((byte) => byte === 0));
});

test('memory grows when it must, and says so when it may not', () => {
  const one = arena(1, 3);
  one.take(page);
  assert.equal(one.memory.buffer.byteLength, 2 * page);
  assert.throws(
    () => one.take(5 * page),
    (error: unknown) => error instanceof AdaptiveError && error.code === 'memory' && /MiB/.test(error.message),
  );
  const used = one.used;
  one.take(64);
  assert.equal(one.used, used + 64, 'a refused request takes nothing');
});

test('a thousand random takes and returns neither overlap nor leak', () => {
  const one = arena(1, 64);
  const random = new Random(1, 1);
  const held = new Map<number, number>();
  for (let i = 0; i < 1000; i++) {
    if (random.next() < 0.5 || held.size === 0) {
      const bytes = Math.ceil(random.next() * 5000);
      const address = one.take(bytes);
      for (const [other, size] of held) assert.ok(address + bytes <= other || other + size <= address);
      held.set(address, bytes);
    } else {
      const [address, bytes] = [...held][Math.floor(random.next() * held.size)] ?? [0, 0];
      one.giveBack(address, bytes);
      held.delete(address);
    }
  }
  for (const [address, bytes] of held) one.giveBack(address, bytes);
  assert.equal(one.used, 0);
  const size = one.memory.buffer.byteLength;
  one.take(size - start);
  assert.equal(one.memory.buffer.byteLength, size, 'all runs have been joined again');
});

/** Text as a stream, with an end that comes before its last piece. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textStream } from '../../api/text-stream.js';

/** What a writer hears of the stream, and how its work ends. */
function written() {
  let onText: ((piece: string) => void) | undefined;
  let end: { resolve(): void; reject(reason: unknown): void } | undefined;
  const stream = textStream((hooks) => {
    ({ onText } = hooks);
    return new Promise<void>((resolve, reject) => (end = { resolve, reject }));
  });
  return {
    stream,
    write: (piece: string) => onText?.(piece),
    end: () => end?.resolve(),
    fail: (why: unknown) => end?.reject(why),
  };
}

test('a piece that comes after the prompt was given up is dropped, not an error of its own', async () => {
  const { stream, write, fail } = written();
  const reader = stream.getReader();
  write('a');
  assert.deepEqual(await reader.read(), { done: false, value: 'a' });
  fail(new DOMException('enough', 'AbortError'));
  await assert.rejects(reader.read(), { name: 'AbortError' });
  assert.doesNotThrow(() => write('b'));
});

test('so is one after the end, and one after the reader has left', async () => {
  const ended = written();
  ended.end();
  assert.deepEqual(await ended.stream.getReader().read(), { done: true, value: undefined });
  assert.doesNotThrow(() => ended.write('b'));
  const left = written();
  await left.stream.cancel();
  assert.doesNotThrow(() => left.write('b'));
});

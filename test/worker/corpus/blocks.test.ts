import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { blockBytes, Blocks } from '../../../worker/corpus/blocks.js';
import { Repeats } from '../../../worker/corpus/repeats.js';
import { TextMemory } from '../../../worker/text/text-memory.js';
import { builds, textModule } from '../text/modules.js';

const utf8 = new TextEncoder();

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

interface Passed {
  readonly text: string;
  readonly lengths: readonly number[];
  readonly held: number;
}

async function pass(
  module: WebAssembly.Module,
  text: string | Uint8Array,
  sizes: readonly number[],
  { drop = false, endLines = false } = {},
): Promise<Passed> {
  const memory = new TextMemory(module);
  const blocks = new Blocks(memory, { repeats: drop ? new Repeats(memory) : null, endLines });
  const bytes = typeof text === 'string' ? utf8.encode(text) : text;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = {
    cut: ({ address, bytes: length }: { address: number; bytes: number }) =>
      memory.call.wholeCharacters(address, length),
    onInlet: () => {},
  };
  for await (const block of blocks.of(chunksOf(bytes, sizes), reader)) {
    parts.push(new Uint8Array(memory.bytes(block)));
  }
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return {
    text: parts.map((part) => decoder.decode(part)).join(''), // fails when a character was cut
    lengths: parts.map(({ length }) => length),
    held: memory.held,
  };
}

/** What is dropped, in as few words as possible. Paragraphs stand between blank lines. */
function withoutRepeats(text: string): string {
  const seen = new Set<string>();
  return (text.match(/\n+|(?:[^\n]|\n(?!\n|$))+\n*/g) ?? [])
    .filter((piece) => {
      const paragraph = piece.replace(/\n+$/, '');
      return paragraph === '' || (!seen.has(paragraph) && seen.add(paragraph));
    })
    .join('');
}

for (const { name, module } of builds) {
  describe(name, () => {
    test('line ends are cleaned the same way in any chunks', async () => {
      const piece = fc.constantFrom('a', '\r', '\n', '\r\n', 'é', '🌊', '\r\r\n');
      await fc.assert(
        fc.asyncProperty(
          fc.array(piece, { maxLength: 40 }),
          fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }),
          async (pieces, sizes) => {
            const text = pieces.join('');
            assert.equal((await pass(module, text, sizes)).text, text.replaceAll('\r\n', '\n'));
          },
        ),
        { numRuns: 200 },
      );
    });

    test('repeated paragraphs are dropped, whatever the chunks', async () => {
      const piece = fc.constantFrom('sea', 'lamp', '\n', '\n\n', '\n\n\n', 'sea\nlamp', ' ');
      await fc.assert(
        fc.asyncProperty(
          fc.array(piece, { maxLength: 40 }),
          fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
          async (pieces, sizes) => {
            const text = pieces.join('');
            assert.equal((await pass(module, text, sizes, { drop: true })).text, withoutRepeats(text));
          },
        ),
        { numRuns: 300 },
      );
    });
  });
}

test('a document that does not end its last line is given an end where there are several', async () => {
  assert.equal((await pass(textModule, 'one', [9], { endLines: true })).text, 'one\n');
  assert.equal((await pass(textModule, 'one\n', [9], { endLines: true })).text, 'one\n');
  assert.equal((await pass(textModule, '', [9], { endLines: true })).text, '');
});

test('a long text comes in blocks of about 1 MiB, each of whole characters, in memory that does not grow', async () => {
  const long = 'Die Lampe muß brennen, 🌊 und die Uhr muß gehen.\r\n'.repeat(100_000);
  const { text, lengths, held } = await pass(textModule, long, [65_536, 1, 300_001]);
  assert.equal(text, long.replaceAll('\r\n', '\n'));
  assert.ok(lengths.length >= 4);
  for (const length of lengths) assert.ok(length <= 2 * blockBytes);
  assert.ok(held < 5 * blockBytes, `${held} bytes`);
});

test('a paragraph longer than a block counts as several, of which equal ones are repeats', async () => {
  const long = 'x'.repeat(2.5 * blockBytes);
  const { text } = await pass(textModule, `sea\n\n${long}\n\nsea\n\nlamp\n`, [100_000], { drop: true });
  assert.equal(text, `sea\n\n${'x'.repeat(1.5 * blockBytes)}\n\nlamp\n`);
});

test('hundreds of thousands of paragraphs are remembered', async () => {
  const lines = Array.from({ length: 200_000 }, (_, i) => `Paragraph number ${i}.\n\n`);
  const twice = [...lines, ...lines].join('');
  const { text } = await pass(textModule, twice, [65_536], { drop: true });
  assert.equal(text, lines.join(''));
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { learnTokenizer } from '../../../worker/text/learning.js';
import { TextMemory } from '../../../worker/text/text-memory.js';
import { createTokenizer } from '../../../worker/text/tokenizers.js';
import { readData } from '../../data.js';
import { builds, textModule } from './modules.js';

const platform = new TextDecoder('utf-8', { ignoreBOM: true });

function learn(module: WebAssembly.Module, text: string | Uint8Array) {
  const memory = new TextMemory(module);
  return createTokenizer(module, learnTokenizer(memory, 'characters', memory.takeText(text)));
}

/** Bytes that are UTF-8 in places: whole characters, their parts, and noise. */
const troubledBytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.string({ unit: 'binary', maxLength: 3 }).map((text) => new TextEncoder().encode(text)),
      fc
        .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), fc.nat(3))
        .map(([text, cut]) => new TextEncoder().encode(text).subarray(0, cut)),
    ),
    { maxLength: 30 },
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

for (const { name, module } of builds) {
  describe(`${name}: characters`, () => {
    test('any bytes decode as they do in every browser', () => {
      fc.assert(
        fc.property(troubledBytes, (bytes) => {
          const tokenizer = learn(module, bytes);
          assert.equal(tokenizer.decode(tokenizer.encode(bytes)), platform.decode(bytes));
        }),
        { numRuns: 150 },
      );
    });

    test('every sequence of a lead byte and two others, whole or cut off', () => {
      // Of the second and third byte only what borders on a range of the standard can make a difference.
      const borders = [0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xe1, 0xf0, 0xff];
      const bytes: number[] = [];
      for (let lead = 0x80; lead <= 0xff; lead++) {
        for (const second of borders) for (const third of borders) bytes.push(lead, second, third, 0x0a);
      }
      const all = Uint8Array.from(bytes);
      const tokenizer = learn(module, all);
      assert.equal(tokenizer.decode(tokenizer.encode(all)), platform.decode(all));
      for (let end = 1; end <= 4; end++) {
        const cut = Uint8Array.of(0x61, ...new TextEncoder().encode('𝄞')).subarray(0, end);
        const learned = learn(module, cut);
        assert.equal(learned.decode(learned.encode(cut)), platform.decode(cut));
      }
    });

    test('the alphabet is in the order of code points, ids count from 1', () => {
      const tokenizer = learn(module, 'zebra 🦓 äb\n');
      assert.deepEqual(tokenizer.spec, { kind: 'characters', alphabet: '\n aberzä🦓' });
      assert.equal(tokenizer.size, 10);
      assert.deepEqual([...tokenizer.encode('\n🦓')], [1, 9]);
    });

    test('what was never seen is id 0, is shown as U+FFFD, and is counted', () => {
      const tokenizer = learn(module, 'abc');
      assert.deepEqual([...tokenizer.encode('a?b€c')], [1, 0, 2, 0, 3]);
      assert.equal(tokenizer.decode(tokenizer.encode('a?b€c')), 'a\ufffdb\ufffdc');
      assert.equal(tokenizer.countUnknown('a?b€c'), 2);
      assert.equal(tokenizer.countUnknown(''), 0);
      assert.equal(tokenizer.decode(Int32Array.of(-1, 4, 1_000_000)), '\ufffd\ufffd\ufffd');
    });

    test('lone surrogates and a U+FFFD of the text itself are unknown', () => {
      const tokenizer = learn(module, 'ab\ufffd');
      assert.deepEqual([...tokenizer.encode('\ud800a\ufffd\udc00')], [0, 1, 0, 0]);
    });

    test('of more than 8192 characters the most frequent are known', () => {
      const common = Array.from({ length: 8000 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('');
      const rare = Array.from({ length: 500 }, (_, i) => String.fromCodePoint(0x1f300 + i)).join('');
      const tokenizer = learn(module, rare + common + common);
      assert.equal(tokenizer.size, 8193);
      assert.equal(tokenizer.countUnknown(common), 0);
      assert.equal(tokenizer.countUnknown(rare), 308);
      // Of the equally rare ones the lower code points stay.
      assert.equal(tokenizer.countUnknown([...rare].slice(0, 192).join('')), 0);
    });
  });
}

describe('bytes', () => {
  const tokenizer = createTokenizer(textModule, { kind: 'bytes' });

  test('every text and every byte has ids', () => {
    fc.assert(
      fc.property(troubledBytes, (bytes) => {
        assert.deepEqual([...tokenizer.encode(bytes)], [...bytes]);
        assert.equal(tokenizer.decode(tokenizer.encode(bytes)), platform.decode(bytes));
      }),
    );
    assert.equal(tokenizer.countUnknown('🦓\ud800'), 0);
    assert.equal(tokenizer.size, 256);
  });

  test('as tokens come, no half of a character is shown', () => {
    const decoder = tokenizer.decoder();
    const pieces = [...tokenizer.encode('a€🦓')].map((id) => decoder.push(id));
    assert.deepEqual(pieces, ['a', '', '', '€', '', '', '', '🦓']);
    assert.equal(decoder.end(), '');
    decoder.push(0xe2);
    assert.equal(decoder.end(), '\ufffd');
    assert.equal(decoder.push(0x61), 'a', 'it begins anew');
  });
});

test('encoding keeps no memory, however often', () => {
  const memory = new TextMemory(textModule);
  const text = 'the light turned slowly over the water '.repeat(100);
  const used = new Set<number>();
  for (let round = 0; round < 100; round++) {
    const block = memory.takeText(text);
    learnTokenizer(memory, 'characters', block);
    memory.giveBack(block);
    used.add(memory.used);
  }
  assert.deepEqual([...used], [0]);
});

test('tinyshakespeare: 65 characters, and it comes back as it was', async () => {
  const bytes = await readData('tinyshakespeare/input.txt');
  const tokenizer = learn(textModule, bytes);
  const ids = tokenizer.encode(bytes);
  assert.equal(ids.length, 1_115_394);
  assert.equal(tokenizer.size, 65 + 1);
  assert.equal(tokenizer.decode(ids), bytes.toString());
});

test('the break tests of the Unicode standard come back as they were', async () => {
  for (const name of ['unicode/GraphemeBreakTest.txt', 'unicode/WordBreakTest.txt'] as const) {
    const text = (await readData(name)).toString();
    const lines = text.split('\n').map((line) => line.replace(/#.*/, ''));
    const strings = lines.map((line) =>
      String.fromCodePoint(...(line.match(/[0-9A-F]{4,6}/g) ?? []).map((hex) => parseInt(hex, 16))),
    );
    assert.ok(strings.length > 500, name);
    const all = strings.join('\n').replace(/\p{Surrogate}/gu, '');
    for (const tokenizer of [learn(textModule, all), createTokenizer(textModule, { kind: 'bytes' })]) {
      assert.equal(tokenizer.decode(tokenizer.encode(all)), all);
    }
  }
});
